import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import {
  boolOrNull,
  decimalOrNull,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
} from '../columns.ts';
import { type CatalogRead, known, type ReadContext, type Reader, serverEntity } from './reader.ts';
import { intervalOf, perSecond, remember, stepsOf } from './steps.ts';

export const wal = query('wal', 1, {
  wal_records: integer,
  wal_fpi: integer,
  wal_bytes: integer,
  wal_buffers_full: integer,
  wal_writes: integerOrNull,
  wal_syncs: integerOrNull,
  wal_write_ms: decimalOrNull,
  wal_sync_ms: decimalOrNull,
  archived_count: integer,
  failed_count: integer,
  last_archived: instantOrNull,
  last_failed: instantOrNull,
  archiving: boolOrNull,
  segment_bytes: integerOrNull,
  archived_segment: textOrNull,
  current_segment: textOrNull, // null on a standby
  stats_reset: instantOrNull,
  archiver_reset: instantOrNull,
});

type Wal = RowOf<typeof wal>;

const WRITTEN = [
  'wal_records',
  'wal_fpi',
  'wal_bytes',
  'wal_buffers_full',
  'wal_writes',
  'wal_syncs',
  'wal_write_ms',
  'wal_sync_ms',
] as const;
const ARCHIVED = ['archived_count', 'failed_count'] as const;
/** Segments that wait for the archiver: 512 MiB at the usual size, which a healthy archiver never leaves behind. */
const BACKLOG = 32;

/** Write-ahead log and archiver. Archiving that fails fills the disk: a symptom until a later one succeeds. */
const readWal: Reader = async (context) => {
  const asked = await context.ask(wal);
  const { now } = asked.facts;
  const [row] = asked.rows;
  if (row === undefined) return { records: [], read: 0 };
  return {
    records: [walRecord(context, row, now)],
    state: {
      set: {
        wal: remember(WRITTEN, row, row.stats_reset, now),
        archiver: remember(ARCHIVED, row, row.archiver_reset, now),
      },
    },
    read: asked.rows.length,
  };
};

function walRecord(context: ReadContext, row: Wal, now: string): Observed {
  const before: JsonValue | undefined = context.state.get('wal');
  const written = stepsOf(WRITTEN, row, row.stats_reset, before);
  const archived = stepsOf(ARCHIVED, row, row.archiver_reset, context.state.get('archiver'));
  const interval = intervalOf(before, now);
  const pending = pendingSegments(row);
  const { archived_segment: _archived, current_segment: _current, segment_bytes: _bytes, ...counters } = row;
  // A failure that was never made good stays in the books also after archiving was given up.
  const isFailing =
    row.archiving !== false && row.last_failed !== null && row.last_failed > (row.last_archived ?? '');
  const reasons = [
    ...(isFailing || (archived.failed_count_step ?? 0) > 0 ? ['archiver_failed'] : []),
    ...((pending ?? 0) >= BACKLOG ? ['archive_backlog'] : []),
  ];
  return observe({
    stream: 'wal',
    class: reasons.length > 0 ? 'symptom' : 'state',
    entity: serverEntity(context),
    key: 'wal',
    occurredAt: now,
    body: known({
      ...counters,
      interval_ms: interval,
      ...written,
      ...archived,
      wal_bytes_per_second: perSecond(written.wal_bytes_step, interval),
      archive_pending: pending,
      reasons,
    }),
  });
}

/** Name of a segment: timeline, and the two halves of its number (PostgreSQL manual, 28.6). A history file has another. */
const SEGMENT = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/;

/**
 * Finished segments after the last one archived. Computed from their names: the files themselves are not looked at.
 * Undefined where nothing is archived, nothing was yet, or a timeline ended in between.
 */
export function pendingSegments(
  row: Pick<Wal, 'archiving' | 'segment_bytes' | 'archived_segment' | 'current_segment'>,
): number | undefined {
  if (row.archiving !== true || row.segment_bytes === null || row.segment_bytes <= 0) return undefined;
  const archived = SEGMENT.exec(row.archived_segment ?? '');
  const current = SEGMENT.exec(row.current_segment ?? '');
  if (archived === null || current === null || archived[1] !== current[1]) return undefined;
  const perLog = 2 ** 32 / row.segment_bytes;
  const [last, open] = [archived, current].map(
    ([, , log = '', segment = '']) => Number.parseInt(log, 16) * perLog + Number.parseInt(segment, 16),
  );
  return Math.max(0, (open ?? 0) - (last ?? 0) - 1);
}

export const walReads: readonly CatalogRead[] = [{ query: wal, read: readWal }];
