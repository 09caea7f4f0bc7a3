import { readdirSync, readFileSync } from 'node:fs';
import { loadSqlGuard } from '../../policies/guards/sql.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { plantCanaries } from './sql-guard-canaries.ts';
import { attacks } from './sql-guard-corpus.ts';
import { makeFuzzer } from './sql-guard-fuzz.ts';
import { MUTATIONS } from './sql-guard-mutations.ts';
import { makeSplicer } from './sql-guard-splices.ts';
import { openWitness } from './sql-guard-witness.ts';

/**
 * The long form of the attack tests: every mutation of every attack, random queries about names, and honest queries
 * with parts of others in them. What the guard accepts is planned and run as superuser, in a transaction that may
 * write, on a real server full of canaries; whatever the witness notices is a hole. What the planner finds too dear
 * is not run, as at run time, and is counted.
 *
 * `node test/security/sql-guard-attack.ts [random queries] [seed]`; ends with 1 when there is a hole.
 */
const [queries = '200000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const LOOK_EVERY = 500;
const QUERIES = new URL('../../connectors/postgresql/queries/', import.meta.url);
const honest = readdirSync(QUERIES).map((name) => readFileSync(new URL(name, QUERIES), 'utf8'));

const guard = await loadSqlGuard();
const server = await startPostgres();
const plants = await plantCanaries(server);
const witness = await openWitness(server);

const tally = { judged: 0, accepted: 0, ran: 0, dear: 0 };
const holes: string[] = [];

async function attack(sql: string): Promise<void> {
  tally.judged += 1;
  const { verdict, code } = guard.template(sql);
  if (code === 'INTERNAL' || code === 'DISAGREEMENT') holes.push(`${code}: ${sql}`);
  if (verdict !== 'allow') return;
  tally.accepted += 1;
  const { harm, ran } = await witness.run(sql);
  if (ran) tally.ran += 1;
  if (harm === 'dear') tally.dear += 1;
  else if (harm !== null) holes.push(`${harm}: ${sql}`);
  if (tally.accepted % LOOK_EVERY === 0) await look();
}

async function look(): Promise<void> {
  const harm = await witness.lookAround();
  if (harm !== null) holes.push(`${harm}: one of the ${LOOK_EVERY} before statement ${tally.accepted}`);
}

function tell(what: string): void {
  const { judged, accepted, ran, dear } = tally;
  process.stdout.write(
    `${what}: ${judged} judged, ${accepted} accepted, ${ran} ran, ${dear} too dear to run, ${holes.length} holes\n`,
  );
}

for (const { sql } of attacks(MUTATIONS.length)) await attack(sql);
tell('attacks');
const fuzz = makeFuzzer(Number(seed));
for (let count = 0; count < Number(queries); count += 1) await attack(fuzz());
tell(`and random queries, seed ${seed}`);
const splice = makeSplicer(Number(seed), honest);
for (let count = 0; count < Number(queries); count += 1) await attack(splice());
tell('and splices');
await look();
for (const hole of holes.slice(0, 20)) process.stdout.write(`${hole}\n`);

await witness.stop();
await plants.stop();
await server.stop();
process.exitCode = holes.length > 0 ? 1 : 0;
