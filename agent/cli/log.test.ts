import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../evidence/log/checkpoint.ts';
import { generateNoteKey, localNoteSigner } from '../../evidence/log/note.ts';
import { LogFixture, ORIGIN } from '../../evidence/log/testing/log-fixture.ts';
import { LogServer, served } from '../../evidence/log/testing/log-server.ts';
import { decodeEntries } from '../../evidence/log/tiles.ts';
import { verifyInclusion } from '../../evidence/merkle.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import { cliIn } from './testing/cli.ts';

let folder = '';
let server: LogServer;
let url = '';
let honest: LogFixture;
const others: LogServer[] = [];
const exhibit = cliIn(() => folder);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-log-'));
  honest = new LogFixture();
  await honest.growTo(300);
  server = new LogServer(served(honest.log));
  url = await server.listen();
  await writeFile(path.join(folder, 'log.vkey'), `${honest.signer.vkey}\n`);
});
afterEach(async () => {
  await server.close();
  for (const other of others.splice(0)) await other.close();
  await rm(folder, { recursive: true });
});

const state = () => readFile(path.join(folder, 'log.state'), 'utf8');
const audit = (...more: readonly string[]) =>
  exhibit('log', 'audit', url, '--key', 'log.vkey', '--state', 'log.state', '--json', ...more);

