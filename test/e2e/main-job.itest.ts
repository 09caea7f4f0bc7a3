import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { canonicalize } from '../../evidence/canonical-json.ts';
import type { IncidentReading } from '../../evidence/incident/assemble.ts';
import type { Item } from '../../evidence/item.ts';
import { type VerifyReport, verifyBundle, verifyChain } from '../../evidence/verify.ts';
import { type Stage, stage } from '../../tools/demo/stage.ts';
import { GITHUB_TOKEN } from '../helpers/github-api.ts';
import { ApiSession } from './api-session.ts';
import { bundlePlaces, findLeaks, type Places, storedPlaces, tablePlaces } from './leaks.ts';
import {
  type AgentFolder,
  type AgentProcess,
  API_TOKEN,
  type Exit,
  eventually,
  type Finished,
  makeEmptyFolder,
  openAgentFolder,
  runExhibit,
  startAgentProcess,
} from './support.ts';

/** The main job as a responder has it: three sources, one of them twice and dead, from the quiet day to the bundle. */

const DATABASE = 'postgresql://orders-db';
/** A read whose time has run out. */
const OUT_OF_TIME: ReadonlySet<string> = new Set(['BUDGET', 'TIMEOUT']);
const REPLICA_PASSWORD = 'replica-password-8hT2x';

interface Bundle extends IncidentReading {
  readonly items: { readonly salt: string; readonly item: Item }[];
}

let staged: Stage;
let folder: AgentFolder;
let agent: AgentProcess;
let bytes: Uint8Array;
let bundle: Bundle;
let items: readonly Item[];
let places: Places;
let isChainGood: boolean;
let exit: Exit;

beforeAll(async () => {
  const directory = await makeEmptyFolder();
  staged = await stage({ directory });
  await addDeadReplica(staged.config);
  const env = { DEMO_API_TOKEN: API_TOKEN, REPLICA_DSN: await deadDsn(), ...staged.env };
  folder = await openAgentFolder(directory, staged.config, env);
  agent = startAgentProcess(folder);
  const session = new ApiSession(await agent.url);
  await untilReadOnce(session);
  await staged.play();
  await eventually(async () => (await symptoms(session)).includes('CrashLoopBackOff'));
  const incident = await session.openIncident();
  bytes = await session.bundle(incident.id);
  await session.crawl();
  isChainGood = verifyChain(await session.chain(), { publicKeyPem: [folder.publicKeyPem] }).good;
  const running = await storedPlaces(folder.dataDir);
  exit = await agent.end('SIGTERM');

  bundle = JSON.parse(Buffer.from(bytes).toString('utf8')) as Bundle;
  items = bundle.items.map(({ item }) => item);
  places = new Map<string, string | Uint8Array>([
    ...[...running].map(([name, content]) => [`${name} while running`, content] as const),
    ...(await storedPlaces(folder.dataDir)),
    ...tablePlaces(folder.dataDir),
    ...bundlePlaces(bytes),
    ['output', agent.output()],
    ['answers', session.answers.join('\n\n')],
  ]);
  await writeFile(join(directory, 'incident.json'), bytes);
});

afterAll(async () => {
  await agent?.end('SIGKILL');
  await staged?.close();
  await folder?.remove();
});

