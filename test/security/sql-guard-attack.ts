import { loadSqlGuard } from '../../policies/guards/sql.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { plantCanaries } from './sql-guard-canaries.ts';
import { attacks } from './sql-guard-corpus.ts';
import { makeFuzzer } from './sql-guard-fuzz.ts';
import { MUTATIONS } from './sql-guard-mutations.ts';

/**
 * The long form of the attack tests: every mutation of every attack, and random queries about names. What the guard
 * accepts is executed as superuser, in a read-only transaction that is rolled back, on a real server full of
 * canaries; an answer with a canary, a wait for a lock or a statement that runs too long is a hole.
 *
 * `node test/security/sql-guard-attack.ts [random queries] [seed]`; ends with 1 when there is a hole.
 */
const [queries = '200000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const guard = await loadSqlGuard();
const server = await startPostgres();
const plants = await plantCanaries(server);
const client = await server.superuser();
await client.query(
  `SET statement_timeout = '2s'; SET lock_timeout = '50ms'; SET search_path = pg_catalog, pg_temp`,
);

let judged = 0;
let accepted = 0;
let ran = 0;
const holes: string[] = [];

async function attack(sql: string): Promise<void> {
  judged += 1;
  if (guard.template(sql).verdict !== 'allow') return;
  accepted += 1;
  await client.query('BEGIN READ ONLY');
  try {
    const { rows } = await client.query(sql);
    ran += 1;
    if (/CANARY-/.test(JSON.stringify(rows))) holes.push(`leak: ${sql}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '57014' || code === '55P03' || code === '25006') holes.push(`${code}: ${sql}`);
  } finally {
    await client.query('ROLLBACK');
  }
}

for (const { sql } of attacks(MUTATIONS.length)) await attack(sql);
process.stdout.write(`${judged} attacks, ${accepted} accepted, ${ran} ran, ${holes.length} holes\n`);

const fuzz = makeFuzzer(Number(seed));
for (let count = 0; count < Number(queries); count += 1) await attack(fuzz());
process.stdout.write(
  `${judged} in all (seed ${seed}), ${accepted} accepted, ${ran} ran, ${holes.length} holes\n`,
);
for (const hole of holes.slice(0, 20)) process.stdout.write(`${hole}\n`);

await plants.stop();
await server.stop();
process.exitCode = holes.length > 0 ? 1 : 0;
