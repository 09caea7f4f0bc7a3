import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore, type SqliteStore } from './sqlite-store.ts';
import type { StoredManifest } from './store.ts';

const CHILD = fileURLToPath(new URL('./testing/kill-child.ts', import.meta.url));
const KILLS = 24;

interface Acknowledged {
  readonly seed: string;
  readonly batch: number;
  readonly manifest: string;
  readonly ids: readonly string[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a writer and kills it `delayMs` after it opened the store. Returns what it acknowledged. */
async function writeAndKill(path: string, seed: string, delayMs: number): Promise<readonly Acknowledged[]> {
  const child = spawn(process.execPath, [CHILD, path, seed], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_code, signal) => resolve(signal)),
  );
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'open') setTimeout(() => child.kill('SIGKILL'), delayMs);
    // The kill may cut the last line; what can not be read was not acknowledged.
    else if (line.endsWith('}')) acknowledged.push(JSON.parse(line) as Acknowledged);
  }
  expect(await ended).toBe('SIGKILL');
  return acknowledged;
}

async function everyManifest(store: SqliteStore): Promise<readonly StoredManifest[]> {
  const manifests: StoredManifest[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.manifests({ limit: 1_000, ...(cursor === null ? {} : { cursor }) });
    manifests.unshift(...page.items.toReversed());
    cursor = page.next;
  } while (cursor !== null);
  return manifests;
}

async function everyItem(store: SqliteStore): Promise<ReadonlyMap<string, string>> {
  const manifestOf = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const page = await store.query({ limit: 1_000, ...(cursor === null ? {} : { cursor }) });
    for (const { id, manifest } of page.items) {
      expect(manifestOf.has(id), `${id} is there twice`).toBe(false);
      manifestOf.set(id, manifest);
    }
    cursor = page.next;
  } while (cursor !== null);
  return manifestOf;
}

describe('a store whose process is killed', () => {
  it(`loses and doubles nothing over ${KILLS} kills`, async () => {
    const path = join(folder, 'exhibit.db');
    const acknowledged: Acknowledged[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      acknowledged.push(...(await writeAndKill(path, `seed-${kill}`, Math.floor(Math.random() * 120))));
    }
    expect(acknowledged.length).toBeGreaterThan(KILLS);

    const store = await openSqliteStore({ path });
    const manifests = await everyManifest(store);
    const manifestOf = await everyItem(store);
    const state = await store.state('prod', 'objects');

    for (const { seed, batch, manifest, ids } of acknowledged) {
      expect(ids.filter((id) => !manifestOf.has(id))).toEqual([]);
      expect(manifests.some(({ digest }) => digest === manifest)).toBe(true);
      expect(state.get(seed)).toBeGreaterThanOrEqual(batch);
    }
    let previous: string | null = null;
    for (const [index, manifest] of manifests.entries()) {
      const body = JSON.parse(manifest.canonical) as { previous: string | null; items: { id: string }[] };
      expect(manifest.sequence).toBe(index + 1);
      expect(body.previous).toBe(previous);
      previous = `sha256:${createHash('sha256').update(manifest.canonical).digest('hex')}`;
      expect(manifest.digest).toBe(previous);
      expect(new Set(body.items.map(({ id }) => manifestOf.get(id)))).toEqual(new Set([manifest.digest]));
    }
    const sealed = manifests.reduce((sum, manifest) => sum + manifest.items, 0);
    expect(manifestOf.size).toBe(sealed);
    // Every batch made one manifest and set the state to its number: neither is ever there without the other.
    const batches = [...state.values()].reduce<number>((sum, batch) => sum + Number(batch) + 1, 0);
    expect(batches).toBe(manifests.length);
    await store.close();
  });
});