describe('the bundle', () => {
  it('is good, and so is the chain it stands in', async () => {
    expect(await verifyBundle(bytes, { publicKeyPem: [folder.publicKeyPem] })).toMatchObject({ good: true });
    expect(isChainGood).toBe(true);
    expect(exit).toEqual({ code: 0, signal: null });
  });

  it('holds the blocking chain down to its idle transaction', () => {
    const waits = bodies('postgresql.blocking_tree/v1');
    const onTable = waits.find((body) => body['lock_mode'] === 'AccessExclusiveLock');
    expect(onTable).toMatchObject({ relation: 'invoices', depth: 1, root_state: 'idle_in_transaction' });
    const behind = waits.find((body) => body['depth'] === 2);
    expect(behind).toMatchObject({ blocked_by: [onTable?.['pid']], root_pid: onTable?.['root_pid'] });
    expect(waits.map((body) => body['relation'])).toContain('payments');
  });

  it('holds what hurts: too many connections, a container out of memory', () => {
    const saturation = items.find((item) => item.stream === 'connections' && item.class === 'symptom');
    expect(saturation?.body).toMatchObject({ max_connections: 30, usable: 27 });
    // The staged ones, and our own: one, or more while reads of several kinds begin.
    expect([24, 25, 26, 27]).toContain(saturation?.body['used']);
    expect(symptomsAmong(items)).toEqual(expect.arrayContaining(['OOMKilled', 'CrashLoopBackOff']));
  });

  it('holds what was changed, by whom and from what to what', () => {
    expect(bodies('postgresql.setting_changes/v1')).toContainEqual(
      expect.objectContaining({ name: 'work_mem', from: 4096, to: 65_536, unit: 'kB' }),
    );
    expect(bodies('postgresql.schema_changes/v1')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ change: 'column_added', object: 'customers', part: 'loyalty' }),
        expect.objectContaining({ change: 'type_changed', part: 'phone', from: 'varchar:20', to: 'text' }),
        expect.objectContaining({ change: 'index_removed', part: 'customers_email_idx' }),
      ]),
    );
    const [merge] = bodies('github.pull_requests/v1').filter((body) => body['number'] === 482);
    expect(merge).toMatchObject({ base_ref: 'main', author: expect.stringMatching(/^pseudonym:/) });
    expect(bodies('github.deployments/v1')).toContainEqual(
      expect.objectContaining({ sha: merge?.['merge_commit_sha'], environment: 'production' }),
    );
  });

  it('leads with the change that was made, in its timeline too', () => {
    expect(bundle.candidates[0]?.entity).toBe('kubernetes://prod/shop/Deployment/payments');
    const cut = bundle.candidates[0]?.item;
    const timeline = bundle.timeline.map(({ item }) => item);
    const killed = items.find((item) => item.body['reason'] === 'OOMKilled')?.id ?? '';
    expect(timeline.indexOf(cut ?? '')).toBeGreaterThanOrEqual(0);
    expect(timeline.indexOf(cut ?? '')).toBeLessThan(timeline.indexOf(killed));
  });

  it('names every gap: what is missing, why, and what to do', () => {
    const gaps = items.filter((item) => item.class === 'gap');
    const dead = gaps.filter(({ connection }) => connection === 'orders-replica');
    const missing = new Set(dead.map(({ body }) => body['missing']));
    const reads = new Set(items.filter(({ connection }) => connection === 'orders-db').map(readOf));
    expect([...reads].filter((read) => !missing.has(read))).toEqual([]);
    expect(new Set(dead.map(({ body }) => body['code']))).toEqual(new Set(['UNREACHABLE']));
    // A read of a server that is there is a gap only when a busy machine has let its time run out.
    const others = gaps.filter((gap) => !dead.includes(gap) && !OUT_OF_TIME.has(String(gap.body['code'])));
    expect(others.map(({ connection, body }) => [connection, body])).toEqual([]);
    expect(gaps.filter(({ body }) => body['reason'] === '' || body['hint'] === '')).toEqual([]);
    expect(bundle.summary.gaps.map(({ connection }) => connection)).toContain('orders-replica');
  });

  it('lets no planted value and no credential appear anywhere', () => {
    const password = new URL(staged.env['DEMO_DSN'] ?? '').password;
    expect(
      findLeaks([...staged.canaries, 'canary-', password, REPLICA_PASSWORD, API_TOKEN, GITHUB_TOKEN], places),
    ).toEqual([]);
  });

  it('would notice one: what is meant to be kept is found wherever it lies', () => {
    const found = findLeaks([`${DATABASE}/orders/public/customers`], places);
    const where = ['bundle', 'answers', 'table evidence', 'table bundles', 'evidence.db'];
    expect(found).toEqual(
      expect.arrayContaining(where.map((place) => `${DATABASE}/orders/public/customers in ${place}`)),
    );
  });
});

