import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleOf } from '../../evidence/bundle/assemble.ts';
import { collect } from '../../evidence/bundle/testing/random-bundle.ts';
import { writableOf } from '../../evidence/bundle/writable.ts';
import { writeBundle } from '../../evidence/bundle/write.ts';
import type { Item } from '../../evidence/item.ts';
import { sampleProofs } from '../../evidence/testing/samples.ts';
import {
  bundleFolder,
  ENVELOPES,
  FORMS,
  KEYS,
  NAMES,
  PARTS,
  SEALED,
  sealedOf,
} from './testing/bundle-folder.ts';

const { at, cli, feed, names, read, write } = bundleFolder();

describe('bundle convert', () => {
  it.each(NAMES.flatMap((from) => NAMES.map((to) => [from, to] as const)))('%s to %s', async (from, to) => {
    const { code } = await cli('bundle', 'convert', from, `new-${to}`);
    expect(code).toBe(0);
    expect(read(`new-${to}`).equals(FORMS[to])).toBe(true);
    expect(statSync(at(`new-${to}`)).mode & 0o777).toBe(0o600);
    expect(names().filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it.each(NAMES)('takes %s from standard input and says what it wrote', async (from) => {
    feed(FORMS[from]);
    const { code, stdout } = await cli('bundle', 'convert', '-', 'out.tgz', '--json');
    expect(code).toBe(0);
    expect(read('out.tgz').equals(FORMS['a.tar.gz'])).toBe(true);
    expect(JSON.parse(stdout)).toEqual({ file: 'out.tgz', form: 'tar', bytes: FORMS['a.tar.gz'].length });
  });

  it('writes to standard output and nothing else there', async () => {
    const { code, stdout } = await cli('bundle', 'convert', 'a.tar.gz', '-', '--format', 'ndjson');
    expect(code).toBe(0);
    expect(stdout).toBe(FORMS['a.ndjson'].toString());
  });

  it('refuses a format that does not fit the name, or is none', async () => {
    expect((await cli('bundle', 'convert', 'a.json', 'b.json', '--format', 'ndjson')).code).toBe(2);
    expect((await cli('bundle', 'convert', 'a.json', 'b', '--format', 'zip')).code).toBe(2);
    expect(names()).not.toContain('b.json');
  });

  it('keeps nothing of a bundle that is broken at its end, and what was there before', async () => {
    write('broken.ndjson', FORMS['a.ndjson'].subarray(0, -5));
    write('b.ndjson', 'before');
    const { code, stderr } = await cli('bundle', 'convert', 'broken.ndjson', 'b.ndjson');
    expect(code).toBe(2);
    expect(stderr).toMatch(/last line has no end/);
    expect(read('b.ndjson').toString()).toBe('before');
    expect(names().filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('names what can not be written', async () => {
    const { code, stderr } = await cli('bundle', 'convert', 'a.json', 'no/such/b.json');
    expect(code).toBe(2);
    expect(stderr).toMatch(/can not be written \(ENOENT\)/);
  });
});

describe('bundle show', () => {
  it.each(NAMES)('says what %s is', async (name) => {
    const { code, stdout } = await cli('bundle', 'show', name);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^not verified: run exhibit verify\n/);
    for (const text of [
      'acme',
      'Checkout slow (inc-17)',
      '2026-11-20T23:30:00.000Z to 2026-11-21T00:30:00.000Z',
      '30 (30 listed, 30 in the manifest)',
      'orders-db',
      'sample@7',
      KEYS.signer.keyId,
      'acme.exhibit.internal, entry 41',
      '3 gaps',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it('says it as data', async () => {
    feed(FORMS['a.ndjson']);
    const { stdout } = await cli('bundle', 'show', '-', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      form: 'ndjson',
      tenant: 'acme',
      incident: { id: 'inc-17', title: 'Checkout slow' },
      keyId: KEYS.signer.keyId,
      items: 30,
      listed: 30,
      log: { index: 41 },
    });
  });

  it('ends with 2 for what is no bundle', async () => {
    write('broken', FORMS['a.tar.gz'].subarray(0, 2_000));
    mkdirSync(at('folder'));
    for (const name of ['broken', 'id.txt', 'gone', 'folder']) {
      const { code, stderr, stdout } = await cli('bundle', 'show', name);
      expect([name, code, stdout]).toEqual([name, 2, '']);
      expect(stderr).not.toBe('');
    }
  });
});

describe('bundle items', () => {
  const all = SEALED.items.map(({ canonical }) => `${canonical}\n`);

  it.each(NAMES)('prints the items of %s as they were SEALED', async (name) => {
    expect(await cli('bundle', 'items', name)).toEqual({ code: 0, stdout: all.join(''), stderr: '' });
  });

  it('prints what is asked for', async () => {
    const wanted = (filter: (item: Item) => boolean) =>
      SEALED.items.filter(({ item }) => filter(item)).map(({ canonical }) => `${canonical}\n`);
    const gaps = wanted((item) => item.class === 'gap');
    expect(gaps.length).toBe(3);
    expect((await cli('bundle', 'items', 'a.tar.gz', '--class', 'gap')).stdout).toBe(gaps.join(''));
    const kind = await cli('bundle', 'items', 'a.json', '--kind', 'sample.blocking/v1');
    expect(kind.stdout).toBe(wanted((item) => item.kind === 'sample.blocking/v1').join(''));
    const connection = await cli('bundle', 'items', 'a.json', '--connection', 'other');
    expect(connection).toEqual({ code: 0, stdout: '', stderr: '' });
    const both = await cli('bundle', 'items', 'a.json', '--connection', 'orders-db', '--class', 'gap');
    expect(both.stdout).toBe(gaps.join(''));
  });

  it('does not read an item that is not JSON', async () => {
    const text = FORMS['a.json'].toString().replace('{"item":{', '{"item":{x');
    write('odd.json', text);
    expect((await cli('bundle', 'items', 'odd.json', '--class', 'gap')).code).toBe(2);
  });
});

describe('bundle diff', () => {
  it.each(NAMES)('finds a.json the same as %s', async (name) => {
    const { code, stdout } = await cli('bundle', 'diff', 'a.json', name, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ same: true, items: { same: 30 }, parts: [], manifest: [] });
  });

  it('names what differs', async () => {
    const parts = { ...PARTS, timeline: [{ at: 'never' }] };
    const agent = {
      name: 'exhibit',
      version: '0.2.0',
      build: `sha256:${'c'.repeat(64)}`,
      identity: 'exhibit-1',
    };
    const shorter = await sealedOf(ENVELOPES.slice(4), parts, { agent });
    const bundle = bundleOf(shorter, parts, sampleProofs(shorter));
    const changed = [...bundle.contents].map((entry, index) =>
      index === 2 ? { ...entry, leaf: `sha256:${'0'.repeat(64)}` } : entry,
    );
    const bytes = await collect(writeBundle(writableOf({ ...bundle, contents: changed }), 'tar'));
    write('b.tar.gz', bytes);
    const { code, stdout } = await cli('bundle', 'diff', 'a.json', 'b.tar.gz', '--json');
    expect(code).toBe(1);
    const found = JSON.parse(stdout);
    const left = new Set(changed.map(({ id }) => id));
    expect(found.items).toEqual({
      onlyInA: SEALED.items.map(({ item }) => item.id).filter((id) => !left.has(id)),
      onlyInB: [],
      changed: [changed[2]?.id],
      same: 25,
    });
    expect(found.parts).toEqual(['timeline']);
    expect(found.manifest.map(({ field }: { field: string }) => field)).toEqual(['agent']);
    const back = await cli('bundle', 'diff', 'b.tar.gz', 'a.json');
    expect(back.code).toBe(1);
    expect(back.stdout).toMatch(/only in B: 4\n/);
    expect(back.stdout).toMatch(/another leaf: 1\n/);
  });

  it('takes one of them from standard input', async () => {
    feed(FORMS['a.tar.gz']);
    expect((await cli('bundle', 'diff', '-', 'a.json')).code).toBe(0);
    expect((await cli('bundle', 'diff', '-', '-')).code).toBe(2);
  });
});

describe('bundle extract', () => {
  it('gives the same files for every form', async () => {
    for (const name of NAMES) expect((await cli('bundle', 'extract', name, `out-${name}`)).code).toBe(0);
    const [first = [], ...others] = NAMES.map((name) => filesOf(at(`out-${name}`)));
    expect(first.map(([name]) => name)).toEqual([
      'VERIFY.md',
      'candidates.json',
      'checkpoint',
      'contents.ndjson',
      'evidence.pub',
      'incident.json',
      'items.ndjson',
      'ledger.json',
      'log-entry.json',
      'manifest.json',
      'manifest.sigstore.json',
      'material.json',
      'proofs.json',
      'statement.json',
      'summary.json',
      'timeline.json',
    ]);
    for (const other of others) expect(other).toEqual(first);
    expect(Object.fromEntries(first)['manifest.json']).toBe(SEALED.canonical);
  });

  it('overwrites nothing: a trusted key stays what it was, and no other file appears beside it', async () => {
    mkdirSync(at('mine'));
    writeFileSync(at('mine/evidence.pub'), 'the key that I trust');
    const { code, stderr } = await cli('bundle', 'extract', 'a.json', 'mine');
    expect([code, stderr]).toEqual([2, expect.stringContaining('mine/evidence.pub is there already')]);
    expect(filesOf(at('mine'))).toEqual([['evidence.pub', 'the key that I trust']]);
  });

  function filesOf(inside: string): readonly (readonly [string, string])[] {
    return readdirSync(inside)
      .toSorted()
      .map((name) => [name, readFileSync(path.join(inside, name), 'utf8')] as const);
  }
});
