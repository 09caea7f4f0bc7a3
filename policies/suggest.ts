import { z } from 'zod';
import { nearest, type Problem } from './yaml.ts';

const UNKNOWN_KEY = 'is not a known key';

/**
 * Adds what was probably meant to problems about unknown keys. The candidates are the keys that the schema has at
 * that very place, so a key that is right elsewhere is not suggested.
 *
 * @param prefix steps of the problem's path that lead to where the schema starts: `connections`, `0`, `config`.
 */
export function withSuggestions(problems: readonly Problem[], schema: z.ZodType, prefix = 0): Problem[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return problems.map((problem) => {
    if (problem.message !== UNKNOWN_KEY) return problem;
    if (problem.path.endsWith('.<<'))
      return { ...problem, message: 'YAML merge keys are not allowed: write the value out' };
    const steps = problem.path.split(/\.|(?=\[)/).slice(prefix);
    const known = steps
      .slice(0, -1)
      .reduce<readonly JsonSchema[]>((at, step) => at.flatMap((s) => descend(s, step)), variants(json));
    const keys = known.flatMap((at) => [
      ...Object.keys(at.properties ?? {}),
      ...(at.propertyNames?.enum ?? []),
    ]);
    return { ...problem, hint: hintFor(steps.at(-1) ?? '', keys) };
  });
}

export function hintFor(typed: string, known: readonly string[]): string {
  const candidate = nearest(typed, known);
  if (candidate !== undefined) return `did you mean "${candidate}"?`;
  return known.length === 0 ? 'nothing is known here' : `known: ${[...new Set(known)].join(', ')}`;
}

/** The part of JSON Schema that zod writes and we walk. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

function descend(schema: JsonSchema, step: string): readonly JsonSchema[] {
  if (step.startsWith('[')) return schema.items === undefined ? [] : variants(schema.items);
  const property = schema.properties?.[step];
  if (property !== undefined) return variants(property);
  return typeof schema.additionalProperties === 'object' ? variants(schema.additionalProperties) : [];
}

function variants(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(variants)];
}
