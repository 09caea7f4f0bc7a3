import { isSmall } from './ascii.ts';
import { isDigitAt } from './detectors/letters.ts';
import { type Finding, merge, render } from './redact-findings.ts';

/** What one scan of neighbouring values found. */
export interface FieldsResult {
  /** For each value, in order: its text without its findings, and these with offsets in the value. */
  readonly fields: readonly { readonly text: string; readonly findings: readonly Finding[] }[];
  /** What shows only when a value is read together with the next one; part of the findings of both. */
  readonly crossing: readonly { readonly detector: string; readonly field: number }[];
}

/** The end of one value and the start of the next, and where the one ends. */
export interface Joined {
  readonly text: string;
  readonly at: number;
}

/** Of each value this much is read together with its neighbour: longer than what issuers put in front of a token. */
const REACH = 96;

type Result = FieldsResult['fields'][number];

/**
 * Scans each value by itself, and where a value ends and the next one begins within a word, both ends together. Values
 * that are unscannable are not joined with anything.
 */
export function scanFields(
  values: readonly string[],
  scan: (text: string) => Result,
  across: (joined: Joined) => readonly Finding[],
): FieldsResult {
  const found = new Map<number, Finding[]>();
  const add = (field: number, finding: Finding) => {
    const known = found.get(field);
    if (known === undefined) found.set(field, [finding]);
    else known.push(finding);
  };
  const crossing: { detector: string; field: number }[] = [];
  const fields = values.map(scan);
  for (let field = 0; field + 1 < values.length; field++) {
    const left = values[field] as string;
    const right = values[field + 1] as string;
    if (!mayGoOn(left, right)) continue;
    if (isUnscannable(fields[field] as Result) || isUnscannable(fields[field + 1] as Result)) continue;
    const tail = left.slice(-REACH);
    for (const { detector, start, end } of across({ text: tail + right.slice(0, REACH), at: tail.length })) {
      if (isKnown(fields[field]?.findings ?? [], left.length - tail.length + start, right)) continue;
      crossing.push({ detector, field });
      add(field, { detector, start: left.length - tail.length + start, end: left.length });
      add(field + 1, { detector, start: 0, end: end - tail.length });
    }
  }
  if (found.size === 0) return { fields, crossing };
  return {
    fields: fields.map((result, field) => together(values[field] ?? '', result, found.get(field) ?? [])),
    crossing,
  };
}

function isUnscannable({ findings }: Result): boolean {
  return findings.some(({ detector }) => detector === 'unscannable');
}

/** Whether a secret may be cut in two there: within a word or a URL, or between the groups of a number. */
function mayGoOn(left: string, right: string): boolean {
  const last = left.charCodeAt(left.length - 1);
  const first = right.charCodeAt(0);
  if (last === SPACE) return isDigitAt(left, left.length - 2) && isDigitAt(right, 0);
  if (first === SPACE) return isDigitAt(left, left.length - 1) && isDigitAt(right, 1);
  if (OPEN[last] !== 1 || OPEN[first] !== 1 || startsWithTime(right)) return false;
  return !(endsWithWord(left) && startsWithWord(right));
}

const SPACE = 0x20;
const DASH = 0x2d;
const COLON = 0x3a;
const OPEN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/_=.:@%~-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** `2026-11` or `10:15:`: what lines of a log begin with. */
function startsWithTime(text: string): boolean {
  if (!isDigitAt(text, 0) || !isDigitAt(text, 1)) return false;
  const isClock = text.charCodeAt(2) === COLON && text.charCodeAt(5) === COLON;
  const isYear = isDigitAt(text, 2) && isDigitAt(text, 3) && text.charCodeAt(4) === DASH;
  const next = isClock ? 3 : 5;
  return (isClock || isYear) && isDigitAt(text, next) && isDigitAt(text, next + 1);
}

const LONGEST_WORD = 24;

/** Two words of prose: small letters behind a space, and up to one, with a capital in front. */
function endsWithWord(text: string): boolean {
  let at = text.length - 1;
  while (at > text.length - LONGEST_WORD && isSmall(text.charCodeAt(at))) at--;
  return at < 0 || text.charCodeAt(at) === SPACE;
}

function startsWithWord(text: string): boolean {
  let at = 1;
  while (at < LONGEST_WORD && isSmall(text.charCodeAt(at))) at++;
  return (text.charCodeAt(0) | 32) >= 0x61 && (at === text.length || text.charCodeAt(at) === SPACE);
}

/** Whether the first value alone tells it, and the second goes on with a word of its own. */
function isKnown(findings: readonly Finding[], start: number, next: string): boolean {
  return findings.some((finding) => finding.start === start) && OWN_WORD.test(next);
}

const OWN_WORD = /^[A-Z]?[a-z_-]{1,48}(?![A-Za-z0-9_]|[.@:][A-Za-z0-9])/;

function together(text: string, result: Result, more: readonly Finding[]): Result {
  if (more.length === 0) return result;
  const findings = merge([...result.findings, ...more]);
  return { text: render(text, findings).text, findings };
}
