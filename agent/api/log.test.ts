import { createPublicKey, hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLog } from '../../evidence/log/audit.ts';
import { signCheckpoint } from '../../evidence/log/checkpoint.ts';
import { leafHashOfEntry, logEntry } from '../../evidence/log/entry.ts';
import { appendLeaf, frontierRoot } from '../../evidence/log/frontier.ts';
import { httpLog } from '../../evidence/log/http-log.ts';
import { generateNoteKey, localNoteSigner, type NoteSigner } from '../../evidence/log/note.ts';
import { decodeEntries } from '../../evidence/log/tiles.ts';
import { merkleRoot, verifyConsistency, verifyInclusion } from '../../evidence/merkle.ts';
import { generateKeyPair, localSigner } from '../../evidence/sign/local.ts';
import { fakeItem } from '../../evidence/store/testing/store-fixtures.ts';
import { serveApi } from './serve.ts';
import { ApiFixture, TOKEN } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

/** So many manifests; returns their digests. */
async function logged(count: number): Promise<readonly string[]> {
  const digests: string[] = [];
  for (let number = 0; number < count; number += 1) {
    digests.push((await api.append([fakeItem(`item ${number}`)])).digest);
  }
  return digests;
}

const logSigner = () => localNoteSigner('acme.exhibit.internal', generateNoteKey());

/** Adds leaves as the agent makes them; returns their entries. */
async function logSigned(count: number, signer: NoteSigner): Promise<readonly string[]> {
  const { log } = api.store;
  const pair = generateKeyPair();
  const publicKey = createPublicKey(pair.publicKeyPem).export({ type: 'spki', format: 'der' });
  const evidenceSigner = localSigner(pair.privateKeyPem);
  const entries: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const before = log.frontier();
    const signature = await evidenceSigner.sign(Buffer.from(`manifest ${number}`));
    const paeDigest = hash('sha256', `${before.size}`, 'buffer');
    const entry = logEntry({ paeDigest, signature, publicKey });
    const leaf = leafHashOfEntry(entry);
    const grown = appendLeaf(before, leaf);
    const note = await signCheckpoint(
      { origin: signer.name, size: grown.size, root: frontierRoot(grown) },
      signer,
    );
    const digest = `sha256:${paeDigest.toString('hex')}`;
    const createdAt = '2026-11-21T00:00:00.000Z';
    log.append({
      kind: 'receipt',
      digest,
      createdAt,
      index: before.size,
      entry,
      leaf,
      size: grown.size,
      note,
    });
    entries.push(entry);
  }
  return entries;
}

const bytes = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await api.request(path)).arrayBuffer());
const fromBase64 = (texts: readonly string[]) => texts.map((text) => Buffer.from(text, 'base64'));

interface Inclusion {
  readonly kind: string;
  readonly digest: string;
  readonly index: number;
  readonly size: number;
  readonly entry: string;
  readonly leaf: string;
  readonly root: string;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
}

interface Consistency {
  readonly from: { readonly size: number; readonly root: string; readonly checkpoint: string | null };
  readonly to: { readonly size: number; readonly root: string; readonly checkpoint: string | null };
  readonly hashes: readonly string[];
}

