import type { Span } from '../../detectors/detector.ts';
import type { PatternPart, PatternSpec } from '../pattern.ts';

/** What a pattern means, tried out naively: every start, every end, every way to divide the text between the parts. */
export function referenceMatches(spec: PatternSpec, text: string): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < text.length; start++) {
    const end = longestFrom(spec, text, start);
    if (end === undefined) continue;
    spans.push({ start, end });
    start = end - 1;
  }
  return spans;
}

function longestFrom(spec: PatternSpec, text: string, start: number): number | undefined {
  for (let end = Math.min(text.length, start + 300); end > start; end--) {
    if (spec.boundary === 'word' && (isInWord(text, start) || isInWord(text, end))) continue;
    if (!divides(spec.shape, text.slice(start, end), spec.ignoreCase)) continue;
    if (spec.checksum === 'luhn' && !isLuhn(text.slice(start, end))) continue;
    return hasContext(spec, text, start, end) ? end : undefined;
  }
  return undefined;
}

function divides(shape: readonly PatternPart[], text: string, ignoreCase: boolean): boolean {
  const [part, ...rest] = shape;
  if (part === undefined) return text === '';
  if (part.optional === true && divides(rest, text, ignoreCase)) return true;
  for (let length = 0; length <= text.length; length++) {
    if (isPart(part, text.slice(0, length), ignoreCase) && divides(rest, text.slice(length), ignoreCase))
      return true;
  }
  return false;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  digit: /^[0-9]*$/,
  hex: /^[0-9a-fA-F]*$/,
  upper: /^[A-Z]*$/,
  lower: /^[a-z]*$/,
  letter: /^[A-Za-z]*$/,
  alnum: /^[0-9A-Za-z]*$/,
  base64: /^[0-9A-Za-z+/=]*$/,
  base64url: /^[0-9A-Za-z_=-]*$/,
  word: /^[0-9A-Za-z_]*$/,
  space: /^[ \t\r\n]*$/,
};

function isPart(part: PatternPart, text: string, ignoreCase: boolean): boolean {
  const same = (a: string, b: string) => a === b || (ignoreCase && a.toLowerCase() === b.toLowerCase());
  if (part.text !== undefined) return same(part.text, text);
  if (part.anyOf !== undefined) return part.anyOf.some((literal) => same(literal, text));
  const { length = 1, chars } = part;
  const [min, max] = typeof length === 'number' ? [length, length] : [length.min, length.max];
  if (text.length < min || text.length > max) return false;
  const forms = ignoreCase ? [text, text.toUpperCase(), text.toLowerCase()] : [text];
  if (typeof chars === 'string') return forms.some((form) => CLASSES[chars]?.test(form));
  return [...text].every((character) => [...(chars?.oneOf ?? '')].some((one) => same(one, character)));
}

function isInWord(text: string, at: number): boolean {
  return /^[0-9A-Za-z]{2}$/.test(text.slice(Math.max(0, at - 1), at + 1)) && at > 0;
}

function isLuhn(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, '');
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits.length > 0 && !/^0*$/.test(digits) && sum % 10 === 0;
}

function hasContext({ context }: PatternSpec, text: string, start: number, end: number): boolean {
  if (context === undefined) return true;
  const before = text.slice(Math.max(0, start - context.within), start).toLowerCase();
  const after = text.slice(end, end + context.within).toLowerCase();
  return context.words.some(
    (word) => before.includes(word.toLowerCase()) || after.includes(word.toLowerCase()),
  );
}