describe('exhibit verify', () => {
  it('is content with the bundle as it was got', async () => {
    expect(await verify(bytes)).toMatchObject({ code: 0, report: { good: true }, stderr: '' });
  });

  it('names the item in which a byte was flipped', async () => {
    const index = items.findIndex((item) => item.body['reason'] === 'OOMKilled');
    const text = '"reason":"OOMKilled"';
    const at = Buffer.from(bytes).indexOf(text) + text.indexOf('OOM');
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x02; // OOMKilled → MOMKilled
    const { code, problems } = await verify(flipped);
    expect([code, problems]).toEqual([
      1,
      expect.arrayContaining([['ITEM_CHANGED', expect.stringContaining(idAt(index))]]),
    ]);
  });

  it('is not content with any other flipped byte', async () => {
    const step = Math.floor(bytes.length / 12);
    for (let at = step; at < bytes.length; at += step) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x01;
      expect((await verifyBundle(flipped, { publicKeyPem: [folder.publicKeyPem] })).good, `byte ${at}`).toBe(
        false,
      );
    }
    const last = Buffer.from(bytes);
    last[last.length - 2] = (last[last.length - 2] ?? 0) ^ 0x01;
    expect((await verify(last)).code).toBe(1);
  });

  it('names an item that was removed', async () => {
    const { code, problems } = await verify(changed((entries) => entries.toSpliced(7, 1)));
    expect([code, problems]).toEqual([
      1,
      expect.arrayContaining([['ITEM_MISSING', expect.stringContaining(idAt(7))]]),
    ]);
  });

  it('names an item that was moved', async () => {
    const { code, problems } = await verify(
      changed((entries) =>
        entries.flatMap((entry, index) =>
          index === 3 ? [] : index === 20 ? [entry, ...entries.slice(3, 4)] : [entry],
        ),
      ),
    );
    expect([code, problems]).toEqual([
      1,
      expect.arrayContaining([['ITEM_MOVED', expect.stringContaining(idAt(3))]]),
    ]);
  });

  it('names an item that was added, made up or repeated', async () => {
    const id = 'A'.repeat(43);
    const madeUp = changed((entries) =>
      entries.flatMap((entry, index) =>
        index === 5 ? [entry, { ...entry, item: { ...entry.item, id } }] : [entry],
      ),
    );
    const added = await verify(madeUp);
    expect([added.code, added.problems]).toEqual([
      1,
      expect.arrayContaining([['ITEM_ADDED', expect.stringContaining(id)]]),
    ]);
    const repeated = await verify(changed((entries) => [...entries, ...entries.slice(9, 10)]));
    expect(repeated.problems).toContainEqual(['ITEM_DOUBLED', expect.stringContaining(idAt(9))]);
  });

  it('names a part that was changed, and a key that did not sign', async () => {
    const without = { ...bundle, timeline: bundle.timeline.slice(1) };
    const { code, problems } = await verify(Buffer.from(canonicalize(without)));
    expect([code, problems]).toEqual([
      1,
      expect.arrayContaining([['PART_CHANGED', expect.stringContaining('timeline')]]),
    ]);
    const other = await makeEmptyFolder();
    const stranger = await openAgentFolder(other, '', {});
    const refused = await verify(bytes, stranger.publicKey);
    await stranger.remove();
    expect([refused.code, refused.problems[0]?.[0]]).toEqual([1, 'KEY_UNKNOWN']);
  });

  it('says 2 for a file that is not there', async () => {
    const missing = await runExhibit([
      'verify',
      join(folder.directory, 'none.json'),
      '--key',
      folder.publicKey,
    ]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('exhibit bundle items', () => {
  it('prints one line of JSON for each item, in order', async () => {
    const { code, stdout } = await runExhibit(['bundle', 'items', join(folder.directory, 'incident.json')]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Item);
    expect([code, lines]).toEqual([0, items]);
  });
});

function bodies(kind: string): readonly Readonly<Record<string, unknown>>[] {
  return items.filter((item) => item.kind === kind).map(({ body }) => body);
}

function readOf({ provenance }: Item): string {
  return provenance.read;
}

function idAt(index: number): string {
  return items[index]?.id ?? 'there is no such item';
}

function symptomsAmong(among: readonly Item[]): readonly unknown[] {
  return among.filter((item) => item.class === 'symptom').map((item) => item.body['reason']);
}

async function symptoms(session: ApiSession): Promise<readonly unknown[]> {
  return symptomsAmong(await session.all<Item>('/v1/evidence?class=symptom'));
}

/** The bundle as somebody would write it who changed its list of items and knows the format. */
function changed(change: (entries: Bundle['items']) => Bundle['items']): Uint8Array {
  return Buffer.from(canonicalize({ ...bundle, items: change(bundle.items) }));
}

interface Verified extends Finished {
  readonly report: VerifyReport;
  readonly problems: readonly (readonly [code: string, what: string])[];
}

async function verify(content: Uint8Array, key: string = folder.publicKey): Promise<Verified> {
  const file = join(folder.directory, 'to-verify.json');
  await writeFile(file, content);
  const finished = await runExhibit(['verify', file, '--key', key, '--json']);
  const report = JSON.parse(finished.stdout) as VerifyReport;
  const problems = report.checks.flatMap(({ result, problem }) =>
    result !== 'failed' || problem === undefined
      ? []
      : [[problem.code, `${problem.where}: ${problem.what}`] as const],
  );
  return { ...finished, report, problems };
}

/** Every read has run, and every stream has begun: the quiet day is known. */
async function untilReadOnce(session: ApiSession): Promise<void> {
  const done = await eventually(async () => {
    const { items: connections } = await session.get<{
      items: { reads: { mode: string; latestRun: { status?: string } | null }[] }[];
    }>('/v1/connections');
    const reads = connections.flatMap((connection) => connection.reads);
    return reads.every(
      ({ mode, latestRun }) => latestRun !== null && (mode === 'streaming' || latestRun.status !== undefined),
    );
  });
  expect(done).toBe(true);
}

async function addDeadReplica(config: string): Promise<void> {
  const document = parse(await readFile(config, 'utf8')) as {
    connections: { id: string; connector: string; config: object }[];
    log: object;
  };
  // A login that takes longer than 5 s would be a gap; on a busy machine, in which servers of other tests start, it may.
  for (const connection of document.connections)
    if (connection.id === 'orders-db') Object.assign(connection.config, { connectTimeout: '60s' });
  document.connections.push({
    id: 'orders-replica',
    connector: 'postgresql',
    config: { dsn: { env: 'REPLICA_DSN' } },
  });
  document.log = { level: 'debug' };
  await writeFile(config, stringify(document));
}

/** Of a port where nobody listens any more. */
async function deadDsn(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  const port = typeof address === 'object' && address !== null ? address.port : 1;
  return `postgresql://exhibit:${REPLICA_PASSWORD}@127.0.0.1:${port}/orders`;
}
