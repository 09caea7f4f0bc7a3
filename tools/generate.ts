import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { policySchema, policyTestSchema } from '../policies/json-schema.ts';
import { dataDictionary } from './generate/data-dictionary.ts';
import { evidenceSchemas } from './generate/evidence-schemas.ts';
import { settingOverrides } from './generate/setting-overrides.ts';

/**
 * Writes what is made from the manifests, the schemas and the list of settings. With `--check` it writes nothing and fails when one is stale.
 */
const GENERATED: Readonly<Record<string, () => Promise<string>>> = {
  'connectors/postgresql/queries/setting_overrides.sql': settingOverrides,
  'docs/data-dictionary.md': dataDictionary,
  ...evidenceSchemas,
  'policies/policy.schema.json': async () => policySchema(),
  'policies/policy-test.schema.json': async () => policyTestSchema(),
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [name, make] of Object.entries(GENERATED)) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const wanted = await make();
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found === wanted) continue;
  stale += 1;
  if (check) console.error(`${name} is stale: run npm run generate`);
  else {
    await writeFile(file, wanted);
    console.log(`wrote ${name}`);
  }
}
process.exitCode = check && stale > 0 ? 1 : 0;
