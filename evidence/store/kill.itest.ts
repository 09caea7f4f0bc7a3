import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hexOf } from '../digest.ts';
import { leafDigest } from '../leaf.ts';
import { auditLog, storedLog } from '../log/audit.ts';
import { generateNoteKey, localNoteSigner } from '../log/note.ts';
import { merkleRoot } from '../merkle.ts';
import { generateKeyPair } from '../sign/local.ts';
import { verifyChain } from '../verify.ts';
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

/** Runs a writer and kills it in the midst of work, some time after it acknowledged `batches`. */
async function writeAndKill(
  path: string,
  seed: string,
  keyFiles: readonly string[],
  batches: number,
): Promise<readonly Acknowledged[]> {
  const child = spawn(process.execPath, [CHILD, path, seed, ...keyFiles], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // What the first one compiled is there for all that follow.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_code, signal) => resolve(signal)),
  );
  const acknowledged: Acknowledged[] = [];
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    // The first line says that the store is open; the kill may cut the last one, which then acknowledges nothing.
    if (lines > 0 && line.endsWith('}')) acknowledged.push(JSON.parse(line) as Acknowledged);
    if (lines === batches) setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
    lines += 1;
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
    const keyFile = join(folder, 'signing.pem');
    const { privateKeyPem, publicKeyPem } = generateKeyPair();
    writeFileSync(keyFile, privateKeyPem);
    const noteKeyFile = join(folder, 'checkpoint.pem');
    const noteKey = generateNoteKey();
    writeFileSync(noteKeyFile, noteKey);
    const acknowledged: Acknowledged[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      acknowledged.push(...(await writeAndKill(path, `seed-${kill}`, [keyFile, noteKeyFile], kill % 6)));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual((KILLS / 6) * (0 + 1 + 2 + 3 + 4 + 5));

    const store = await openSqliteStore({ path });
    const manifests = await everyManifest(store);
    const manifestOf = await everyItem(store);
    const state = await store.state('prod', 'objects');

    for (const { seed, batch, manifest, ids } of acknowledged) {
      expect(ids.filter((id) => !manifestOf.has(id))).toEqual([]);
      expect(manifests.some(({ digest }) => digest === manifest)).toBe(true);
      expect(state.get(seed)).toBeGreaterThanOrEqual(batch);
    }
    expect(verifyChain(manifests, { publicKeyPem: [publicKeyPem] })).toMatchObject({ good: true });
    expect(manifests.map(({ sequence }) => sequence)).toEqual(manifests.map((_, index) => index + 1));
    for (const { canonical, digest } of manifests) {
      const contents = await store.contents(digest);
      expect(new Set(contents.map(({ id }) => manifestOf.get(id)))).toEqual(new Set([digest]));
      const leaves = contents.map(({ leaf }) => Buffer.from(hexOf(leaf), 'hex'));
      expect(JSON.parse(canonical)).toMatchObject({ itemsRoot: leafDigest(merkleRoot(leaves)) });
    }
    const sealed = manifests.reduce((sum, manifest) => sum + manifest.items, 0);
    expect(manifestOf.size).toBe(sealed);
    // Every batch made one manifest and set the state to its number: neither is ever there without the other.
    const batches = [...state.values()].reduce<number>((sum, batch) => sum + Number(batch) + 1, 0);
    expect(batches).toBe(manifests.length);
    const { vkey } = localNoteSigner('acme.exhibit.internal', noteKey);
    const source = storedLog(store.log);
    await expect(auditLog({ source, vkey, kept: null })).resolves.toBeDefined();
    expect(await store.log.size()).toBe(manifests.length);
    await store.close();
  });
});
