import type { z } from 'zod';
import type { Call } from './client.ts';
import type { Entry } from './etags.ts';
import type { ItemCall, ListCall } from './queries.ts';
import { callOf, get, type Reading, shaped, subjectOf } from './reading.ts';
import { isOpen } from './window.ts';

/** Parameters that lead to a page. */
export type Position = Readonly<Record<string, string>>;

/** What a read found on one page. */
export interface Verdict {
  /** Items on the page, and those of them in the window. */
  readonly seen: number;
  readonly matched: number;
  /** What the API says the whole list holds, where it does. */
  readonly total?: number | undefined;
  /** Nothing further can be in the window. */
  readonly done?: boolean;
  /** False when something of the page was left for later: then it is read again next time, changed or not. */
  readonly handled?: boolean;
}

export interface Listed {
  readonly seen: number;
  readonly total: number | null;
  /** `end`: nothing further is there; `done`: the visitor said so; `ceiling`: pages are left. */
  readonly stopped: 'end' | 'done' | 'ceiling';
}

/** Reads a list page by page until its end, until the visitor is done, or up to the ceiling of pages. */
export async function eachPage(
  reading: Reading,
  list: ListCall,
  parameters: Readonly<Record<string, string | number>>,
  visit: (data: unknown) => Promise<Verdict>,
): Promise<Listed> {
  let position: Position = {};
  let seen = 0;
  let total: number | null = null;
  for (let page = 0; page < list.pages; page += 1) {
    const result = await onePage(reading, callOf(reading, list, { ...parameters, ...position }), visit);
    seen += result.seen;
    total = result.total ?? total;
    if (result.done) return { seen, total, stopped: 'done' };
    if (result.next === null) return { seen, total, stopped: 'end' };
    position = result.next;
  }
  return { seen, total, stopped: 'ceiling' };
}

interface PageResult {
  readonly seen: number;
  readonly total: number | null;
  readonly next: Position | null;
  readonly done: boolean;
}

async function onePage(
  reading: Reading,
  call: Call,
  visit: (data: unknown) => Promise<Verdict>,
): Promise<PageResult> {
  const known = reading.etags.lookup(call, reading.span);
  const answer = await get(reading, call, known?.etag);
  reading.tally.page(answer.kind === 'unchanged');
  if (answer.kind === 'unchanged' && known !== undefined) {
    reading.tally.add(known.matched);
    return { ...known, done: known.final };
  }
  if (answer.kind === 'empty') return { seen: 0, total: null, next: null, done: false };
  const verdict = await visit(answer.data);
  const result = {
    seen: verdict.seen,
    matched: verdict.matched,
    total: verdict.total ?? null,
    next: answer.next ?? null,
    done: verdict.done ?? false,
  };
  if (answer.etag !== undefined && verdict.handled !== false) {
    reading.etags.keep(call, { ...covered(reading), ...result, etag: answer.etag, final: result.done });
  }
  return result;
}

function covered(reading: Reading): Pick<Entry, 'from' | 'to'> {
  return { from: reading.span.from, to: isOpen(reading.span, reading.now) ? null : reading.span.to };
}

export interface Unchanged {
  readonly kind: 'unchanged';
  /** As it was when it was last read: nothing can change any more. */
  readonly final: boolean;
  readonly next: Position | null;
}

export interface Changed<T> {
  readonly kind: 'data';
  readonly data: T;
  /** Where the rest of it is, when it did not fit on a page. */
  readonly next: Position | null;
  /** To be called once what came of it was emitted: only then may the next run take "unchanged" for an answer. */
  settle(final: boolean): void;
}

/** One object, or one page of few, conditional like a list. */
export async function oneItem<T>(
  reading: Reading,
  item: ItemCall,
  parameters: Readonly<Record<string, string | number>>,
  schema: z.ZodType<T>,
): Promise<Unchanged | Changed<T>> {
  const call = callOf(reading, item, parameters);
  const known = reading.etags.lookup(call, reading.span);
  const answer = await get(reading, call, known?.etag);
  if (answer.kind === 'unchanged' && known !== undefined) {
    return { kind: 'unchanged', final: known.final, next: known.next };
  }
  const { etag, next = null } = answer;
  return {
    kind: 'data',
    data: shaped(reading, schema, answer.data),
    next,
    settle: (final) => {
      if (etag === undefined) return;
      const counts = { seen: 1, matched: 1, total: null, next };
      reading.etags.keep(call, { ...covered(reading), ...counts, etag, final });
    },
  };
}

/** Says what stopping at the ceiling of pages means for completeness. */
export function noteCeiling(reading: Reading, listed: Listed): void {
  if (listed.stopped !== 'ceiling') return;
  reading.tally.totalUnknown();
  reading.tally.partial(
    `${subjectOf(reading)}: the ceiling of ${reading.query.list.pages} pages was reached`,
  );
}
