import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { discover } from '../../agent/registry/discover.ts';
import { readKey } from '../../agent/scheduler/job.ts';
import type { JsonValue } from '../../connectors/sdk/index.ts';
import type { Item } from '../../evidence/item.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { ApiSession } from '../e2e/api-session.ts';
import { onePass, openAgent } from '../e2e/in-process.ts';
import { justHappened } from '../e2e/kube-agent.ts';
import { tablePlaces } from '../e2e/leaks.ts';
import { type AgentFolder, type AgentFolderOptions, makeAgentFolder } from '../e2e/support.ts';
import { GITHUB_TOKEN, type GitHubApi, startGitHubApi } from '../helpers/github-api.ts';
import { type KubeApi, startKubeApi } from '../helpers/kube-api.ts';
import { openShop } from '../helpers/pg-incident.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';

/** Nothing leaves that no rule names, and what no rule names is not even asked for. */

interface Rule {
  readonly id: string;
  readonly [member: string]: unknown;
}

const RULES = (
  parse(await readFile(new URL('../../policies/presets/standard.yaml', import.meta.url), 'utf8')) as {
    rules: Rule[];
  }
).rules;

const FLAGGED = new Set(
  (await discover()).definitions.flatMap(({ manifest }) =>
    manifest.reads.filter(({ capability }) => capability !== undefined).map(({ id }) => id),
  ),
);

function policyOf(rules: readonly Rule[]): object {
  const metadata = { name: 'standard', version: '1', description: 'Some rules of the preset.' };
  return { apiVersion: 'exhibit/v1', kind: 'Policy', metadata, rules };
}

let kube: KubeApi;
let github: GitHubApi;
const folders: AgentFolder[] = [];
beforeAll(async () => {
  // Some symptoms are told only of what has lasted a minute: long ago, so that it has for the first pass and the last.
  kube = await startKubeApi({ recording: justHappened('oom-after-limit-cut', 600_000) });
  kube.step();
  github = await startGitHubApi({ rebaseTo: new Date() });
});
afterAll(async () => {
  await kube.close();
  await github.close();
  for (const folder of folders) await folder.remove();
});

async function folderOf(options: Partial<AgentFolderOptions>): Promise<AgentFolder> {
  const cluster = { id: 'prod', connector: 'kubernetes', config: { server: kube.url } };
  const token = { env: 'E2E_GITHUB_TOKEN' };
  const code = {
    id: 'code',
    connector: 'github',
    config: { token, repositories: ['acme/shop'], baseUrl: github.url },
  };
  const { connections = [], env, ...rest } = options;
  const folder = await makeAgentFolder({
    connections: [cluster, code, ...connections],
    env: { E2E_GITHUB_TOKEN: GITHUB_TOKEN, ...env },
    ...rest,
  });
  folders.push(folder);
  return folder;
}

describe('a policy without rules', () => {
  it('keeps the agent from contacting any source, and makes every read a refusal in the evidence', async () => {
    const database = await countingServer();
    const folder = await folderOf({
      policy: [policyOf([])],
      connections: [{ id: 'orders-db', connector: 'postgresql', config: { dsn: { env: 'E2E_DSN' } } }],
      env: { E2E_DSN: `postgresql://${['exhibit', 'pw-Ck29'].join(':')}@127.0.0.1:${database.port}/orders` },
    });
    const before = { kube: kube.requests.length, github: github.requests.length };
    await using open = await openAgent(folder);
    await open.agent.start();
    const session = new ApiSession(open.agent.url());
    const { id } = await session.openIncident();
    const bundle = await session.bundle(id);
    const passed = await open.agent.scheduler.runNow({ trigger: 'once' });
    await sleep(2_000);

    expect(kube.requests.slice(before.kube)).toEqual([]);
    expect(github.requests.slice(before.github)).toEqual([]);
    expect(database.connections()).toBe(0);
    // What is off until a flag names it is refused as well, and is no news.
    const timetable = open.agent.scheduler.timetable().filter(({ read }) => !FLAGGED.has(read.read));
    const reads = new Set(timetable.map(({ read }) => readKey(read)));
    expect(new Set(passed.map(({ outcome }) => outcome.status))).toEqual(new Set(['refused']));
    const items = await open.items();
    expect(new Set(items.map(({ class: of }) => of))).toEqual(new Set(['refusal']));
    expect(new Set(items.map((item) => `${item.connection}/${item.provenance.read}`))).toEqual(reads);
    expect(
      items.filter(({ body }) => body['code'] !== 'STREAM_DENIED' || body['hint'] === undefined),
    ).toEqual([]);
    // A refusal holds until the policy changes: it is not said again and again.
    expect(items.length).toBeLessThanOrEqual(3 * reads.size);
    expect(await verifyBundle(bundle, { publicKeyPem: [folder.publicKeyPem] })).toMatchObject({ good: true });
    await database.close();
  });
});

