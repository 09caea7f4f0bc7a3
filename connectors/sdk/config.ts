import { z } from 'zod';
import { Secret } from './secret.ts';

/** A config field that holds a credential: `{ env: NAME }` or `{ file: path }` in YAML, a Secret once loaded. */
export function secretField(description: string): z.ZodType<Secret> {
  return z
    .custom<Secret>(
      (value) => value instanceof Secret,
      'must be a secret reference: { env: NAME } or { file: path }',
    )
    .meta({ description, secret: true });
}
