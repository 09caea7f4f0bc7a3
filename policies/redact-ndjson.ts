import type { Scanner } from './redact.ts';

/**
 * Redacts texts line by line: `{"id", "text"}` in, `{"id", "text", "findings": [{"detector", "start", "end"}]}` out, one
 * line for each in the same order. A line that is not such an object gives `{"id", "error"}`, with the id where there is
 * one; its content is never repeated. Blank lines are passed over.
 */
export async function* redactLines(lines: AsyncIterable<string>, scanner: Scanner): AsyncIterable<string> {
  for await (const line of lines) {
    if (line.trim() !== '') yield JSON.stringify(redactLine(line, scanner));
  }
}

type Id = string | number | null;

function redactLine(line: string, scanner: Scanner): object {
  const parsed = parse(line);
  if (parsed === undefined)
    return { id: null, error: 'not JSON: each line must be an object {"id", "text"}' };
  const { id, text } = parsed;
  if (typeof text !== 'string')
    return { id, error: 'no text: each line must be an object {"id", "text"} with a string as text' };
  const { text: redacted, findings } = scanner.scan(text);
  return {
    id,
    text: redacted,
    findings: findings.map(({ detector, start, end }) => ({ detector, start, end })),
  };
}

function parse(line: string): { id: Id; text: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return { id: null, text: undefined };
    const { id, text } = value as { id?: unknown; text?: unknown };
    return { id: typeof id === 'string' || typeof id === 'number' ? id : null, text };
  } catch {
    return undefined;
  }
}
