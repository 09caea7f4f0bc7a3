import { z } from 'zod';
import { canonicalize } from './canonical-json.ts';
import { hexOf } from './digest.ts';
import { type Manifest, manifestMembers } from './manifest.ts';

/** An in-toto Statement v1 about one manifest.json, with what a reader wants to know without opening it. */

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://exhibit.dev/evidence-manifest/v1';

/** The one subject's name, and the file name that `extractBundle` gives it. */
export const SUBJECT_NAME = 'manifest.json';

/** All that the manifest says but the digests of a bundle's parts, and what keeps those from being guessed. */
export const predicate = manifestMembers.omit({ schema: true, parts: true, nonce: true });
export type Predicate = z.infer<typeof predicate>;

/** The one shape of our statements: one subject of a known name, one type of predicate. */
export function statementAbout<
  const Name extends string,
  const Type extends string,
  Predicate extends z.ZodType,
>(name: Name, type: Type, said: Predicate) {
  return z.strictObject({
    _type: z.literal(STATEMENT_TYPE),
    subject: z.tuple([
      z.strictObject({
        name: z.literal(name),
        digest: z.strictObject({
          sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
        }),
      }),
    ]),
    predicateType: z.literal(type),
    predicate: said,
  });
}

export const statement = statementAbout(SUBJECT_NAME, PREDICATE_TYPE, predicate);
export type Statement = z.infer<typeof statement>;

export function predicateOf({ schema: _schema, parts: _parts, nonce: _nonce, ...said }: Manifest): Predicate {
  return said;
}

/** The RFC 8785 bytes of the statement about a manifest with that digest. */
export function statementOf(manifest: Manifest, manifestDigest: string): string {
  const value: Statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: SUBJECT_NAME, digest: { sha256: hexOf(manifestDigest) } }],
    predicateType: PREDICATE_TYPE,
    predicate: predicateOf(manifest),
  };
  return canonicalize(value);
}
