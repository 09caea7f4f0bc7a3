import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock, recordingLogger } from '../../../connectors/sdk/testing/index.ts';
import { openSqliteStore } from '../../../evidence/store/sqlite-store.ts';
import { governed } from '../../governance/testing/governed.ts';
import { cliIn } from '../testing/cli.ts';

let folder = '';
const exhibit = cliIn(() => folder);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-records-'));
  await writeFile(path.join(folder, 'agent.yaml'), 'apiVersion: exhibit/v1\nkind: Agent\ntenant: acme\n');
  const store = await openStore();
  const clock = fakeClock({ at: '2026-11-21T10:00:00.000Z' });
  const { supervisor, standing } = await governed({ store, clock, logger: recordingLogger() });
  standing.stop('db', 'blocking', 'planted');
  const { digest } = supervisor.current().policy;
  const at = '2026-11-21T10:01:00.000Z';
  const decision = { connection: 'db', read: 'blocking', policy: digest, at };
  const reason = 'no rule for it';
  await store.governance.recordDecision({ ...decision, decision: 'deny', code: 'STREAM_DENIED', reason });
  await supervisor.stop();
  await store.close();
});
afterEach(() => rm(folder, { recursive: true }));

const openStore = () => openSqliteStore({ path: path.join(folder, '.exhibit/evidence.db') });

describe('exhibit policy versions, decisions and audit', () => {
  it('tell what was in force, what it decided and who did what', async () => {
    const versions = await exhibit('policy', 'versions');
    expect(versions.stdout).toMatch(/^\* {2}2026-11-21T10:00:00.000Z {2}standard@\d+ {2}start {2}agent/);
    const decisions = await exhibit('policy', 'decisions');
    expect(decisions.stdout).toMatch(/db\/blocking {2}deny {2}STREAM_DENIED {2}1x {2}no rule for it\n$/);
    const audit = await exhibit('policy', 'audit');
    expect(audit.stdout).toMatch(
      /policy\.start {2}policy {2}done\n {5}version {2}standard@\d+\nthe chain holds: 1 entries\n$/,
    );
    const json = await exhibit('policy', 'audit', '--json', '--limit', '1');
    expect(JSON.parse(json.stdout)).toMatchObject({ chain: { ok: true }, entries: [{ actor: 'agent' }] });
  });

  it('refuses a limit that is none', async () => {
    expect(await exhibit('policy', 'versions', '--limit', '0')).toMatchObject({ code: 2 });
  });
});

describe('exhibit policy release', () => {
  it('lets a stopped stream go on once, with a reason that is kept', async () => {
    const release = (stream: string) =>
      exhibit('policy', 'release', 'db', stream, '--reason', 'a test row, taken out');
    const wrong = await release('blockin');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Stopped are: db blocking.')]);
    const done = await release('blocking');
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^released db\/blocking: the canary planted had stopped it at 2026-11-21T10/);
    expect((await release('blocking')).stderr).toContain('None is.');
    const audit = await exhibit('policy', 'audit', '--json');
    expect(JSON.parse(audit.stdout)).toMatchObject({
      entries: [
        { action: 'stream.release', target: 'db/blocking', detail: { reason: 'a test row, taken out' } },
        { action: 'policy.start' },
      ],
    });
  });

  it('wants a reason', async () => {
    const short = await exhibit('policy', 'release', 'db', 'blocking', '--reason', 'because');
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('at least 10 characters')]);
  });
});
