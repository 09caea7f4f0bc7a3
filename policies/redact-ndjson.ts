import { isUtf8 } from 'node:buffer';
import type { Scanner } from './redact.ts';

/** A line as it came, without its end. */
export interface InputLine {
  readonly bytes: Buffer;
  /** It was too long to be kept whole. */
  readonly isCut: boolean;
}

export interface AnswerLine {
  /** One JSON object, without a line end. */
  readonly json: string;
  /** False for `{"id", "line", "error"}`. */
  readonly isGood: boolean;
}

/**
 * Redacts texts line by line: `{"id", "text"}` in, `{"id", "text", "findings": [{"detector", "start", "end"}]}` out, one
 * line for each in the same order. A line that is not such an object gives `{"id", "line", "error"}`, with the number of
 * the line, 1-based, and the id where there is one; its content is never repeated. Blank lines are passed over.
 */
export async function* redactLines(
  lines: AsyncIterable<InputLine>,
  scanner: Scanner,
): AsyncGenerator<AnswerLine> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const answer = redactLine(line, scanner);
    if (answer === undefined) continue;
    if ('error' in answer) yield { json: JSON.stringify({ ...answer, line: number }), isGood: false };
    else yield { json: JSON.stringify(answer), isGood: true };
  }
}

type Id = string | number | null;

interface Failure {
  readonly id: Id;
  readonly error: string;
}

function redactLine(line: InputLine, scanner: Scanner): Failure | object | undefined {
  if (line.isCut) return failure(null, 'too long: divide the text');
  if (!isUtf8(line.bytes)) return failure(null, 'not UTF-8');
  const json = line.bytes.toString('utf8').replace(BYTE_ORDER_MARK, '');
  if (json.trim() === '') return undefined;
  const parsed = parse(json);
  if (parsed === undefined) return failure(null, 'not JSON: each line must be an object {"id", "text"}');
  const { id, text } = parsed;
  if (typeof id === 'number' && !isExact(id))
    return failure(null, 'an id that is too large for a number: put it in quotes');
  if (typeof text !== 'string')
    return failure(id, 'no text: each line must be an object {"id", "text"} with a string as text');
  const { text: redacted, findings } = scanner.scan(text);
  return {
    id,
    text: redacted,
    findings: findings.map(({ detector, start, end }) => ({ detector, start, end })),
  };
}

const BYTE_ORDER_MARK = /^\ufeff/;

function failure(id: Id, error: string): Failure {
  return { id, error };
}

/** Another id than the one that was given would be worse than none. */
function isExact(id: number): boolean {
  return Number.isFinite(id) && (!Number.isInteger(id) || Number.isSafeInteger(id));
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
