import type { SqlGuard, SqlVerdict } from './sql.ts';

export type GuardMode = 'template' | 'freeform';

/** Longer lines are not even parsed as JSON. Well above the longest statement with every character escaped. */
const MAX_LINE = 256 * 1024;

interface Answer {
  readonly id: string | number | null;
  readonly verdict: 'allow' | 'deny';
  readonly code: string | null;
  readonly relations: readonly string[];
  readonly functions: readonly string[];
  readonly statements: number;
}

/**
 * Judges statements given as NDJSON, `{"id": …, "sql": "…"}`, and answers each non-blank line with one line, in order:
 * `{"id","verdict","code","relations","functions","statements"}`. A line that is not of that form is denied with
 * `BAD_INPUT`; nothing makes it stop early.
 */
export async function* guardLines(
  lines: AsyncIterable<string>,
  guard: SqlGuard,
  mode: GuardMode,
): AsyncIterable<string> {
  for await (const line of lines) {
    if (line.trim() === '') continue;
    yield JSON.stringify(
      answer(line, (sql) => (mode === 'template' ? guard.template(sql) : guard.freeform(sql))),
    );
  }
}

/** The same for a dialect that no guard exists for: every line is denied. */
export async function* refuseDialect(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) {
    if (line.trim() === '') continue;
    yield JSON.stringify(answer(line, () => denied('UNSUPPORTED_DIALECT')));
  }
}

function answer(line: string, judge: (sql: string) => Omit<Answer, 'id'> | SqlVerdict): Answer {
  const input = read(line);
  const id = idOf(input);
  if (id === undefined || typeof input?.['sql'] !== 'string')
    return { id: id ?? null, ...denied('BAD_INPUT') };
  const { verdict, code, relations, functions, statements } = judge(input['sql']);
  return { id, verdict, code, relations, functions, statements };
}

function read(line: string): Readonly<Record<string, unknown>> | undefined {
  if (line.length > MAX_LINE) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function idOf(input: Readonly<Record<string, unknown>> | undefined): string | number | undefined {
  const id = input?.['id'];
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

function denied(code: 'BAD_INPUT' | 'UNSUPPORTED_DIALECT'): Omit<Answer, 'id'> {
  return { verdict: 'deny', code, relations: [], functions: [], statements: 0 };
}
