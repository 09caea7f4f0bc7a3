import { type Budget, BudgetMeter } from '../budget.ts';
import type { AdmittedRead, ReadRequest, RunContext, RunState, Scope, StatePatch } from '../contract.ts';
import type { Clock } from '../deps.ts';
import type { JsonValue } from '../json.ts';
import { type Gap, isGap, type Observed } from '../observation.ts';
import { fakeClock } from './clock.ts';

export const AMPLE_BUDGET: Budget = {
  durationMs: 60_000,
  rows: 100_000,
  bytes: 64 * 1024 ** 2,
  calls: 10_000,
};

export interface RecordingRun extends RunContext {
  /** All that was emitted, in order. */
  readonly records: readonly (Observed | Gap)[];
  readonly observations: readonly Observed[];
  readonly gaps: readonly Gap[];
  /** Every patch, in order, with how many records had been emitted before it. */
  readonly checkpoints: readonly { readonly patch: StatePatch; readonly after: number }[];
  /** State as it stands; hand it to the next run to see what a second collection does. */
  readonly stored: Map<string, JsonValue>;
}

export interface RecordingRunOptions {
  readonly id?: string;
  readonly budget?: Partial<Budget>;
  readonly clock?: Clock;
  /** State of an earlier run; it is changed in place. */
  readonly state?: Map<string, JsonValue>;
  /** Called before a record is kept: throw, or abort a signal, to see what a connector does then. */
  readonly onEmit?: (record: Observed | Gap) => void;
}

/** A run that keeps in memory what it is given and applies checkpoints at once. */
export function recordingRun(options: RecordingRunOptions = {}): RecordingRun {
  const clock = options.clock ?? fakeClock();
  const stored = options.state ?? new Map<string, JsonValue>();
  const records: (Observed | Gap)[] = [];
  const checkpoints: { patch: StatePatch; after: number }[] = [];
  const state: RunState = { get: (key) => stored.get(key), keys: () => stored.keys() };
  return {
    id: options.id ?? 'run-1',
    meter: new BudgetMeter({ ...AMPLE_BUDGET, ...options.budget }, clock.monotonic),
    state,
    records,
    checkpoints,
    stored,
    get observations() {
      return records.filter((record): record is Observed => !isGap(record));
    },
    get gaps() {
      return records.filter(isGap);
    },
    async emit(record) {
      options.onEmit?.(record);
      records.push(record);
    },
    async caughtUp() {
      // Nobody waits here.
    },
    async checkpoint(patch) {
      checkpoints.push({ patch, after: records.length });
      apply(stored, patch);
    },
  };
}

function apply(stored: Map<string, JsonValue>, patch: StatePatch): void {
  for (const key of patch.delete ?? []) stored.delete(key);
  for (const [key, value] of Object.entries(patch.set ?? {})) {
    // State is stored as JSON: what does not survive that would only fail in production.
    stored.set(key, JSON.parse(JSON.stringify(value)) as JsonValue);
  }
}

export interface AdmittedOptions extends Partial<ReadRequest> {
  readonly budget?: Partial<Budget>;
  readonly streams?: readonly string[];
  readonly scope?: Scope;
  readonly plan?: string;
}

/** A scope that holds everything. */
export const everything: Scope = { includes: () => true };

/** Holds, per dimension, the values listed, and every value of a dimension that is not. */
export function onlyScope(allowed: Readonly<Record<string, readonly string[]>>): Scope {
  return { includes: (dimension, value) => allowed[dimension]?.includes(value) ?? true };
}

/** A read as the admission gate would have let it through: ample budget, everything in scope. */
export function admitted(overrides: AdmittedOptions & { readonly read: string }): AdmittedRead {
  const request = {
    connection: 'test',
    connector: 'test',
    mode: 'full',
    window: { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:30:00.000Z' },
    trigger: 'once',
    streams: [],
    scope: everything,
    plan: 'sha256:plan',
    ...overrides,
    budget: { ...AMPLE_BUDGET, ...overrides.budget },
  };
  return request as unknown as AdmittedRead;
}
