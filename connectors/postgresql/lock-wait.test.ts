import { expect, it } from 'vitest';
import type { Row } from './catalog.ts';
import { allowLockWait } from './lock-wait.ts';
import type { Statement } from './session.ts';

const PINS = [
  { name: 'search_path', value: 'pg_catalog, pg_temp' },
  { name: 'lock_timeout', value: '20' },
];

/** A server that answers what is in force, and the statements that it was sent. */
function server(inForce: Readonly<Record<string, string>>) {
  const sent: Statement[] = [];
  const send = async (statement: Statement): Promise<readonly Row[]> => {
    sent.push(statement);
    const pins = Object.fromEntries(statement.values.map((name, index) => [`pin_${index}`, inForce[name]]));
    return [{ ...pins, read_only: 'on', now: '1795219200000' }];
  };
  return { sent, send };
}

it('is set for the transaction, and read back with all other pins', async () => {
  const { sent, send } = server({ search_path: 'pg_catalog, pg_temp', lock_timeout: '700ms' });
  await allowLockWait({ lockWaitMs: 700, timeoutMs: 3_000 }, PINS, send);
  expect(sent.map(({ text }) => text)).toEqual([
    'SET LOCAL lock_timeout = 700',
    expect.stringMatching(/^SELECT pg_catalog\.current_setting/),
  ]);
  expect(sent[1]?.values).toEqual(['search_path', 'lock_timeout']);
});

it('is never longer than what is left of the budget, and never without end', async () => {
  const { sent, send } = server({ search_path: 'pg_catalog, pg_temp', lock_timeout: '250' });
  await allowLockWait({ lockWaitMs: 700, timeoutMs: 250.9 }, PINS, send);
  expect(sent[0]?.text).toBe('SET LOCAL lock_timeout = 250');
  const late = server({ search_path: 'pg_catalog, pg_temp', lock_timeout: '1ms' });
  await allowLockWait({ lockWaitMs: 700, timeoutMs: 0.2 }, PINS, late.send);
  expect(late.sent[0]?.text).toBe('SET LOCAL lock_timeout = 1');
});

it.each([
  ['lock_timeout', { search_path: 'pg_catalog, pg_temp', lock_timeout: '20ms' }],
  ['lock_timeout', { search_path: 'pg_catalog, pg_temp', lock_timeout: '0' }],
  ['search_path', { search_path: 'public', lock_timeout: '700ms' }],
])('ends the read where %s is not in force', async (name, inForce) => {
  const allowed = allowLockWait({ lockWaitMs: 700, timeoutMs: 3_000 }, PINS, server(inForce).send);
  await expect(allowed).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(new RegExp(`settings: ${name}$`)),
  });
});

it('sends nothing for a read that declares none', async () => {
  const { sent, send } = server({});
  await allowLockWait({ timeoutMs: 3_000 }, PINS, send);
  expect(sent).toEqual([]);
});
