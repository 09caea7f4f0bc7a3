import type { Clock } from '../connectors/sdk/index.ts';
import type { ListedConnection } from '../evidence/account/account.ts';
import type { Item } from '../evidence/item.ts';
import type { Store, StoredRun } from '../evidence/store/store.ts';
import type { ConnectionStatus, ConnectorType, GapStatus } from './api/deps.ts';
import type { ConnectorDefinition } from './registry/discover.ts';
import { readKey, type ScheduledRead } from './scheduler/job.ts';

/** Gaps older than this were either closed or have come again. */
const RECENT_MS = 3_600_000;
const MAX_GAPS = 1_000;

/** How each connection is doing: its reads, their latest runs, and what could not be collected lately. */
export async function connectionStatus(
  reads: readonly ScheduledRead[],
  store: Pick<Store, 'latestRuns' | 'query'>,
  clock: Clock,
): Promise<readonly ConnectionStatus[]> {
  const runs = new Map((await store.latestRuns()).map((run) => [readKey(run), run]));
  const gaps = await recentGaps(store, clock);
  const ids = [...new Set(reads.map(({ connection }) => connection))];
  return ids.map((id) => {
    const own = reads.filter(({ connection }) => connection === id);
    return {
      id,
      connector: own[0]?.connector ?? '',
      reads: own.map((read) => ({
        read: read.read,
        mode: read.mode,
        intervalMs: read.intervalMs,
        latestRun: latestRun(runs.get(readKey(read))),
      })),
      gaps: gaps.get(id) ?? [],
    };
  });
}

/** The same for the manifest of a bundle: what is read, and how it went last. */
export function listedConnections(
  reads: readonly ScheduledRead[],
  latestRuns: readonly StoredRun[],
  definitions: readonly ConnectorDefinition[],
): readonly ListedConnection[] {
  const runs = new Map(latestRuns.map((run) => [readKey(run), run]));
  const versions = new Map(definitions.map(({ manifest }) => [manifest.id, manifest.version]));
  const byId = Map.groupBy(reads, ({ connection }) => connection);
  return [...byId].map(([id, own]) => {
    const connector = own[0]?.connector ?? '';
    return {
      id,
      connector: `${connector}@${versions.get(connector) ?? ''}`,
      reads: own.map((read) => {
        const run = runs.get(readKey(read));
        const status = run?.status ?? 'running';
        return { id: read.read, latest: run === undefined ? null : { at: run.startedAt, status } };
      }),
    };
  });
}

/** What the manifests say, without the fields; those are in the data dictionary. */
export function connectorTypes(definitions: readonly ConnectorDefinition[]): readonly ConnectorType[] {
  return definitions.map(({ manifest }) => ({
    id: manifest.id,
    version: manifest.version,
    title: manifest.title,
    summary: manifest.summary,
    category: manifest.category,
    family: manifest.family,
    stability: manifest.stability,
    capabilities: manifest.capabilities,
    reads: manifest.reads.map(({ id, title, mode }) => ({ id, title, mode })),
    streams: manifest.streams.map(({ id, kind, description, classes }) => ({
      id,
      kind,
      description,
      classes,
    })),
  }));
}

function latestRun(run: StoredRun | undefined): ConnectionStatus['reads'][number]['latestRun'] {
  if (run === undefined) return null;
  const { connection: _connection, read: _read, ...rest } = run;
  return rest;
}

/** By connection, each gap once, as it was last seen. */
async function recentGaps(
  store: Pick<Store, 'query'>,
  clock: Clock,
): Promise<ReadonlyMap<string, GapStatus[]>> {
  const from = new Date(clock.now().getTime() - RECENT_MS).toISOString();
  const { items } = await store.query({ from, class: ['gap'], limit: MAX_GAPS });
  const byKey = new Map<string, { readonly connection: string; readonly gap: GapStatus }>();
  for (const { canonical } of items) {
    const { connection, body, occurredAt } = JSON.parse(canonical) as Item;
    const text = (key: string) => (typeof body[key] === 'string' ? body[key] : '');
    const gap = {
      code: text('code'),
      missing: text('missing'),
      reason: text('reason'),
      hint: text('hint'),
      last: occurredAt,
    };
    byKey.set(JSON.stringify([connection, gap.code, gap.missing]), { connection, gap });
  }
  const gaps = new Map<string, GapStatus[]>();
  for (const { connection, gap } of byKey.values())
    gaps.set(connection, [...(gaps.get(connection) ?? []), gap]);
  return gaps;
}
