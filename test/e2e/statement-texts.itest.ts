import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../helpers/pg-incident.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { onePass } from './in-process.ts';
import { makeAgentFolder } from './support.ts';

/**
 * Asked for thrice, or not at all: a flag makes the read run, a rule that names the field opens it to the detectors, and
 * the one that takes every statement for somebody's literals has to be told that these have none.
 */

const FLAG = {
  capability: 'statement-texts',
  connectors: ['postgresql'],
  owner: 'ada',
  reason: 'to find the statement behind an id',
  expires: '2099-01-01T00:00:00Z',
};
const OPEN = {
  id: 'texts',
  description: 'What the statements say, without their constants.',
  streams: ['postgresql/statement_texts'],
  fields: ['text'],
  treatment: 'scan',
};

const IGNORED = {
  detector: 'sql-statement',
  streams: ['postgresql/statement_texts'],
  action: 'ignore',
};

let server: PostgresServer;
let shop: Shop;
beforeAll(async () => {
  server = await startPostgres();
  shop = await openShop(server);
  const application = await server.connect(shop.database, shop.appRole);
  await application.query("SELECT amount FROM invoices WHERE id = 1 AND 'canary-constant-x81' <> 'y'");
  await application.end();
});
afterAll(() => server.stop());

async function textsUnder(policy: object) {
  const metadata = { name: 'acme', version: '1', description: 'For statement texts.' };
  const folder = await makeAgentFolder({
    policy: ['standard', { apiVersion: 'exhibit/v1', kind: 'Policy', metadata, ...policy }],
    connections: [{ id: 'orders-db', connector: 'postgresql', config: { dsn: { env: 'E2E_DSN' } } }],
    env: { E2E_DSN: shop.dsn },
  });
  try {
    const items = await onePass(folder);
    return { items, texts: items.filter(({ stream }) => stream === 'statement_texts') };
  } finally {
    await folder.remove();
  }
}

describe('texts of statements', () => {
  it('are not read without the flag, and that is no news', async () => {
    const { items, texts } = await textsUnder({ rules: [OPEN] });
    expect(texts).toEqual([]);
    expect(items.filter(({ class: of }) => of === 'refusal')).toEqual([]);
  });

  it('stay where they are when no rule opens them', async () => {
    const { items, texts } = await textsUnder({ capabilities: [FLAG] });
    expect(texts.filter(({ body }) => 'text' in body)).toEqual([]);
    expect(JSON.stringify(items)).not.toContain('FROM invoices');
  });

  it('are taken for statements with literals while no rule says that they have none', async () => {
    const { items, texts } = await textsUnder({ capabilities: [FLAG], rules: [OPEN] });
    const said = texts.map(({ body }) => String(body['text']));
    expect(said).toContain('[REDACTED:sql-statement]');
    expect(JSON.stringify(items)).not.toContain('FROM invoices');
  });

  it('leave without their constants when all three are there', async () => {
    const { items, texts } = await textsUnder({ capabilities: [FLAG], rules: [OPEN], detectors: [IGNORED] });
    const said = texts.map(({ body }) => String(body['text']));
    expect(said).toContainEqual(expect.stringContaining('SELECT amount FROM invoices WHERE id = $1'));
    expect(JSON.stringify(items)).not.toContain('canary');
  });
});
