import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import { keyPathsIn } from '../config/key-places.ts';
import { systemClock } from '../scheduler/system-clock.ts';
import { loadKeys, makeMissingKeys } from '../secrets/keys.ts';
import { runCli } from './program.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-keys-'));
  // Unfinished, as `exhibit init` leaves it: keys can be looked after before there is a connection.
  await writeFile(path.join(folder, 'agent.yaml'), 'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\n');
  await makeMissingKeys(keyPathsIn(path.join(folder, '.exhibit/keys')));
});
afterEach(() => rm(folder, { recursive: true }));

async function exhibit(args: readonly string[], stdin = '') {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    env: {},
    cwd: folder,
    clock: systemClock(),
    interactive: false,
    exitNow: () => undefined,
  });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

interface Epoch {
  readonly id: string;
  readonly state: string;
}

async function epochs(): Promise<readonly Epoch[]> {
  const { stdout } = await exhibit(['keys', 'list', '--json']);
  return (JSON.parse(stdout) as { epochs: readonly Epoch[] }).epochs;
}

async function pseudonyms(value: string): Promise<readonly string[]> {
  const { stdout } = await exhibit(['keys', 'pseudonym', '--json'], value);
  const { names } = JSON.parse(stdout) as { names: readonly { pseudonym: string }[] };
  return names.map(({ pseudonym }) => pseudonym);
}

describe('exhibit keys', () => {
  it('rotates, links, erases and proves it', async () => {
    const [first] = await epochs();
    expect(await exhibit(['keys', 'rotate', 'pseudonyms'])).toMatchObject({ code: 0, stderr: '' });
    const states = async () => (await epochs()).map(({ state }) => state);
    expect(await states()).toEqual(['retired', 'live']);
    const linked = await pseudonyms('ada@example.org\n');
    expect(linked).toHaveLength(2);
    expect(await pseudonyms('ada@example.org')).toEqual(linked);
    expect(linked[1]).toContain(`pseudonym:${first?.id}:`);

    const erased = await exhibit(['keys', 'erase', first?.id ?? '', '--reason', 'request 12', '--json']);
    expect(erased.code).toBe(0);
    expect(await states()).toEqual(['erased', 'live']);
    expect(await pseudonyms('ada@example.org')).toEqual(linked.slice(0, 1));

    const listed = await exhibit(['keys', 'receipts', '--out', 'receipts']);
    expect(listed.stdout).toContain(`the key of epoch ${first?.id} was erased`);
    const { receipt } = JSON.parse(erased.stdout) as { receipt: { id: string } };
    const name = receipt.id.replace(':', '-');
    expect(await readdir(path.join(folder, 'receipts'))).toEqual([`${name}.json`, `${name}.sigstore.json`]);
    const verify = ['verify', `receipts/${name}.json`, '--key', '.exhibit/keys/signing.pub.pem'];
    expect(await exhibit(verify)).toMatchObject({ code: 0, stdout: expect.stringContaining('request 12') });
    const file = path.join(folder, `receipts/${name}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('request 12', 'request 13'));
    expect((await exhibit(verify)).code).toBe(1);
  });

  it('leaves a trail that holds', async () => {
    await exhibit(['keys', 'rotate', 'pseudonyms']);
    const [first, second] = await epochs();
    await exhibit(['keys', 'erase', first?.id ?? '', '--reason', 'x']);
    await exhibit(['keys', 'erase', second?.id ?? '', '--reason', 'x']);
    const store = await openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });
    const { items } = await store.governance.audit({ limit: 9 });
    expect(items.map(({ action, outcome, target }) => [action, outcome, target])).toEqual([
      ['keys.erase', 'refused', second?.id],
      ['keys.erase', 'done', first?.id],
      ['keys.rotate', 'done', second?.id],
    ]);
    expect(items.every(({ actor }) => /^os:./.test(actor))).toBe(true);
    expect(await store.governance.verifyAudit()).toEqual({ ok: true, entries: 3 });
    await store.close();
  });

  it('rotates while the agent has the store, and does not erase then', async () => {
    // An agent begins the history of its keys before it opens the store.
    await loadKeys(keyPathsIn(path.join(folder, '.exhibit/keys'), 'acme'));
    const store = await openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });
    const rotated = await exhibit(['keys', 'rotate', 'pseudonyms', '--json']);
    expect(rotated.code).toBe(0);
    expect(JSON.parse(rotated.stdout)).toMatchObject({ audited: false });
    const [first] = await epochs();
    const refused = await exhibit(['keys', 'erase', first?.id ?? '', '--reason', 'x', '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'STORE' } });
    expect((await epochs()).map(({ state }) => state)).toEqual(['retired', 'live']);
    await store.close();
  });

  it('takes over to a new epoch before it erases the live one', async () => {
    const [first] = await epochs();
    const id = first?.id ?? '';
    const refused = await exhibit(['keys', 'erase', id, '--reason', 'x']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--rotate')]);
    expect((await exhibit(['keys', 'erase', id, '--reason', 'x', '--rotate'])).code).toBe(0);
    expect((await epochs()).map(({ state }) => state)).toEqual(['erased', 'live']);
  });

  it.each<[string, string[], string, number]>([
    ['no reason', ['erase', 'abcdefgh'], '--reason', 2],
    ['an epoch that is none', ['erase', 'abcdefgh', '--reason', 'x'], 'no such epoch', 2],
    ['a value as an argument', ['pseudonym', 'ada'], 'too many arguments', 2],
    ['no value', ['pseudonym'], 'standard input must hold one value', 2],
    ['no config', ['list', '-c', 'gone.yaml'], 'exhibit init', 2],
  ])('says what is wrong: %s', async (_what, args, message, expected) => {
    const { code, stdout, stderr } = await exhibit(['keys', ...args]);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([expected, '']);
  });

  it('refuses a value larger than 64 KiB, and repeats none', async () => {
    const { code, stderr } = await exhibit(['keys', 'pseudonym'], 'ada'.repeat(30_000));
    expect([code, stderr]).toEqual([2, expect.not.stringContaining('adaada')]);
  });
});
