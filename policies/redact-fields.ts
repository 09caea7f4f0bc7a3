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
/** What a secret may be cut in the middle of: a word, or a URL. */
const OPEN = /[A-Za-z0-9+/_=.:@%~-]/;

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
  const found: Finding[][] = values.map(() => []);
  const crossing: { detector: string; field: number }[] = [];
  const fields = values.map(scan);
  for (let field = 0; field + 1 < values.length; field++) {
    const [left = '', right = ''] = [values[field], values[field + 1]];
    if (!OPEN.test(left.at(-1) ?? ' ') || !OPEN.test(right.at(0) ?? ' ')) continue;
    if ([fields[field], fields[field + 1]].some((result) => result && isUnscannable(result))) continue;
    const tail = left.slice(-REACH);
    for (const { detector, start, end } of across({ text: tail + right.slice(0, REACH), at: tail.length })) {
      if (isKnown(fields[field]?.findings ?? [], left.length - tail.length + start, right)) continue;
      crossing.push({ detector, field });
      found[field]?.push({ detector, start: left.length - tail.length + start, end: left.length });
      found[field + 1]?.push({ detector, start: 0, end: end - tail.length });
    }
  }
  return {
    fields: fields.map((result, field) => together(values[field] ?? '', result, found[field] ?? [])),
    crossing,
  };
}

function isUnscannable({ findings }: Result): boolean {
  return findings.some(({ detector }) => detector === 'unscannable');
}

/** Whether the first value alone tells it, and the second goes on with a word of its own. */
function isKnown(findings: readonly Finding[], start: number, next: string): boolean {
  return (
    findings.some((finding) => finding.start === start) && /^[A-Z]?[a-z_-]{1,48}(?![A-Za-z0-9])/.test(next)
  );
}

function together(text: string, result: Result, more: readonly Finding[]): Result {
  if (more.length === 0) return result;
  const findings = merge([...result.findings, ...more]);
  return { text: render(text, findings).text, findings };
}
