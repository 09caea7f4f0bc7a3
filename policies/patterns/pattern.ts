import { z } from 'zod';

/**
 * A detector as an operator writes it: parts in order, every length bounded, no regular expressions. Time is linear in
 * the length of the text whatever the pattern and the text are.
 */

export const CHARACTER_CLASSES = [
  'digit',
  'hex',
  'upper',
  'lower',
  'letter',
  'alnum',
  'base64',
  'base64url',
  'word',
  'space',
] as const;

export const CHECKSUMS = [
  'luhn',
  'mod97',
  'iban',
  'mod11',
  'gs1',
  'verhoeff',
  'iso7064-mod11-10',
  'iso7064-mod11-2',
  'iso7064-mod37-36',
] as const;
export type ChecksumName = (typeof CHECKSUMS)[number];

/** Characters that one match may have, over all parts. */
export const MAX_LENGTH = 256;
/** The same where a checksum is computed for every candidate; the longest published number with one has 34. */
export const MAX_CHECKED_LENGTH = 64;
const MAX_LITERAL = 64;
const MAX_PARTS = 24;
const MAX_ALTERNATIVES = 64;
const MAX_EXAMPLE = 4_096;

const literal = z.string().min(1).max(MAX_LITERAL);
const count = z.int().max(MAX_LENGTH);

const length = z.union(
  [count.min(1), z.strictObject({ min: count.min(0), max: count.min(1) })],
  `must be a whole number from 1 to ${MAX_LENGTH}, or { min, max } of such`,
);

const chars = z.union(
  [z.enum(CHARACTER_CLASSES), z.strictObject({ oneOf: z.string().min(1).max(MAX_LITERAL) })],
  `must be one of ${CHARACTER_CLASSES.join(', ')}, or { oneOf: "…" }`,
);

const patternPart = z
  .strictObject({
    text: literal.optional().meta({ description: 'Exactly these characters.' }),
    chars: chars.optional().meta({ description: 'Characters of one kind (ASCII), or of a list.' }),
    length: length.optional().meta({ description: 'How many of them: 8, or { min: 6, max: 10 }.' }),
    anyOf: z
      .array(literal)
      .min(1)
      .max(MAX_ALTERNATIVES)
      .optional()
      .meta({ description: 'Exactly one of these.' }),
    optional: z.boolean().optional().meta({ description: 'May be absent as a whole.' }),
  })
  .superRefine((part, context) => {
    const kinds = [part.text, part.chars, part.anyOf].filter((kind) => kind !== undefined).length;
    const fail = (message: string, path: readonly string[] = []) =>
      context.addIssue({ code: 'custom', message, path: [...path] });
    if (kinds !== 1) fail('must have exactly one of text, chars and anyOf');
    if (part.chars !== undefined && part.length === undefined)
      fail('chars need a length: 8, or { min: 6, max: 10 }');
    if (part.chars === undefined && part.length !== undefined) fail('only chars have a length', ['length']);
    if (typeof part.length === 'object' && part.length.min > part.length.max)
      fail('min is larger than max', ['length', 'min']);
  });
export type PatternPart = z.infer<typeof patternPart>;

export const patternSpec = z.strictObject({
  id: z
    .string()
    .max(63)
    .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case: letters, digits and -')
    .meta({ description: 'The id of the detector: what redactions are counted by.' }),
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(1_000).optional().meta({ description: 'Why it must not leave.' }),
  shape: z
    .array(patternPart)
    .min(1)
    .max(MAX_PARTS)
    .meta({ description: `What it looks like, part by part; at most ${MAX_LENGTH} characters.` }),
  ignoreCase: z.boolean().default(false),
  boundary: z
    .enum(['word', 'none'])
    .default('word')
    .meta({ description: 'word: not in the middle of a word (ASCII letters and digits); none: anywhere.' }),
  checksum: z
    .enum(CHECKSUMS)
    .optional()
    .meta({ description: 'Must hold for the digits (and letters, where the scheme has them) of a match.' }),
  context: z
    .strictObject({
      words: z.array(z.string().min(2).max(32)).min(1).max(16),
      within: z.int().min(1).max(256),
    })
    .optional()
    .meta({
      description: 'One of these words must stand within so many characters before or after, in any case.',
    }),
  keywords: z
    .array(z.string().regex(/^[ !"$-~]{2,32}$/, 'must be 2 to 32 ASCII characters other than #'))
    .min(1)
    .max(32)
    .optional()
    .meta({
      description: 'Looked for only in texts that hold one of these; derived where there is fixed text.',
    }),
  net: z
    .enum(['text', 'all'])
    .default('text')
    .meta({ description: 'text: in free text that was opened; all: in everything that leaves.' }),
  examples: z
    .strictObject({
      match: z.array(z.string().min(1).max(MAX_EXAMPLE)).min(1).max(32),
      noMatch: z.array(z.string().min(1).max(MAX_EXAMPLE)).min(1).max(32),
    })
    .meta({ description: 'Tried whenever the policy is checked.' }),
});
export type PatternSpec = z.infer<typeof patternSpec>;