describe('log audit', () => {
  it('reads all of it the first time, then only what is new, and keeps the checkpoint', async () => {
    const first = await audit();
    expect([first.code, JSON.parse(first.stdout)]).toEqual([
      0,
      {
        good: true,
        origin: ORIGIN,
        size: 300,
        root: expect.stringMatching(/^sha256:/),
        added: 300,
        kept: 'log.state',
      },
    ]);
    expect(openCheckpoint(await state(), honest.signer.vkey).size).toBe(300);
    await honest.growTo(520);
    server.requests.length = 0;
    const second = await audit();
    expect([second.code, JSON.parse(second.stdout)]).toMatchObject([0, { size: 520, added: 220 }]);
    expect(await state()).toBe(await honest.log.checkpoint());
    expect(server.requests.map((request) => request.path)).not.toContain('tile/entries/000');
    expect(JSON.parse((await audit()).stdout)).toMatchObject({ good: true, added: 0 });
    expect(await readdir(folder)).toEqual(['log.state', 'log.vkey']);
  });

  it('goes on from its checkpoint when the key of the log was rotated, given both keys', async () => {
    await audit();
    const old = honest.signer.vkey;
    honest.signer = localNoteSigner(ORIGIN, generateNoteKey());
    await honest.growTo(310);
    const before = await state();
    expect(await audit()).toMatchObject({ code: 3, stdout: expect.stringContaining('rotated') });
    await writeFile(path.join(folder, 'log.vkey'), `${honest.signer.vkey}\n`);
    expect(await audit()).toMatchObject({ code: 2, stderr: expect.stringContaining('rotated') });
    expect(await state()).toBe(before);
    const both = ['--vkey', honest.signer.vkey, '--vkey', old];
    const again = await exhibit('log', 'audit', url, ...both, '--state', 'log.state', '--json');
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { size: 310, added: 10 }]);
    expect((await audit()).code).toBe(0);

    const fork = new LogFixture(':memory:', honest.signer);
    await fork.growTo(320, (index) => `other ${index}`);
    server.serve = served(fork.log);
    await writeFile(path.join(folder, 'log.state'), before);
    await writeFile(path.join(folder, 'log.vkey'), `${old}\n${honest.signer.vkey}\n`);
    expect((await audit()).code).toBe(5);
  });

  it('sends the token to the log, and not without encryption to another machine', async () => {
    await writeFile(path.join(folder, 'token'), 'some-token\n');
    expect((await audit('--token-file', 'token')).code).toBe(0);
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer some-token']),
    );
    const plain = await exhibit(
      'log',
      'audit',
      'http://log.example/log',
      '--key',
      'log.vkey',
      '--token-file',
      'token',
    );
    expect([plain.code, plain.stderr]).toEqual([2, expect.stringContaining('without encryption')]);
  });

  const HOSTILE: readonly [string, number, string, () => Promise<void>][] = [
    [
      'a log that was set back',
      4,
      'rollback',
      async () => {
        server.serve = served(honest.log, 257);
      },
    ],
    [
      'a log that was set back to nothing',
      4,
      'rollback',
      async () => {
        const empty = new LogFixture(':memory:', honest.signer);
        await empty.growTo(1);
        server.serve = served(empty.log);
      },
    ],
    [
      'another history of the same length',
      5,
      'fork',
      async () => {
        const forged = new LogFixture(':memory:', honest.signer);
        await forged.growTo(300, (index) => (index === 299 ? 'forged' : `entry ${index}`));
        server.serve = served(forged.log);
      },
    ],
    [
      'a longer history with another past',
      5,
      'fork',
      async () => {
        const forged = new LogFixture(':memory:', honest.signer);
        await forged.growTo(600, (index) => (index === 17 ? 'forged' : `entry ${index}`));
        server.serve = served(forged.log);
      },
    ],
    [
      'a checkpoint of another log',
      3,
      'signature',
      async () => {
        const other = new LogFixture();
        await other.growTo(310);
        server.serve = served(other.log);
      },
    ],
    [
      'a checkpoint that was changed',
      3,
      'signature',
      async () => {
        await honest.growTo(310);
        const note = (await honest.log.checkpoint()) ?? '';
        const serve = served(honest.log);
        server.serve = async (name) =>
          name === 'checkpoint' ? note.replace('\n310\n', '\n311\n') : serve(name);
      },
    ],
    [
      'new entries that are left out',
      6,
      'gap',
      async () => {
        await honest.growTo(310);
        const serve = served(honest.log);
        server.serve = async (name) => (name.startsWith('tile/entries/001') ? null : serve(name));
      },
    ],
    [
      'a bundle that is cut off',
      6,
      'gap',
      async () => {
        await honest.growTo(310);
        const serve = served(honest.log);
        server.serve = async (name) => {
          const body = await serve(name);
          return name.startsWith('tile/entries/') && body instanceof Uint8Array ? body.subarray(0, -3) : body;
        };
      },
    ],
    [
      'an entry that was changed',
      6,
      'gap',
      async () => {
        await honest.growTo(310);
        const serve = served(honest.log);
        server.serve = async (name) => {
          const body = await serve(name);
          if (!name.startsWith('tile/entries/') || !(body instanceof Uint8Array)) return body;
          return Buffer.from(
            Buffer.from(body).toString('latin1').replace('entry 305', 'entry 999'),
            'latin1',
          );
        };
      },
    ],
    [
      'a tile with another hash',
      7,
      'tiles',
      async () => {
        await honest.growTo(310);
        const serve = served(honest.log);
        server.serve = async (name) => {
          const body = await serve(name);
          if (!name.startsWith('tile/0/001') || !(body instanceof Uint8Array)) return body;
          const changed = Buffer.from(body);
          changed[40] = (changed[40] ?? 0) ^ 1;
          return changed;
        };
      },
    ],
    [
      'tiles that are missing',
      7,
      'tiles',
      async () => {
        await honest.growTo(310);
        const serve = served(honest.log);
        server.serve = async (name) => (name.startsWith('tile/1/') ? null : serve(name));
      },
    ],
    [
      'an answer that does not end',
      8,
      'server',
      async () => {
        server.intercept = (_request, response) => {
          response.writeHead(200);
          const more = (): void => {
            if (!response.destroyed && response.write(Buffer.alloc(65_536))) setImmediate(more);
          };
          response.on('drain', more);
          more();
          return true;
        };
      },
    ],
    [
      'a server that stops in the middle',
      8,
      'server',
      async () => {
        server.intercept = (_request, response) => {
          response.writeHead(200);
          response.write('acme');
          return true;
        };
      },
    ],
    [
      'a redirect',
      8,
      'server',
      async () => {
        // Where it leads there is the log itself: following it would find nothing wrong.
        const moved = new LogServer(served(honest.log));
        others.push(moved);
        const target = await moved.listen();
        server.intercept = (request, response) => {
          response.writeHead(302, { Location: `${target.replace(/\/log$/, '')}${request.url}` }).end();
          return true;
        };
      },
    ],
    [
      'a server that wants a token',
      8,
      'server',
      async () => {
        server.intercept = (_request, response) => {
          response.writeHead(401).end();
          return true;
        };
      },
    ],
    ['a server that is gone', 8, 'server', async () => server.close()],
  ];

  it.each(HOSTILE)('finds %s (exit %d, %s), and leaves what was kept', async (_case, code, fault, make) => {
    expect((await audit()).code).toBe(0);
    const kept = await state();
    await make();
    const found = await audit('--timeout', '1s');
    expect(found.stderr).toBe('');
    expect(JSON.parse(found.stdout)).toMatchObject({ good: false, fault, message: expect.any(String) });
    expect(found.code).toBe(code);
    expect(await state()).toBe(kept);
    expect(await readdir(folder)).toEqual(['log.state', 'log.vkey']);
  });

  it('shows both checkpoints of a fork, which together prove it', async () => {
    await audit();
    const kept = await state();
    const forged = new LogFixture(':memory:', honest.signer);
    await forged.growTo(301, (index) => `forged ${index}`);
    server.serve = served(forged.log);
    const found = JSON.parse((await audit()).stdout) as { readonly notes: readonly string[] };
    expect(found.notes).toEqual([kept, await forged.log.checkpoint()]);
    for (const note of found.notes) openCheckpoint(note, honest.signer.vkey);
    const text = await exhibit('log', 'audit', url, '--key', 'log.vkey', '--state', 'log.state');
    expect([text.code, text.stdout]).toEqual([5, expect.stringContaining('fork: ')]);
  });

  it('refuses a kept checkpoint that is not of this log, and compares nothing', async () => {
    const other = new LogFixture();
    await other.growTo(3);
    for (const text of ['', 'nonsense', (await other.log.checkpoint()) ?? '']) {
      await writeFile(path.join(folder, 'log.state'), text);
      const { code, stderr } = await audit();
      expect([code, JSON.parse(stderr)]).toMatchObject([2, { error: { code: 'INPUT' } }]);
      expect(await state()).toBe(text);
    }
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['no key', ['log', 'audit', 'http://127.0.0.1:1/log']],
    ['two keys', ['log', 'audit', 'http://127.0.0.1:1/log', '--vkey', 'a', '--key', 'log.vkey']],
    ['a key that is none', ['log', 'audit', 'http://127.0.0.1:1/log', '--vkey', 'name+12345678+AAAA']],
    ['no address', ['log', 'audit', 'log', '--key', 'log.vkey']],
    ['a file', ['log', 'audit', 'file:///tmp', '--key', 'log.vkey']],
    ['an address with a query', ['log', 'audit', 'http://127.0.0.1:1/log?x=1', '--key', 'log.vkey']],
    ['a password in the address', ['log', 'audit', 'http://a:b@127.0.0.1:1/log', '--key', 'log.vkey']],
  ])('is used wrongly with %s', async (_case, args) => {
    const { code, stdout, stderr } = await exhibit(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toBe('');
  });
});

