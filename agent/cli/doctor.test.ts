import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliIn } from './testing/cli.ts';

/** In this process: most of what a command takes is the loading of its code. */
let folder = '';
const exhibit = cliIn(() => folder);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cli-doctor-'));
  await exhibit('init', 'agent.yaml', '--connector', 'postgresql');
  const file = path.join(folder, 'agent.yaml');
  const text = (await readFile(file, 'utf8')).replaceAll('EXHIBIT_TEST_POSTGRESQL_DSN', 'EXHIBIT_TEST_DSN');
  await writeFile(file, `${text.replace(/^log:.*\n(?: .*\n)*/m, '')}\nlog: { level: error }\n`);
});
afterAll(() => rm(folder, { recursive: true }));

interface Diagnosis {
  readonly log: { readonly good: boolean; readonly size: number };
}

async function examined(): Promise<Diagnosis> {
  const { stdout, stderr } = await exhibit('doctor', '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Diagnosis;
}

async function audited(): Promise<readonly { readonly action: string }[]> {
  const { stdout } = await exhibit('policy', 'audit', '--json');
  return (JSON.parse(stdout) as { entries: readonly { readonly action: string }[] }).entries;
}

describe('doctor', () => {
  it('says whether the log in the store is the one that was signed', async () => {
    expect((await examined()).log).toEqual({ good: true, size: 0, error: null });
    // What can not be reached is a gap, which is signed and logged.
    await exhibit('collect');
    const { log } = await examined();
    expect(log).toEqual({ good: true, size: expect.any(Number), error: null });
    expect(log.size).toBeGreaterThan(2);
    const store = new DatabaseSync(path.join(folder, '.exhibit/evidence.db'));
    store.exec("drop trigger log_keeps_content; update log_entries set entry = x'7b7d' where idx = 1");
    store.close();
    const error = expect.objectContaining({ code: 'LOG', message: expect.stringMatching(/^entry 1 is not/) });
    expect((await examined()).log).toEqual({ good: false, size: log.size, error });
  });

  it('starts nothing: neither the audit trail nor the versions know of it', async () => {
    const before = await audited();
    expect(before.map(({ action }) => action)).toEqual(['policy.start']);
    await writeFile(
      path.join(folder, 'strict.yaml'),
      await readFile(path.join(folder, 'agent.yaml'), 'utf8'),
    );
    const file = path.join(folder, 'agent.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^policy:.*$/m, 'policy: [strict]'));
    expect(await examined()).toMatchObject({ policy: { version: expect.stringMatching(/^strict@/) } });
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^policy:.*$/m, 'policy: [gone.yaml]'));
    expect((await exhibit('doctor')).code).not.toBe(0);
    expect(await audited()).toEqual(before);
  });
});
