import { observe } from '../../sdk/index.ts';
import { integer, query, type RowOf, textOrNull, tokenOrNull } from '../columns.ts';
import {
  type Asked,
  type CatalogRead,
  inScope,
  known,
  type ReadContext,
  type Reader,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';

export const waitEvents = query('wait_events', 500, {
  database: textOrNull,
  backend_type: tokenOrNull,
  wait_event_type: tokenOrNull,
  wait_event: tokenOrNull,
  backends: integer,
});

type Seen = RowOf<typeof waitEvents>;

const SAMPLES = 10;
const SPACING_MS = 200;
/** After as many looks at a server where nobody works, there is nothing to sample. */
const IDLE_SAMPLES = 3;
const MAX_WAITS = 100;
/** Kinds of waits that are contention among the server's own users, not work or the network. */
const CONTENTION = ['Lock', 'LWLock', 'BufferPin'] as const;
/** As many backends stuck in one such kind at any moment are a queue and no chance. */
const QUEUE = 2;

interface Wait {
  readonly row: Seen;
  readonly sightings: number;
  readonly peak: number;
}

/** What busy backends wait for, sampled over about two seconds: a single look misses whatever is short and frequent. */
const readWaitEvents: Reader = async (context) => {
  const samples = await sample(context);
  const last = samples.at(-1);
  if (last === undefined) return { records: [], read: 0 };
  const first = samples[0] ?? last;
  const busy = samples.map(({ rows }) => rows.reduce((sum, row) => sum + row.backends, 0));
  const rows = samples.flatMap((asked) => asked.rows);
  const mean = (type: string): number =>
    tenths(sum(rows.filter((row) => row.wait_event_type === type)) / samples.length);
  const reasons = CONTENTION.filter((type) => mean(type) >= QUEUE);
  return {
    records: [
      observe({
        stream: 'wait_events',
        class: reasons.length > 0 ? 'symptom' : 'state',
        entity: serverEntity(context),
        key: 'wait_events',
        occurredAt: last.facts.now,
        body: {
          samples: samples.length,
          window_ms: Date.parse(last.facts.now) - Date.parse(first.facts.now),
          busy: tenths(busy.reduce((all, one) => all + one, 0) / samples.length),
          busy_peak: Math.max(...busy),
          waiting_on_lock: mean('Lock'),
          waiting_on_lwlock: mean('LWLock'),
          waits: histogram(rows.filter((row) => inScope(context, row.database))),
          reasons,
        },
      }),
      ...statsGap(last, 'wait_events'),
      ...truncationGap(samples.find((asked) => asked.truncated) ?? last, 'wait_events'),
    ],
    read: rows.length,
  };
};

/** Stops early where nobody works, and where the next sample, taking as long as the slowest so far, could overrun the budget. */
async function sample(context: ReadContext): Promise<readonly Asked<Seen>[]> {
  const samples: Asked<Seen>[] = [];
  let slowest = 0;
  do {
    const before = context.remainingMs();
    samples.push(await context.ask(waitEvents));
    slowest = Math.max(slowest, before - context.remainingMs());
    const isIdle = samples.length === IDLE_SAMPLES && samples.every(({ rows }) => rows.length === 0);
    if (isIdle || samples.length === SAMPLES || context.remainingMs() < SPACING_MS + 2 * slowest) break;
    await context.pause(SPACING_MS);
  } while (samples.at(-1)?.truncated === false);
  return samples;
}

function histogram(rows: readonly Seen[]): readonly object[] {
  const waits = new Map<string, Wait>();
  for (const row of rows) {
    const key = JSON.stringify([row.database, row.backend_type, row.wait_event_type, row.wait_event]);
    const { sightings, peak } = waits.get(key) ?? { sightings: 0, peak: 0 };
    waits.set(key, { row, sightings: sightings + row.backends, peak: Math.max(peak, row.backends) });
  }
  return [...waits.values()]
    .sort((a, b) => b.sightings - a.sightings)
    .slice(0, MAX_WAITS)
    .map(({ row: { database, backend_type, wait_event_type, wait_event }, sightings, peak }) =>
      known({ database, backend_type, wait_event_type, wait_event, sightings, peak }),
    );
}

function sum(rows: readonly Seen[]): number {
  return rows.reduce((all, row) => all + row.backends, 0);
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

export const waitsReads: readonly CatalogRead[] = [{ query: waitEvents, read: readWaitEvents }];