describe('log tail', () => {
  it('prints new entries as NDJSON once they are proven, and ends with what is wrong', async () => {
    const tail = () => exhibit('log', 'tail', url, '--key', 'log.vkey', '--state', 'log.state');
    const all = await tail();
    const lines = all.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { index: number });
    expect([all.code, lines.map(({ index }) => index)]).toEqual([0, [...Array(300).keys()]]);
    await honest.growTo(302);
    const fresh = (await tail()).stdout.trimEnd().split('\n');
    expect(fresh.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([300, 301]);
    await honest.growTo(600);
    const serve = served(honest.log);
    server.serve = async (name) => (name === 'tile/entries/002.p/88' ? null : serve(name));
    const broken = await tail();
    expect([broken.code, broken.stderr]).toEqual([6, expect.stringContaining('gap: ')]);
    expect(broken.stdout.trimEnd().split('\n')).toHaveLength(512 - 302);
    expect(openCheckpoint(await state(), honest.signer.vkey).size).toBe(302);
  });
});

describe('the log of the own store', () => {
  async function ownStore(size: number): Promise<LogFixture> {
    await writeFile(
      path.join(folder, 'agent.yaml'),
      'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\ndataDir: data\nconnections: []\n',
    );
    const file = path.join(folder, 'data/evidence.db');
    await (await openSqliteStore({ path: file })).close();
    const fixture = new LogFixture(file);
    await fixture.growTo(size);
    fixture.database.close();
    return fixture;
  }

  it('is shown, and checked against a key', async () => {
    const { signer } = await ownStore(260);
    const plain = await exhibit('log', 'show', '--json');
    expect([plain.code, JSON.parse(plain.stdout)]).toMatchObject([0, { origin: ORIGIN, size: 260 }]);
    const checked = await exhibit('log', 'show', '--json', '--vkey', signer.vkey);
    expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([0, { good: true, fault: null }]);
    const other = await exhibit('log', 'show', '--vkey', honest.signer.vkey);
    expect([other.code, other.stdout]).toEqual([3, expect.stringContaining('signature: ')]);
  });

  it('proves a manifest by its digest', async () => {
    await ownStore(9);
    const { digest } = await new LogFixture().next('entry 4');
    const { code, stdout } = await exhibit('log', 'prove', digest, '--json');
    const proof = JSON.parse(stdout) as Readonly<Record<'leaf' | 'checkpoint', string>> & {
      hashes: string[];
    };
    expect([code, proof]).toMatchObject([0, { kind: 'manifest', index: 4, size: 9, digest }]);
    const root = Buffer.from(proof.checkpoint.split('\n')[2] ?? '', 'base64');
    const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
    const leaf = Buffer.from(proof.leaf, 'base64');
    expect(verifyInclusion({ leaf, index: 4, size: 9, proof: hashes, root })).toBe(true);
    expect((await exhibit('log', 'prove', `sha256:${'0'.repeat(64)}`)).code).toBe(2);
  });

  it('is exported as files that any web server can serve to an auditor', async () => {
    const { signer } = await ownStore(515);
    const { code, stdout } = await exhibit('log', 'export', 'out', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { folder: 'out', files: 8, size: 515 }]);
    const file = (name: string) => readFile(path.join(folder, 'out', name));
    expect(decodeEntries(await file('tile/entries/002.p/3'), 3)).toHaveLength(3);
    server.serve = (name) => file(name).catch(() => null);
    const audited = await exhibit('log', 'audit', url, '--vkey', signer.vkey, '--json');
    expect([audited.code, JSON.parse(audited.stdout)]).toMatchObject([
      0,
      { good: true, added: 515, kept: null },
    ]);
  });
});
