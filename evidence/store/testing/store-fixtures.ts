import { createHash } from 'node:crypto';
import type { Head } from '../../chain.ts';
import type { Item } from '../../item.ts';
import { formatCheckpoint } from '../../log/checkpoint.ts';
import { leafHashOfEntry } from '../../log/entry.ts';
import { appendLeaf, frontierRoot } from '../../log/frontier.ts';
import type { Logged } from '../../logged.ts';
import type { Sealed } from '../../seal.ts';

/** Items and batches for tests of stores, which look at shapes only: nothing here is signed. */

export const T0 = Date.parse('2026-11-21T00:00:00.000Z');

export function at(ms: number): string {
  return new Date(T0 + ms).toISOString();
}

export function itemId(seed: string): string {
  return createHash('sha256').update(seed).digest('base64url');
}

export function fakeItem(seed: string, fields: Partial<Item> = {}): Item {
  return {
    id: itemId(seed),
    kind: 'postgresql.blocking_tree/v1',
    class: 'symptom',
    connection: 'orders-db',
    stream: 'blocking_tree',
    entity: 'postgresql://orders-db/orders',
    related: [],
    occurredAt: at(0),
    observedAt: at(5),
    body: { seed },
    provenance: {
      connector: 'postgresql@1.0.0',
      read: 'blocking_tree',
      readDigest: `sha256:${'a'.repeat(64)}`,
      run: 'run-1',
      policy: { digest: `sha256:${'b'.repeat(64)}`, version: '7' },
      fields: { 'body.seed': 'standard#identifier' },
      redactions: [],
      dropped: { count: 0, names: [] },
      completeness: { state: 'complete', read: 1, expected: 1, reason: null },
      cost: { durationMs: 8, rows: 1, bytes: 2214, calls: 1 },
    },
    ...fields,
  };
}

/** A batch that follows `head`, of the shape that seal() makes. */
export function fakeSealed(items: readonly Item[], head: Head, purpose: 'run' | 'bundle' = 'run'): Sealed {
  const sealedItems = items.map((item) => ({
    item,
    canonical: JSON.stringify(item),
    salt: item.id.slice(0, 32),
    leaf: `sha256:${hex(item.id)}`,
  }));
  const numbers = purpose === 'run' && items.length > 0 ? head.lastItem + 1 : 0;
  const manifest = {
    schema: 'exhibit.manifest/v1',
    tenant: 'acme',
    sequence: (head.manifest?.sequence ?? 0) + 1,
    previous: head.manifest?.digest ?? null,
    purpose,
    window: { from: at(0), to: at(60_000) },
    createdAt: at(60_000),
    ledger: { first: numbers, last: numbers === 0 ? 0 : numbers + items.length - 1 },
  };
  const canonical = JSON.stringify(manifest);
  const digest = `sha256:${hex(canonical)}`;
  const logged = fakeLogged(digest, head);
  const batch = {
    manifest,
    canonical,
    digest,
    attestation: '{"mediaType":"test"}',
    logged,
    items: sealedItems,
  };
  return batch as unknown as Sealed;
}

/** The next leaf of the log, under a checkpoint that nobody signed. */
export function fakeLogged(digest: string, { log }: Pick<Head, 'log'>): Logged {
  const entry = JSON.stringify({ of: digest });
  const leaf = leafHashOfEntry(entry);
  const grown = appendLeaf(log, leaf);
  const checkpoint = { origin: 'acme.exhibit.internal', size: grown.size, root: frontierRoot(grown) };
  return { index: log.size, entry, leaf, size: grown.size, note: `${formatCheckpoint(checkpoint)}\n` };
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
