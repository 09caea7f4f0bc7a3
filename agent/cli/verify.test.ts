import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_FORMS } from '../../evidence/bundle/documents.ts';
import { signCheckpoint } from '../../evidence/log/checkpoint.ts';
import { frontierRoot } from '../../evidence/log/frontier.ts';
import { seal } from '../../evidence/seal.ts';
import {
  sampleContext,
  sampleEnvelopes,
  sampleFrontier,
  sampleKeys,
} from '../../evidence/testing/samples.ts';
import { inForm, sealedSample } from '../../evidence/testing/sealed-sample.ts';
import { SampleHistory } from '../../evidence/trust/testing/sample-history.ts';
import type { VerifyReport } from '../../evidence/verify.ts';
import { testAuthority } from '../../test/helpers/timestamp-authority.ts';
import { cliIn } from './testing/cli.ts';

const sample = await sealedSample(7);
const { keys, documents } = sample;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-verify-'));
  const run = await seal(sampleEnvelopes(4), sampleContext(sampleEnvelopes(4), keys));
  const history = await SampleHistory.begin(keys.signer, '2026-11-01T00:00:00.000Z', keys.checkpointSigner);
  const kept = await Promise.all([7, 41].map((size) => note(size)));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'evidence.pub': keys.signer.publicKeyPem,
    'other.pub': sampleKeys().signer.publicKeyPem,
    'log.vkey': `${keys.checkpointSigner.vkey}\n`,
    'manifest.json': run.canonical,
    'manifest.sigstore.json': run.attestation,
    'history.json': history.text(),
    'kept.txt': kept.join('\n'),
    'forked.txt': await note(41, 'another tree'),
    'tsa.pem': testAuthority().chainPem,
    empty: '',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  for (const form of BUNDLE_FORMS) await writeFile(path.join(folder, form), await inForm(documents, form));
});
afterAll(() => rm(folder, { recursive: true }));

async function note(size: number, other?: string): Promise<string> {
  const tree = other === undefined ? sampleFrontier(size) : sampleFrontier(size + 1);
  return signCheckpoint(
    { origin: keys.checkpointSigner.name, size, root: frontierRoot(tree) },
    keys.checkpointSigner,
  );
}

let piped: Uint8Array = Buffer.alloc(0);
const cli = cliIn(
  () => folder,
  undefined,
  () => Readable.from([piped]),
);

function verify(args: readonly string[], stdin: Uint8Array = Buffer.alloc(0)) {
  piped = stdin;
  return cli('verify', ...args);
}

async function resultsOf(args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await verify([...args, '--json']);
  const report = JSON.parse(stdout) as VerifyReport;
  return Object.fromEntries(report.checks.map(({ check, result }) => [check, result]));
}

const KEY = ['--key', 'evidence.pub'];

describe('exhibit verify', () => {
  it.each(BUNDLE_FORMS)(
    'accepts a bundle in the form %s, from a file and from standard input',
    async (form) => {
      expect(await verify([form, ...KEY])).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringMatching(/^good: a bundle of 7 items\n[^]*not proved:\n/),
      });
      expect(await verify(['-', ...KEY], await inForm(documents, form))).toMatchObject({ code: 0 });
    },
  );

  it('says what is not proved with the key alone, and proves it with what else is given', async () => {
    expect(await resultsOf(['json', ...KEY])).toMatchObject({
      timestamp: 'warning',
      'key-window': 'warning',
      checkpoint: 'warning',
      consistency: 'warning',
      items: 'ok',
    });
    const given = ['--log-key', 'log.vkey', '--key-history', 'history.json', '--checkpoints', 'kept.txt'];
    expect(await resultsOf(['json', ...KEY, ...given])).toMatchObject({
      'key-window': 'warning',
      checkpoint: 'ok',
      consistency: 'ok',
    });
    expect(await resultsOf(['json', ...KEY, '--log-key', keys.checkpointSigner.vkey])).toMatchObject({
      checkpoint: 'ok',
    });
  });

  it('ends with 1 for a log that shows two histories', async () => {
    const { code, stdout } = await verify([
      'json',
      ...KEY,
      '--log-key',
      'log.vkey',
      '--checkpoints',
      'kept.txt',
      '--checkpoints',
      'forked.txt',
    ]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('LOG_FORKED')]);
  });

  it('ends with 1 for a changed bundle in each form, and names the item', async () => {
    for (const form of ['json', 'ndjson'] as const) {
      const bytes = Buffer.from(await inForm(documents, form));
      const changed = Buffer.from(bytes.toString('latin1').replace('"wait_ms":81', '"wait_ms":91'), 'latin1');
      expect(changed.equals(bytes)).toBe(false);
      await writeFile(path.join(folder, 'changed'), changed);
      const { code, stdout } = await verify(['changed', ...KEY]);
      expect([code, stdout]).toEqual([1, expect.stringMatching(/ITEM_CHANGED items\[\d\]/)]);
      expect(await verify(['-', ...KEY], changed)).toMatchObject({ code: 1, stdout });
    }
  });

  it('verifies a manifest and a key history', async () => {
    expect(await verify(['manifest.json', ...KEY])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^good: a manifest of 4 items\n/),
    });
    expect(await verify(['manifest.json', ...KEY, '--attestation', 'json'])).toMatchObject({ code: 1 });
    expect(await verify(['history.json', ...KEY])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^good: a key history of 2 keys\n/),
    });
    expect(await verify(['history.json', '--key', 'other.pub'])).toMatchObject({ code: 1 });
  });

  it.each([
    ['a file that is not there', ['gone', ...KEY]],
    ['a folder', ['.', ...KEY]],
    ['a key that is none', ['json', '--key', 'json']],
    ['a key of a log that is none', ['json', ...KEY, '--log-key', 'json']],
    ['certificates that are none', ['json', ...KEY, '--tsa', 'log.vkey']],
    ['checkpoints without a key to verify them with', ['json', ...KEY, '--checkpoints', 'kept.txt']],
    ['checkpoints that are empty', ['json', ...KEY, '--log-key', 'log.vkey', '--checkpoints', 'empty']],
    ['checkpoints that are none', ['json', ...KEY, '--log-key', 'log.vkey', '--checkpoints', 'log.vkey']],
    ['a key history of another agent', ['json', '--key', 'other.pub', '--key-history', 'history.json']],
    ['no key', ['json']],
  ])('ends with 2 for %s', async (_, args) => {
    const { code, stdout, stderr } = await verify(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toBe('');
  });
});
