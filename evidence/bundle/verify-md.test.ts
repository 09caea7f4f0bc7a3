import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { seal } from '../seal.ts';
import { PREDICATE_TYPE } from '../statement.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../testing/samples.ts';
import { bundleOf, partDigests } from './assemble.ts';
import { collect } from './testing/random-bundle.ts';
import { VERIFY_TEXT } from './verify-text.ts';
import { writableOf } from './writable.ts';
import { writeBundle } from './write.ts';

/** What the text tells a stranger to run, run as it stands there. */

const STOCK_TOOLS = ['tar', 'sh', 'openssl', 'sha256sum', 'python3'];
const missing = STOCK_TOOLS.filter((tool) => spawnSync('which', [tool]).status !== 0);
const folder = mkdtempSync(path.join(tmpdir(), 'exhibit-verify-md-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [...VERIFY_TEXT.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands]) => commands ?? '');
const ALL_GOOD = [
  'Verified OK',
  'manifest: OK',
  'candidates: OK',
  'incident: OK',
  'ledger: OK',
  'material: OK',
  'summary: OK',
  'timeline: OK',
  'contents: OK',
  'items: OK',
  'root: OK',
  'log entry: OK',
  'inclusion: OK',
];

async function archiveOf(
  items: number,
  name: string,
): Promise<{ readonly folder: string; readonly key: string }> {
  const keys = sampleKeys();
  const material = {
    publicKeys: [keys.signer.publicKeyPem],
    trustedRoot: { a: 1 },
    keyHistory: { b: 2 },
    verify: VERIFY_TEXT,
  };
  const parts = { ...SAMPLE_PARTS, material };
  const envelopes = sampleEnvelopes(items);
  const context = sampleBundleContext(envelopes, keys, { parts: partDigests(parts) });
  const sealed = await seal(envelopes, context);
  const bundle = writableOf(bundleOf(sealed, parts, sampleProofs(sealed)));
  const into = path.join(folder, name);
  mkdirSync(into);
  const [archive, key] = [path.join(folder, `${name}.tar.gz`), path.join(folder, `${name}.pub`)];
  writeFileSync(archive, await collect(writeBundle(bundle, 'tar')));
  writeFileSync(key, keys.signer.publicKeyPem);
  execFileSync('tar', ['-xzf', archive, '-C', into]);
  return { folder: into, key };
}

function run(archive: { readonly folder: string; readonly key: string }): readonly string[] {
  const env = { ...process.env, KEY: archive.key };
  const { stdout } = spawnSync('sh', ['-c', COMMANDS.join('\n')], {
    cwd: archive.folder,
    env,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('VERIFY.md', () => {
  it('names what is signed as it is named', () => {
    expect(VERIFY_TEXT).toContain(PREDICATE_TYPE);
    expect(COMMANDS.length).toBe(5);
  });
});

const without = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} is not on the PATH)`;

describe.skipIf(missing.length > 0)(`VERIFY.md, unpacked with tar${without}`, () => {
  it('stands in the archive, first', async () => {
    const archive = await archiveOf(2, 'text');
    expect(readFileSync(path.join(archive.folder, 'VERIFY.md'), 'utf8')).toBe(VERIFY_TEXT);
    expect(
      execFileSync('tar', ['-tzf', `${archive.folder}.tar.gz`], { encoding: 'utf8' }).split('\n'),
    ).toEqual([
      'VERIFY.md',
      'manifest.json',
      'manifest.sigstore.json',
      'statement.json',
      'evidence.pub',
      'trusted_root.json',
      'key-history.json',
      'checkpoint',
      'log-entry.json',
      'proofs.json',
      'material.json',
      'incident.json',
      'summary.json',
      'timeline.json',
      'candidates.json',
      'ledger.json',
      'contents.ndjson',
      'items.ndjson',
      '',
    ]);
  });

  it.each([0, 1, 2, 3, 7, 50])('its commands find a bundle of %d items good', async (items) => {
    expect(run(await archiveOf(items, `good-${items}`))).toEqual(ALL_GOOD);
  });

  it.each([
    ['manifest.json', '"tenant":"acme"', '"tenant":"evil"', ['manifest: CHANGED']],
    ['statement.json', '"tenant":"acme"', '"tenant":"evil"', ['Verification failure', 'log entry: CHANGED']],
    ['candidates.json', '[]', '[1]', ['candidates: CHANGED']],
    ['incident.json', 'Checkout', 'Checkin', ['incident: CHANGED']],
    ['ledger.json', '{', '{ ', ['ledger: CHANGED']],
    ['material.json', '"a":1', '"a":2', ['material: CHANGED']],
    ['summary.json', '"gaps":2', '"gaps":0', ['summary: CHANGED']],
    ['timeline.json', 'symptom', 'nothing', ['timeline: CHANGED']],
    ['contents.ndjson', '"id":"', '"id":"x', ['contents: CHANGED']],
    ['items.ndjson', '"wait_ms":', '"wait_ms":1', ['items: CHANGED', 'root: CHANGED']],
    ['items.ndjson', '"salt":"', '"salt":"00', ['items: CHANGED', 'root: CHANGED']],
    ['items.ndjson', '{"item":', '{"salt":', ['items: CHANGED']],
    ['items.ndjson', ',"salt":"', ',"item":"', ['items: CHANGED']],
    ['log-entry.json', '0.0.2', '0.0.3', ['inclusion: CHANGED']],
    [
      'manifest.sigstore.json',
      String.raw`"envelope":"`,
      String.raw`"envelope":"evil.`,
      ['inclusion: CHANGED'],
    ],
  ])('its commands find a changed %s', async (file, from, to, found) => {
    const archive = await archiveOf(5, `changed-${`${from}-${to}`.replace(/\W/g, '')}-${file}`);
    const changed = path.join(archive.folder, file);
    const text = readFileSync(changed, 'utf8');
    expect(text).toContain(from);
    writeFileSync(changed, text.replace(from, to));
    const said = run(archive);
    for (const line of found) expect(said).toContain(line);
    expect(said).not.toEqual(ALL_GOOD);
  });

  it.each(['', '\n'])(
    'its commands find an item that was put behind the last one, ended by %j',
    async (end) => {
      const archive = await archiveOf(3, `added-${end.length}`);
      const items = path.join(archive.folder, 'items.ndjson');
      const text = readFileSync(items, 'utf8');
      const forged = text.slice(0, text.indexOf('\n')).replace('"class":"', '"class":"x');
      writeFileSync(items, `${text}${forged}${end}`);
      expect(run(archive)).toContain('items: CHANGED');
    },
  );

  it('its commands do not find an archive good whose log entry was taken out', async () => {
    const archive = await archiveOf(3, 'no-log-entry');
    rmSync(path.join(archive.folder, 'log-entry.json'));
    const said = run(archive);
    expect(said).not.toContain('log entry: OK');
    expect(said).not.toContain('inclusion: OK');
  });

  it('its commands find a key that is not the one', async () => {
    const archive = await archiveOf(2, 'other-key');
    writeFileSync(archive.key, sampleKeys().signer.publicKeyPem);
    expect(run(archive)).toContain('Verification failure');
  });
});