describe('/log', () => {
  it('serves the newest checkpoint as text that caches ask about again', async () => {
    await expectProblem(await api.request('/log/checkpoint'), 404);
    await logged(3);
    const response = await api.request('/log/checkpoint');
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('Cache-Control')).toBe('private, no-cache');
    expect(await response.text()).toBe(await api.store.log.checkpoint(3));
    const again = await api.request('/log/checkpoint', {
      headers: { 'If-None-Match': response.headers.get('ETag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('serves tiles and entries of every width that a checkpoint needs, and never changes them', async () => {
    await logged(258);
    for (const [path, length] of [
      ['tile/0/000', 256 * 32],
      ['tile/0/000.p/255', 255 * 32],
      ['tile/0/001.p/2', 2 * 32],
      ['tile/1/000.p/1', 32],
    ] as const) {
      const response = await api.request(`/log/${path}`);
      expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, length]);
      expect(response.headers.get('Content-Type')).toBe('application/octet-stream');
      expect(response.headers.get('Cache-Control')).toBe('private, max-age=31536000, immutable');
    }
    const leaves = await bytes('/log/tile/0/000');
    const hashes = Array.from({ length: 256 }, (_, at) => leaves.subarray(at * 32, at * 32 + 32));
    expect(await bytes('/log/tile/1/000.p/1')).toEqual(Buffer.from(merkleRoot(hashes)));
    const full = await bytes('/log/tile/entries/000');
    const partial = await bytes('/log/tile/entries/000.p/7');
    expect(full.subarray(0, partial.length)).toEqual(partial);
  });

  it('compresses entries for clients that take it', async () => {
    const [entry = ''] = await logSigned(1, logSigner());
    const ask = (accepted: string) =>
      api.request('/log/tile/entries/000.p/1', { headers: { 'Accept-Encoding': accepted } });
    for (const accepted of ['gzip', 'br, gzip', 'identity, GZIP;q=0.5', 'gzip ; q=1.0']) {
      const response = await ask(accepted);
      expect([response.headers.get('Content-Encoding'), response.headers.get('Vary')]).toEqual([
        'gzip',
        'Accept-Encoding',
      ]);
      const bundle = gunzipSync(Buffer.from(await response.arrayBuffer()));
      expect(decodeEntries(bundle, 1).map((each) => Buffer.from(each).toString())).toEqual([entry]);
    }
    for (const accepted of ['', 'identity', 'gzip;q=0', 'gzip; q=0.000', 'xgzip', 'gzipped']) {
      const response = await ask(accepted);
      expect(response.headers.get('Content-Encoding')).toBeNull();
      const bundle = Buffer.from(await response.arrayBuffer());
      expect(decodeEntries(bundle, 1).map((each) => Buffer.from(each).toString())).toEqual([entry]);
    }
  });

  it.each([
    'tile/0/001',
    'tile/0/000.p/4',
    'tile/0/000',
    'tile/1/000.p/1',
    'tile/entries/000.p/4',
    'tile/entries/001.p/1',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/03',
    'tile/00/000.p/3',
    'tile/0/0.p/3',
    'tile/0/x000/000.p/3',
    'tile/0/000.p/3/',
    'tile/64/000.p/1',
    'tile/data/000.p/3',
    'tile/0/%30%30%30.p/3',
    'tile/0/-01',
  ])('has no %s when it has three entries', async (path) => {
    await logged(3);
    await expectProblem(await api.request(`/log/${path}`), 404);
  });

  it('refuses parameters, and asks for the token unless the log is public', async () => {
    await logged(1);
    await expectProblem(await api.request('/log/tile/0/000.p/1?x=1'), 400);
    await expectProblem(await api.app.request('/log/checkpoint'), 401);
    await expectProblem(await api.app.request('/log/tile/0/000.p/1'), 401);
    const open = await ApiFixture.open({ options: { publicLog: true } });
    await open.append([fakeItem('a')]);
    const response = await open.app.request('/log/tile/0/000.p/1');
    expect([response.status, response.headers.get('Cache-Control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect((await open.app.request('/log/checkpoint')).status).toBe(200);
    for (const path of [
      '/v1/log/inclusion?index=0',
      '/log/../v1/manifests',
      '/log/%2e%2e/v1/manifests',
      '/log',
    ]) {
      expect((await open.app.request(`http://localhost${path}`)).status, path).toBe(401);
    }
    await open.close();
  });
});

describe('the last look at a response', () => {
  it('passes over entries only when they are digests, signatures and keys', async () => {
    const { log } = api.store;
    const address = ['ann.example', 'mail.example.com'].join('@');
    const entry = JSON.stringify({ note: `write to ${address}` });
    const leaf = leafHashOfEntry(entry);
    const signer = logSigner();
    const root = frontierRoot(appendLeaf(log.frontier(), leaf));
    const note = await signCheckpoint({ origin: signer.name, size: 1, root }, signer);
    const [digest, createdAt] = [`sha256:${'3'.repeat(64)}`, '2026-11-21T00:00:00.000Z'];
    log.append({ kind: 'receipt', digest, createdAt, index: 0, entry, leaf, size: 1, note });
    const problem = await expectProblem(await api.request('/log/tile/entries/000.p/1'), 500);
    expect(problem.detail).toContain('held back');
    expect((await api.request('/log/tile/0/000.p/1')).status).toBe(200);
  });
});

describe('an auditor of the API', () => {
  it('reads all of the log over HTTP, and then what is new', async () => {
    const signer = logSigner();
    const server = await serveApi(api.app, { port: 0 });
    try {
      const source = httpLog({
        url: new URL(`${server.url}/log`),
        token: TOKEN,
        sleep: () => Promise.reject(new Error('the API must not be busy')),
      });
      const entries = [...(await logSigned(300, signer))];
      const seen: string[] = [];
      const onEntry = async (index: number, entry: Uint8Array): Promise<void> => {
        expect(index).toBe(seen.length);
        seen.push(Buffer.from(entry).toString());
      };
      const first = await auditLog({ source, vkey: signer.vkey, kept: null, onEntry });
      entries.push(...(await logSigned(250, signer)));
      const second = await auditLog({ source, vkey: signer.vkey, kept: first.note, onEntry });
      expect([first.added, second.added]).toEqual([300, 250]);
      expect(seen).toEqual(entries);
      expect(api.logged.filter(({ message }) => message.includes('held back'))).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe('/v1/log/inclusion', () => {
  it('proves a manifest by its digest, and a leaf by its place, in the newest tree and in older ones', async () => {
    const digests = await logged(9);
    for (const query of [
      `manifest=${digests[4]}`,
      'index=4',
      'index=4&size=6',
      `manifest=${digests[4]}&size=5`,
    ]) {
      const proof = await api.get<Inclusion>(`/v1/log/inclusion?${query}`);
      expect(proof).toMatchObject({ kind: 'manifest', digest: digests[4], index: 4 });
      const [leaf, root] = fromBase64([proof.leaf, proof.root]);
      if (leaf === undefined || root === undefined) throw new Error('no proof');
      const given = { leaf, index: 4, size: proof.size, proof: fromBase64(proof.hashes), root };
      expect(verifyInclusion(given)).toBe(true);
      expect(proof.checkpoint).toContain(`\n${proof.size}\n${proof.root}\n`);
      expect(proof.checkpoint).toBe(await api.store.log.checkpoint(proof.size));
    }
  });

  it.each([
    ['neither', '', 400],
    ['both', `?index=1&manifest=sha256:${'0'.repeat(64)}`, 400],
    ['an index that is none', '?index=01', 400],
    ['an index beyond the end', '?index=2', 404],
    ['an unknown digest', `?manifest=sha256:${'0'.repeat(64)}`, 404],
    ['a tree without the leaf', '?index=1&size=1', 404],
    ['a tree that is not there yet', '?index=1&size=3', 404],
    ['a tree of nothing', '?index=0&size=0', 404],
    ['something else', '?index=1&leaf=1', 400],
  ])('refuses %s', async (_case, query, status) => {
    await logged(2);
    await expectProblem(await api.request(`/v1/log/inclusion${query}`), status);
  });
});

describe('/v1/log/consistency', () => {
  it('proves that the log only grew', async () => {
    await logged(8);
    for (const [query, from, to] of [
      ['from=3', 3, 8],
      ['from=3&to=7', 3, 7],
      ['from=4&to=4', 4, 4],
      ['from=0&to=5', 0, 5],
    ] as const) {
      const proof = await api.get<Consistency>(`/v1/log/consistency?${query}`);
      expect([proof.from.size, proof.to.size]).toEqual([from, to]);
      const heads = [proof.from, proof.to].map(({ size, root }) => ({
        size,
        root: Buffer.from(root, 'base64'),
      }));
      const [older, newer] = heads;
      if (older === undefined || newer === undefined) throw new Error('no heads');
      expect(verifyConsistency(older, newer, fromBase64(proof.hashes))).toBe(true);
      expect(proof.to.checkpoint).toBe(await api.store.log.checkpoint(to));
      expect(proof.from.checkpoint).toBe(from === 0 ? null : await api.store.log.checkpoint(from));
    }
  });

  it.each([
    ['no size', '', 400],
    ['a larger first', '?from=2&to=1', 400],
    ['one that is not there yet', '?from=1&to=3', 404],
    ['a sign', '?from=-1', 400],
  ])('refuses %s', async (_case, query, status) => {
    await logged(2);
    await expectProblem(await api.request(`/v1/log/consistency${query}`), status);
  });
});
