import { z } from 'zod';
import { bundleMaterial } from '../../evidence/bundle/material.ts';
import { disclosure } from '../../evidence/disclose/disclosure.ts';
import { manifest } from '../../evidence/manifest.ts';
import { receipt } from '../../evidence/receipt.ts';
import { predicate } from '../../evidence/statement.ts';
import { keyHistory } from '../../evidence/trust/key-history.ts';

/**
 * JSON Schemas of what is signed, for readers that others write. What a schema can not say, such as that the numbers of a
 * ledger add up, stands in evidence-manifest-v1.md.
 */
const SCHEMAS = {
  'evidence-manifest-v1': ['The predicate https://exhibit.dev/evidence-manifest/v1', predicate],
  'manifest-v1': ['manifest.json, the subject of that statement', manifest],
  'erasure-v1': ['receipt.json, and the predicate https://exhibit.dev/erasure/v1', receipt],
  'key-history-v1': [
    'One version of a key history, and the predicate https://exhibit.dev/key-history/v1',
    keyHistory,
  ],
  'disclosure-v1': ['Single items of a manifest with the proof that they are in it', disclosure],
  'bundle-material-v1': [
    'The part "material" of a bundle: what helps to check it, and nobody has to believe',
    bundleMaterial,
  ],
} as const satisfies Readonly<Record<string, readonly [string, z.ZodType]>>;

/** By the path of the file. */
export const evidenceSchemas: Readonly<Record<string, () => Promise<string>>> = Object.fromEntries(
  Object.entries(SCHEMAS).map(([name, [title, schema]]) => [
    `docs/predicate/${name}.schema.json`,
    async () => schemaText(name, title, schema),
  ]),
);

function schemaText(name: string, title: string, schema: z.ZodType): string {
  const { $schema, ...said } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  const id = `https://exhibit.dev/schemas/${name}.schema.json`;
  return `${JSON.stringify({ $schema, $id: id, title, ...said }, null, 2)}\n`;
}
