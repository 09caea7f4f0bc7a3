import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { onePass } from './in-process.ts';
import { type AgentFolder, makeAgentFolder, runExhibit } from './support.ts';

/** Views of an application that a policy names, through the command line and into the evidence. */

const STAGE = `
CREATE SCHEMA ev;
CREATE TABLE jobs (queue text, people int, who text);
INSERT INTO jobs VALUES ('mail', 73, 'ann-planted1'), ('tiny-planted2', 2, 'bob-planted3'), ('pay', 12, 'eve-planted4');
CREATE VIEW ev.queues AS SELECT j.queue, j.people, j.who FROM jobs j ORDER BY j.people;
CREATE TABLE ev.raw (a int);
GRANT USAGE ON SCHEMA ev TO exhibit;
GRANT SELECT ON ev.queues TO exhibit;
`;

const POLICY = {
  apiVersion: 'exhibit/v1',
  kind: 'Policy',
  metadata: { name: 'acme', version: '1', description: 'One view.' },
  views: [
    {
      view: 'ev.queues',
      description: 'How deep the queues are.',
      columns: { queue: 'keep', people: 'keep', who: 'pseudonymize' },
      groupSize: { column: 'people', atLeast: 5 },
      from: ['public.jobs'],
    },
  ],
};

let server: PostgresServer;
let folder: AgentFolder;

beforeAll(async () => {
  server = await startPostgres();
  await server.addRole('exhibit');
  const admin = await server.superuser();
  await admin.query(STAGE);
  await admin.end();
  folder = await makeAgentFolder({
    connections: [{ id: 'orders-db', connector: 'postgresql', config: { dsn: { env: 'E2E_DSN' } } }],
    env: { E2E_DSN: server.dsn('postgres', 'exhibit') },
    policy: ['standard', POLICY],
  });
});

afterAll(async () => {
  await folder?.remove();
  await server?.stop();
});

async function views(...args: readonly string[]) {
  const finished = await runExhibit(['views', ...args, '-c', folder.config], folder.env);
  expect(finished.stdout).not.toMatch(/planted/);
  return finished;
}

describe('exhibit views', () => {
  it('discovers what is read and what is not', async () => {
    const { code, stdout } = await views('discover', 'orders-db');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ev\.queues +read +3 columns +from public\.jobs/);
    expect(stdout).toMatch(/not read +ev\.raw/);
  });

  it('profiles and samples a view, without rows about too few', async () => {
    const { stdout } = await views('profile', 'orders-db', 'ev.queues');
    expect(stdout).toMatch(/people +integer +0 null +2 distinct +12 to 73/);
    const sample = await views('sample', 'orders-db', 'ev.queues', '--json');
    expect(JSON.parse(sample.stdout)).toMatchObject({
      views: [{ view: 'ev.queues', suppressed: 1, rows: [{ queue: 'pay', people: 12 }, { queue: 'mail' }] }],
    });
  });

  it.each(['pg_catalog.pg_authid', 'ev.nothing', 'ev.queues; SELECT 1'])(
    'knows of no view %s',
    async (view) => {
      const { code, stderr } = await views('sample', 'orders-db', view);
      expect(code).not.toBe(0);
      expect(stderr).toContain('the policy names no such view');
    },
  );
});

it('rows and refusals are evidence', async () => {
  const items = (await onePass(folder)).filter(({ provenance }) => provenance.read === 'views');
  expect(items.map((item) => `${item.class} ${item.stream}`).sort()).toEqual([
    'refusal refusals',
    'state view_rows',
    'state views',
  ]);
  const rows = items.find(({ stream }) => stream === 'view_rows');
  expect(rows?.provenance.fields).toMatchObject({ 'body.rows[].who': 'acme#view/ev.queues' });
  expect(JSON.stringify(items)).not.toMatch(/planted/);
});
