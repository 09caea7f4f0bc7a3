import type { Assignment } from './assignment.ts';

/** `value="…" name="db_password"`, `{"value": "…", "name": "DB_PASSWORD"}`, and the two lines of YAML: the value comes first. */
const VALUE_FIRST =
  /(?<![A-Za-z0-9_])(?:value|val|content)\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?<quote>\\{0,3}["']?)(?<value>[^"'\n\\]{1,200})\\{0,3}["']?[\s,]{1,64}(?:\\{0,3}["'])?(?:name|key)\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?:\\{0,3}["'])?[\w.-]{0,64}$/dis;
const REACH = 320;

export const NAMED_AFTER_PATTERNS: readonly RegExp[] = [VALUE_FIRST];

/** What stands before the name as its value; asked only where nothing is assigned behind it. */
export function valueNamedAfter(text: string, keyStart: number): Assignment | undefined {
  const from = Math.max(0, keyStart - REACH);
  const before = text.slice(from, keyStart);
  if (!/(?:name|key)[\\"']{0,4}\s{0,4}[:=]/i.test(before.slice(-96))) return undefined;
  const match = VALUE_FIRST.exec(before);
  const [start, end] = match?.indices?.groups?.['value'] ?? [0, 0];
  if (end === start) return undefined;
  const isQuoted = match?.groups?.['quote'] !== '';
  return { start: from + start, end: from + end, certainty: 'sure', isQuoted, extent: () => from + end };
}
