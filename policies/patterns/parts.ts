import { type PatternPart, type PatternSpec } from './pattern.ts';

/** One part, ready to be matched. Codes are UTF-16 code units, folded where case does not count. */
export type Part = Run | Literals;

interface Run {
  readonly kind: 'run';
  readonly has: (code: number) => boolean;
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
}

interface Literals {
  readonly kind: 'literals';
  readonly literals: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const ALNUM = DIGITS + LOWER + UPPER;

const CLASSES: Readonly<Record<Extract<PatternPart['chars'], string>, string>> = {
  digit: DIGITS,
  hex: `${DIGITS}abcdefABCDEF`,
  upper: UPPER,
  lower: LOWER,
  letter: LOWER + UPPER,
  alnum: ALNUM,
  base64: `${ALNUM}+/=`,
  base64url: `${ALNUM}-_=`,
  word: `${ALNUM}_`,
  space: ' \t\r\n',
};

export function partsOf({ shape, ignoreCase }: Pick<PatternSpec, 'shape' | 'ignoreCase'>): Part[] {
  return shape.map((part) => partOf(part, ignoreCase));
}

function partOf(part: PatternPart, ignoreCase: boolean): Part {
  const members = membersOf(part);
  if (members !== undefined) {
    const { min, max } = boundsOf(part.length ?? 1);
    const has = memberTest(ignoreCase ? members + fold(members) : members);
    return { kind: 'run', has, min: Math.max(1, min), max, optional: part.optional === true || min === 0 };
  }
  const literals = literalsOf(part).map((literal) => (ignoreCase ? fold(literal) : literal));
  const lengths = literals.map((literal) => literal.length);
  return {
    kind: 'literals',
    literals,
    min: Math.min(...lengths),
    max: Math.max(...lengths),
    optional: part.optional === true,
  };
}

/** Every character a run may consist of; undefined for fixed text. */
export function membersOf({ chars }: PatternPart): string | undefined {
  return typeof chars === 'string' ? CLASSES[chars] : chars?.oneOf;
}

export function literalsOf({ text, anyOf }: PatternPart): readonly string[] {
  return text === undefined ? (anyOf ?? []) : [text];
}

function boundsOf(length: NonNullable<PatternPart['length']>): { min: number; max: number } {
  return typeof length === 'number' ? { min: length, max: length } : length;
}

function memberTest(members: string): (code: number) => boolean {
  const table = new Uint8Array(128);
  const others = new Set<number>();
  for (let i = 0; i < members.length; i++) {
    const code = members.charCodeAt(i);
    if (code < 128) table[code] = 1;
    else others.add(code);
  }
  return (code) => (code < 128 ? table[code] === 1 : others.has(code));
}

/** Lower case, code unit by code unit, so that places in the text stay what they are. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : [...units(text)].join('');
}

function* units(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) {
    const lower = text.charAt(i).toLowerCase();
    yield lower.length === 1 ? lower : text.charAt(i);
  }
}
