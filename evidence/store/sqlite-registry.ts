import type { Kysely, Selectable } from 'kysely';
import type { JsonValue } from '../../connectors/sdk/index.ts';
import { before, pageLimit, pageOf } from './page.ts';
import type {
  Incident,
  Page,
  PageRequest,
  RunEnd,
  StoredBundle,
  StoredManifest,
  StoredRun,
} from './store.ts';
import type { Tables } from './tables.ts';

/** Reads of everything that is not an item. */

export async function findManifests(db: Kysely<Tables>, request: PageRequest): Promise<Page<StoredManifest>> {
  const limit = pageLimit(request.limit);
  const rows = await db
    .selectFrom('manifests')
    .selectAll()
    .where('sequence', '<', before('manifests', request))
    .orderBy('sequence', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf('manifests', limit, rows, (row) => [row.sequence], storedManifest);
}

export async function findManifest(db: Kysely<Tables>, digest: string): Promise<StoredManifest | null> {
  const row = await db.selectFrom('manifests').selectAll().where('digest', '=', digest).executeTakeFirst();
  return row === undefined ? null : storedManifest(row);
}

function storedManifest(row: Selectable<Tables['manifests']>): StoredManifest {
  const { sequence, digest, items, canonical, attestation } = row;
  const purpose = row.purpose === 'bundle' ? 'bundle' : 'run';
  return { sequence, digest, purpose, createdAt: row.created_at, items, canonical, attestation };
}

export async function findLatestRuns(db: Kysely<Tables>): Promise<readonly StoredRun[]> {
  const rows = await db
    .selectFrom('connector_latest_runs as latest')
    .innerJoin('connector_runs as run', 'run.seq', 'latest.run')
    .selectAll('run')
    .orderBy('run.connection')
    .orderBy('run.read')
    .execute();
  return rows.map(storedRun);
}

function storedRun(row: Selectable<Tables['connector_runs']>): StoredRun {
  const run = {
    id: row.id,
    connection: row.connection,
    read: row.read,
    trigger: row.trigger as StoredRun['trigger'],
    startedAt: row.started_at,
  };
  if (row.ended_at === null) return run;
  const status = row.status as RunEnd['status'];
  return {
    ...run,
    endedAt: row.ended_at,
    status,
    items: row.items ?? 0,
    gaps: row.gaps ?? 0,
    error: row.error,
  };
}

export async function readState(
  db: Kysely<Tables>,
  connection: string,
  read: string,
): Promise<ReadonlyMap<string, JsonValue>> {
  const rows = await db
    .selectFrom('connector_run_state')
    .select(['key', 'value'])
    .where('connection', '=', connection)
    .where('read', '=', read)
    .execute();
  return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as JsonValue]));
}

export async function findIncidents(db: Kysely<Tables>, request: PageRequest): Promise<Page<Incident>> {
  const limit = pageLimit(request.limit);
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('seq', '<', before('incidents', request))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf('incidents', limit, rows, (row) => [row.seq], storedIncident);
}

export async function findIncident(db: Kysely<Tables>, id: string): Promise<Incident | null> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : storedIncident(row);
}

export function storedIncident(row: Selectable<Tables['incidents']>): Incident {
  return {
    id: row.id,
    title: row.title,
    window: { from: row.window_from, to: row.window_to },
    scope: JSON.parse(row.scope) as Incident['scope'],
    trigger: row.trigger === 'cli' ? 'cli' : 'api',
    status: row.status === 'closed' ? 'closed' : 'open',
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  };
}

export async function findLatestBundle(db: Kysely<Tables>, incident: string): Promise<StoredBundle | null> {
  const row = await db
    .selectFrom('bundles')
    .select(['incident', 'manifest', 'created_at as createdAt', 'bytes'])
    .where('incident', '=', incident)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}
