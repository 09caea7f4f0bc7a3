import { type JsonValue, observe } from '../../sdk/index.ts';
import { decimal, instantOrNull, integer, integerOrNull, query, type RowOf } from '../columns.ts';
import { asObject, type CatalogRead, known, type Reader, serverEntity } from './reader.ts';
import { intervalOf, remember, type Steps, stepsOf } from './steps.ts';

export const checkpoints = query('checkpoints', 1, {
  timed: integer,
  requested: integer,
  done: integerOrNull, // since PostgreSQL 18: timed ones are counted even when there was nothing to do
  restartpoints_timed: integerOrNull, // since PostgreSQL 17
  restartpoints_requested: integerOrNull,
  restartpoints_done: integerOrNull,
  write_ms: decimal,
  sync_ms: decimal,
  buffers_written: integer,
  slru_written: integerOrNull, // since PostgreSQL 18
  buffers_clean: integer,
  maxwritten_clean: integer,
  buffers_backend: integerOrNull,
  backend_fsyncs: integerOrNull,
  buffers_alloc: integer,
  stats_reset: instantOrNull,
  bgwriter_reset: instantOrNull,
});

const CHECKPOINTER = [
  'timed',
  'requested',
  'done',
  'restartpoints_timed',
  'restartpoints_requested',
  'restartpoints_done',
  'write_ms',
  'sync_ms',
  'buffers_written',
  'slru_written',
] as const;
const WRITERS = [
  'buffers_clean',
  'maxwritten_clean',
  'buffers_backend',
  'backend_fsyncs',
  'buffers_alloc',
] as const;

type Row = RowOf<typeof checkpoints>;

/** How far back requested checkpoints are weighed against timed ones, which come every five minutes by default. */
const WINDOW_MS = 15 * 60_000;
const MAX_MARKS = 60;
/** One or two may be a backup or an administrator. */
const REQUESTED = 3;
const SLOW_SYNC_MS = 10_000;
/** A backend syncs by itself when the checkpointer's queue is full; since PostgreSQL 17 its DDL is counted with them. */
const MANY_FSYNCS = 100;

/** Checkpoints and who else writes buffers. Requested ones that outnumber the timed mean that max_wal_size is too small. */
const readCheckpoints: Reader = async (context) => {
  const asked = await context.ask(checkpoints);
  const { now } = asked.facts;
  const [row] = asked.rows;
  if (row === undefined) return { records: [], read: 0 };
  const before = context.state.get('checkpointer');
  const steps = stepsOf(CHECKPOINTER, row, row.stats_reset, before);
  const written = stepsOf(WRITERS, row, row.bgwriter_reset, context.state.get('writers'));
  const marks = marksOf(context.state.get('window'), row, now);
  const window = windowOf(marks, row, now);
  const reasons = reasonsOf(steps, written, window);
  return {
    records: [
      observe({
        stream: 'checkpoints',
        class: reasons.length > 0 ? 'symptom' : 'state',
        entity: serverEntity(context),
        key: 'checkpoints',
        occurredAt: now,
        body: known({
          ...row,
          interval_ms: intervalOf(before, now),
          ...steps,
          ...written,
          ...window,
          reasons,
        }),
      }),
    ],
    state: {
      set: {
        checkpointer: remember(CHECKPOINTER, row, row.stats_reset, now),
        writers: remember(WRITERS, row, row.bgwriter_reset, now),
        window: [
          ...marks.map((mark) => ({ ...mark })),
          { at: now, timed: row.timed, requested: row.requested },
        ],
      },
    },
    read: asked.rows.length,
  };
};

/** What an earlier read saw. */
interface Mark {
  readonly at: string;
  readonly timed: number;
  readonly requested: number;
}

/** What earlier reads saw within the window; nothing where a counter has fallen since. */
function marksOf(state: JsonValue | undefined, row: Row, now: string): readonly Mark[] {
  const marks = (Array.isArray(state) ? state : []).flatMap((value) => {
    const { at, timed, requested } = asObject(value);
    const isMark = typeof at === 'string' && typeof timed === 'number' && typeof requested === 'number';
    return isMark ? [{ at, timed, requested }] : [];
  });
  const oldest = Date.parse(now) - WINDOW_MS;
  const isWhole = marks.every((mark) => mark.timed <= row.timed && mark.requested <= row.requested);
  return isWhole ? marks.filter((mark) => Date.parse(mark.at) >= oldest).slice(-MAX_MARKS) : [];
}

interface CheckpointWindow {
  readonly window_ms?: number;
  readonly window_timed?: number;
  readonly window_requested?: number;
}

function windowOf(marks: readonly Mark[], row: Row, now: string): CheckpointWindow {
  const [first] = marks;
  if (first === undefined) return {};
  return {
    window_ms: Date.parse(now) - Date.parse(first.at),
    window_timed: row.timed - first.timed,
    window_requested: row.requested - first.requested,
  };
}

function reasonsOf(
  steps: Steps<(typeof CHECKPOINTER)[number]>,
  written: Steps<(typeof WRITERS)[number]>,
  { window_timed: timed = 0, window_requested: requested = 0 }: CheckpointWindow,
): readonly string[] {
  return [
    ...(requested >= REQUESTED && requested > timed ? ['requested_checkpoints'] : []),
    ...((steps.sync_ms_step ?? 0) >= SLOW_SYNC_MS ? ['slow_sync'] : []),
    ...((written.backend_fsyncs_step ?? 0) >= MANY_FSYNCS ? ['backend_fsyncs'] : []),
  ];
}

export const checkpointsReads: readonly CatalogRead[] = [{ query: checkpoints, read: readCheckpoints }];
