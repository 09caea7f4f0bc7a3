import { type JsonObject, type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
  tokenOrNull,
} from '../columns.ts';
import { asObject, type CatalogRead, known, type ReadContext, type Reader, serverEntity } from './reader.ts';

/** Eight hexadecimal digits, as the name of a file of the log begins. */
const hexOrNull = textOrNull.transform((value) =>
  value === null || !/^[0-9A-Fa-f]{8}$/.test(value) ? null : Number.parseInt(value, 16),
);

export const server = query('server', 1, {
  version_num: integer,
  in_recovery: bool,
  started: instantOrNull,
  processes_started: instantOrNull,
  configuration_loaded: instantOrNull,
  timeline: hexOrNull,
  replay_delay_ms: integerOrNull,
  pending_restart: integer,
  provider: tokenOrNull,
});

type Facts = RowOf<typeof server>;

const STATE = 'server';

/** Version, role in replication and age of the server, and whether it restarted, reloaded or changed roles. */
const readServer: Reader = async (context) => {
  const asked = await context.ask(server);
  const [row] = asked.rows;
  if (row === undefined) return { records: [], read: 0 };
  const { now } = asked.facts;
  return {
    records: [
      observe({
        stream: 'server',
        class: 'state',
        entity: serverEntity(context),
        key: 'server',
        occurredAt: now,
        body: known(row),
      }),
      ...changes(context, row, now),
    ],
    state: { set: { [STATE]: remembered(row, now) } },
    read: asked.rows.length,
  };
};

function remembered(row: Facts, now: string): JsonValue {
  const { version_num, in_recovery, started, processes_started, configuration_loaded, timeline } = row;
  return { version_num, in_recovery, started, processes_started, configuration_loaded, timeline, at: now };
}

interface ServerChange {
  readonly change: string;
  /** When it happened, where the server keeps that. */
  readonly at?: string | null;
  /** When it had happened at the latest. */
  readonly by?: string | null;
  readonly from?: JsonValue | undefined;
  readonly to?: JsonValue | undefined;
}

function changes(context: ReadContext, row: Facts, now: string): readonly Observed[] {
  const previous = asObject(context.state.get(STATE));
  const since = previous['at'];
  if (typeof since !== 'string') return [];
  const found = [...lifeChanges(previous, row), ...roleChanges(previous, row)];
  return found.map(({ change, at, by, from, to }) => {
    const window = { from: within(at, since, now) ?? since, to: within(at ?? by, since, now) ?? now };
    return observe({
      stream: 'server_changes',
      class: 'change',
      entity: serverEntity(context),
      key: change,
      occurredAt: window.to,
      window,
      body: known({ change, version_num: row.version_num, in_recovery: row.in_recovery, from, to }),
    });
  });
}

/** A server whose clock was set, or that had started before we looked last, does not narrow the bracket. */
function within(at: string | null | undefined, since: string, now: string): string | undefined {
  return typeof at === 'string' && at >= since && at <= now ? at : undefined;
}

function lifeChanges(previous: JsonObject, row: Facts): readonly ServerChange[] {
  if (later(row.started, previous['started'])) return [{ change: 'restarted', at: row.started }];
  // A server that had started before the one that answered last is another one at the same address.
  if (earlier(row.started, previous['started'])) return [{ change: 'server_exchanged' }];
  // After a crash of any process the postmaster stays and starts all others anew.
  if (later(row.processes_started, previous['processes_started']))
    return [{ change: 'crash_recovered', at: row.processes_started }];
  // A start loads the configuration too, and is told once. Our session learns of a reload with its next command: the
  // time that it keeps is the latest that the reload can have been.
  return later(row.configuration_loaded, previous['configuration_loaded'])
    ? [{ change: 'reloaded', by: row.configuration_loaded }]
    : [];
}

function roleChanges(previous: JsonObject, row: Facts): readonly ServerChange[] {
  const { version_num, in_recovery, timeline } = previous;
  const hasTimelines = typeof timeline === 'number' && row.timeline !== null;
  return [
    ...(version_num === row.version_num
      ? []
      : [{ change: 'version_changed', at: row.started, from: version_num, to: row.version_num }]),
    ...(in_recovery === row.in_recovery ? [] : [{ change: row.in_recovery ? 'became_standby' : 'promoted' }]),
    ...(hasTimelines && timeline !== row.timeline
      ? [{ change: 'timeline_changed', from: timeline, to: row.timeline }]
      : []),
  ];
}

/** A new session may know an earlier reload than the one before it: only forward is news. */
function later(now: string | null, then: JsonValue | undefined): boolean {
  return now !== null && typeof then === 'string' && now > then;
}

function earlier(now: string | null, then: JsonValue | undefined): boolean {
  return now !== null && typeof then === 'string' && now < then;
}

export const serverReads: readonly CatalogRead[] = [
  { query: server, read: readServer, also: ['server_changes'] },
];