describe('the policy "strict"', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('lets configuration out as digests only, and no people, addresses or text', async () => {
    const shop = await openShop(postgres);
    const folder = await folderOf({
      policy: ['strict'],
      connections: [{ id: 'orders-db', connector: 'postgresql', config: { dsn: { env: 'E2E_DSN' } } }],
      env: { E2E_DSN: shop.dsn },
    });
    const items = await onePass(folder);
    const leaves = (await leavesByClass(items)).filter(({ value }) => value !== null);
    const configuration = leaves.filter(({ dataClass }) => dataClass === 'configuration');
    expect(configuration.filter(({ value }) => !JSON.stringify(value).startsWith('"hmac-sha256:'))).toEqual(
      [],
    );
    expect(new Set(configuration.map(({ field }) => field))).toEqual(
      new Set([
        'kubernetes/object_changes changes[].from',
        'kubernetes/object_changes changes[].to',
        'postgresql/autovacuum counting',
        'postgresql/autovacuum enabled',
        'postgresql/autovacuum max_workers',
        'postgresql/oldest_tables freeze_max_age',
        'postgresql/oldest_tables multixact_freeze_max_age',
        'postgresql/recovery max_senders',
        'postgresql/recovery max_slots',
        'postgresql/recovery synchronous_commit',
        'postgresql/recovery synchronous_wanted',
        'postgresql/settings settings[].value',
        'postgresql/wal archiving',
        'postgresql/wraparound multixact_freeze_max_age',
      ]),
    );
    expect(
      leaves.filter(({ dataClass }) => ['person', 'network', 'text', undefined].includes(dataClass)),
    ).toEqual([]);
    // The connectors' own memory of the state before never leaves the agent; the policy itself names what it denies.
    const served = [...tablePlaces(folder.dataDir)].filter(
      ([place]) => !['table connector_run_state', 'table policy_versions'].includes(place),
    );
    const stored = served.map(([, text]) => text).join('\n');
    expect(stored).toContain('resources.limits.memory');
    // As words of their own: four letters in a row turn up in the base64 of digests by chance.
    const said = /(?<![\w+/=-])(?:256|64)Mi(?![\w+/=-])|pseudonym:|kube-system/.exec(stored);
    expect(said?.[0]).toBeUndefined();
  });
});

