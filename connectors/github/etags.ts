import { z } from 'zod';
import type { JsonValue, RunState, StatePatch } from '../sdk/index.ts';
import type { Call } from './client.ts';
import type { Span } from './window.ts';

/** What is kept of a page that was read and handled to its end. */
const entry = z.object({
  etag: z.string(),
  from: z.number(),
  /** Null: the window was open, so whatever is on an unchanged page lies before its end. */
  to: z.number().nullable(),
  /** Items on the page, and those of them in the window. */
  seen: z.number(),
  matched: z.number(),
  /** What the API said the whole list holds. */
  total: z.number().nullable(),
  /** Position of the page after it, when it has to be read too. */
  next: z.record(z.string(), z.string()).nullable(),
  /** Nothing that belongs to the page can change any more. */
  final: z.boolean(),
  usedAt: z.number(),
});
export type Entry = z.infer<typeof entry>;

export interface Etags {
  /** The entry under which the call may be made conditional: one that covers at least this window. */
  lookup(call: Call, span: Span): Entry | undefined;
  keep(call: Call, entry: Omit<Entry, 'usedAt'>): void;
  /** What to checkpoint: new entries, renewed ones, and the removal of those long unused. */
  patch(): StatePatch;
}

export interface EtagsOptions {
  readonly state: RunState;
  /** State keys are `<prefix><digest of the call>`. */
  readonly prefix: string;
  readonly digest: (value: JsonValue) => string;
  /** Of the admitted read: what was skipped under another plan may hold fields that now pass. */
  readonly plan: string;
  readonly now: Date;
  /** A run asked for by hand wants the answer, not that it is unchanged. */
  readonly enabled: boolean;
}

const RENEW_AFTER_MS = 3_600_000;
const FORGET_AFTER_MS = 48 * 3_600_000;

/**
 * ETags of earlier runs. An unchanged page costs nothing of the rate limit, but it may only be skipped when an earlier
 * run handled all that this one would look for, so each entry knows the window it was read for.
 */
export function etagsOf(options: EtagsOptions): Etags {
  const { state, prefix, digest, plan, now } = options;
  const changed = new Map<string, Entry>();
  const keyOf = (call: Call): string => `${prefix}${digest([call.path, call.parameters, plan])}`;

  function stored(key: string): Entry | undefined {
    const parsed = entry.safeParse(state.get(key));
    return parsed.success ? parsed.data : undefined;
  }

  function lookup(call: Call, span: Span): Entry | undefined {
    const key = keyOf(call);
    const found = options.enabled ? stored(key) : undefined;
    if (found === undefined || found.from > span.from) return undefined;
    if (found.to !== null && found.to < span.to) return undefined;
    if (now.getTime() - found.usedAt > RENEW_AFTER_MS) changed.set(key, { ...found, usedAt: now.getTime() });
    return found;
  }

  function patch(): StatePatch {
    const stale = [...state.keys()].filter((key) => {
      if (!key.startsWith(prefix) || changed.has(key)) return false;
      return now.getTime() - (stored(key)?.usedAt ?? 0) > FORGET_AFTER_MS;
    });
    return { set: Object.fromEntries(changed), delete: stale };
  }

  return {
    lookup,
    keep: (call, kept) => {
      changed.set(keyOf(call), { ...kept, usedAt: now.getTime() });
    },
    patch,
  };
}
