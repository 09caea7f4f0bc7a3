import { z } from 'zod';
import { policyTestFile } from './case-file.ts';
import { policyFile } from './policy.ts';

/** Where the schemas can be had, and what editors know them by. */
const HOME = 'https://exhibit.dev/schemas/v1';

/** The schema of a policy file (JSON Schema draft-07, which editors know best), as text with a line end. */
export function policySchema(): string {
  return schemaOf(policyFile, 'policy', 'Exhibit policy', 'What may leave. What no rule names does not.');
}

/** The schema of a file of tests of policies. */
export function policyTestSchema(): string {
  return schemaOf(
    policyTestFile,
    'policy-test',
    'Exhibit policy test',
    'What policies must make of records.',
  );
}

function schemaOf(schema: z.ZodType, id: string, title: string, description: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const whole = { $schema, $id: `${HOME}/${id}.schema.json`, title, description, ...rest };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