describe('a rule that is taken out of the policy', () => {
  let all: readonly Item[];
  let keys: AgentFolder;
  beforeAll(async () => {
    keys = await folderOf({ policy: [policyOf(RULES)] });
    all = await onePass(keys);
  });

  function collectWith(...policy: readonly object[]): Promise<readonly Item[]> {
    return passWith({ policy, config: { keys: keysOf(keys) } });
  }

  async function passWith(options: Partial<AgentFolderOptions>): Promise<readonly Item[]> {
    return onePass(await folderOf(options));
  }

  it('is one of several that let something out', () => {
    const rules = new Set(all.flatMap(({ provenance }) => Object.values(provenance.fields)));
    expect(rules).toEqual(new Set(['standard#metadata', 'standard#configuration', 'standard#people']));
    expect(all.length).toBeGreaterThan(40);
  });

  it.each(RULES.map(({ id }) => id))('%s takes its own fields with it and no other', async (id) => {
    const rest = await collectWith(policyOf(RULES.filter((rule) => rule.id !== id)));
    expect(facts(rest)).toEqual(
      facts(all, (field, item) => item.provenance.fields[field] !== `standard#${id}`),
    );
  });

  it('may be two, which take the fields of both', async () => {
    const gone = new Set(['standard#configuration', 'standard#people']);
    const rest = await collectWith(policyOf(RULES.filter(({ id }) => !gone.has(`standard#${id}`))));
    expect(facts(rest)).toEqual(facts(all, (field, item) => !gone.has(item.provenance.fields[field] ?? '')));
  });

  it('and one that is laid over it to drop a field drops that field alone', async () => {
    const fields = ['changes[].from', 'manager'];
    const narrower = {
      ...policyOf([
        {
          id: 'less',
          description: 'Two fields less.',
          streams: ['kubernetes/object_changes'],
          fields,
          treatment: 'drop',
        },
      ]),
      metadata: { name: 'acme', version: '1', description: 'Narrower.' },
    };
    const rest = await collectWith(policyOf(RULES), narrower);
    const dropped = new Set(fields.map((field) => `body.${field}`));
    expect(facts(rest)).toEqual(
      facts(all, (field, { stream }) => stream !== 'object_changes' || !dropped.has(field)),
    );
    expect(facts(rest).length).toBeLessThan(facts(all).length);
  });
});

function keysOf({ dataDir }: AgentFolder) {
  return { signing: `${dataDir}/keys/signing.pem`, pseudonym: `${dataDir}/keys/pseudonym.key` };
}

/** One line for each leaf of each body that passes; refusals and what differs between two moments left out. */
function facts(
  items: readonly Item[],
  keep: (field: string, item: Item) => boolean = () => true,
): readonly string[] {
  const lines = items
    .filter((item) => item.class === 'change' || item.class === 'symptom')
    .flatMap((item) =>
      leavesOf(item.body)
        .filter(({ field }) => keep(`body.${field}`, item))
        .map(({ path, value }) => `${item.id} ${path} ${JSON.stringify(value)}`),
    );
  return lines.sort();
}

interface Leaf {
  /** `changes[].path` */
  readonly field: string;
  /** `changes[3].path` */
  readonly path: string;
  readonly value: JsonValue;
}

function leavesOf(value: JsonValue, path = ''): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => leavesOf(inner, `${path}[${index}]`));
  if (value === null || typeof value !== 'object')
    return [{ field: path.replace(/\[\d+\]/g, '[]'), path, value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

interface ClassedLeaf extends Leaf {
  readonly dataClass: string | undefined;
}

/** Every leaf of what came from a source, with the class that its manifest declares; `field` names the stream, too. */
async function leavesByClass(items: readonly Item[]): Promise<readonly ClassedLeaf[]> {
  const { definitions } = await discover();
  const classes = new Map<string, string>(
    definitions.flatMap(({ manifest }) =>
      manifest.streams.flatMap((stream) =>
        Object.entries(stream.fields).map(
          ([field, spec]) => [`${manifest.id}/${stream.id} ${field}`, spec.class] as const,
        ),
      ),
    ),
  );
  return items
    .filter((item) => item.class !== 'gap' && item.class !== 'refusal')
    .flatMap((item) => {
      const stream = `${item.provenance.connector.replace(/@.*$/, '')}/${item.stream}`;
      return leavesOf(item.body).map((leaf) => {
        const field = `${stream} ${leaf.field}`;
        return {
          ...leaf,
          field,
          dataClass:
            classes.get(field) ?? classes.get(`${field}[]`) ?? classes.get(field.replace(/\[\]$/, '')),
        };
      });
    });
}

interface CountingServer {
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

/** Counts who connects, and hangs up. */
async function countingServer(): Promise<CountingServer> {
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
