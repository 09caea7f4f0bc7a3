import { ALNUM, DIGITS, HEX, type Random } from './random.ts';
import {
  COLUMNS,
  DATABASES,
  image,
  milliseconds,
  NAMESPACES,
  node,
  pod,
  queryId,
  RELATIONS,
  SERVICES,
  sha,
  time,
  uid,
  version,
  word,
} from './values.ts';

/** Free text as sources write it, with nothing to find in most of it. */

/** Messages of Kubernetes events. */
export function eventMessage(random: Random): string {
  const container = random.pick(SERVICES);
  switch (random.int(9)) {
    case 0:
      return `Back-off restarting failed container ${container} in pod ${pod(random)}_${random.pick(NAMESPACES)}(${uid(random)})`;
    case 1:
      return `Readiness probe failed: Get "http://10.${random.int(256)}.${random.int(256)}.${random.int(256)}:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
    case 2:
      return `Failed to pull image "${image(random)}": rpc error: code = NotFound desc = failed to pull and unpack image: not found`;
    case 3:
      return `0/${random.between(3, 40)} nodes are available: ${random.between(1, 9)} Insufficient cpu, ${random.between(1, 9)} node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/3 nodes are available`;
    case 4:
      return `Scaled up replica set ${container}-${random.text(HEX, 10)} from ${random.int(5)} to ${random.int(9)}`;
    case 5:
      return `Successfully assigned ${random.pick(NAMESPACES)}/${pod(random)} to ${node(random)}`;
    case 6:
      return `MountVolume.SetUp failed for volume "config-${random.text(HEX, 8)}" : configmap "${container}-config" not found`;
    case 7:
      return `Container image "${image(random)}" already present on machine`;
    default:
      return `Liveness probe failed: HTTP probe failed with statuscode: ${random.pick([500, 502, 503])}`;
  }
}

/** One line that a container wrote. */
export function logLine(random: Random): string {
  const at = time(random);
  const trace = random.text(HEX, 32);
  switch (random.int(6)) {
    case 0:
      return `${at} INFO [${random.pick(SERVICES)}] request completed method=GET path=/api/v2/${random.pick(RELATIONS)}/${random.text(DIGITS, 7)} status=200 duration_ms=${milliseconds(random, 900)} trace_id=${trace}`;
    case 1:
      return `{"level":"warn","ts":"${at}","caller":"pool/pool.go:${random.int(400)}","msg":"slow query","database":"${random.pick(DATABASES)}","duration_ms":${milliseconds(random, 9_000)},"trace_id":"${trace}","span_id":"${random.text(HEX, 16)}"}`;
    case 2:
      return `${at.slice(11, 23)} [http-nio-8080-exec-${random.int(40)}] ERROR c.a.${word(random)}.OrderService - could not reserve stock for sku ${random.text(ALNUM, 10)}: timeout after ${random.int(30)}s`;
    case 3:
      return `I${random.text(DIGITS, 4)} ${at.slice(11, 19)}.${random.text(DIGITS, 6)}       1 controller.go:${random.int(900)}] "Reconciled" controller="${random.pick(SERVICES)}" namespace="${random.pick(NAMESPACES)}" name="${pod(random)}" reconcileID="${uid(random)}"`;
    case 4:
      return stackTrace(random);
    default:
      return `${at} DEBUG cache hit ratio ${milliseconds(random, 1)} keys=${random.int(90_000)} evicted=${random.int(900)} heap=${random.int(900)}MiB gc_pause=${milliseconds(random, 40)}ms`;
  }
}

function stackTrace(random: Random): string {
  const frames = Array.from(
    { length: random.between(3, 7) },
    () =>
      `\tat com.acme.${word(random)}.${word(random)}.${random.pick(['OrderService', 'HttpPool', 'RetryPolicy'])}.${word(random)}(${random.pick(['OrderService', 'HttpPool'])}.java:${random.int(900)})`,
  );
  return `java.lang.IllegalStateException: ${word(random)} ${word(random)} is closed\n${frames.join('\n')}`;
}

/** PostgreSQL cuts the texts in `pg_stat_activity` at this many bytes (`track_activity_query_size`). */
const QUERY_SIZE = 1_024;

/** A statement with its literals, sometimes a long one that was cut. */
export function queryText(random: Random): string {
  const table = random.pick(RELATIONS);
  const id = random.text(DIGITS, 7);
  switch (random.int(5)) {
    case 0:
      return `SELECT ${random.pick(COLUMNS)}, ${random.pick(COLUMNS)} FROM ${table} WHERE id = ${id} FOR UPDATE`;
    case 1:
      return `UPDATE ${table} SET ${random.pick(COLUMNS)} = '${word(random)}', updated_at = now() WHERE id = ${id}`;
    case 2:
      return `WITH recent AS (SELECT * FROM ${table} WHERE updated_at > '${time(random)}') SELECT count(*) FROM recent JOIN ${random.pick(RELATIONS)} USING (customer_id) WHERE region = $1`;
    case 3:
      return `SELECT * FROM ${table} WHERE id IN (${Array.from({ length: random.between(20, 160) }, () => random.text(DIGITS, 7)).join(', ')})`.slice(
        0,
        QUERY_SIZE,
      );
    default:
      return `INSERT INTO ${table} (${random.pick(COLUMNS)}, ${random.pick(COLUMNS)}) VALUES ${Array.from({ length: random.between(1, 12) }, () => `('${word(random)}', ${random.int(9_999)})`).join(', ')}`.slice(
        0,
        QUERY_SIZE,
      );
  }
}

/** A line of the PostgreSQL log, and its DETAIL. */
export function serverLog(random: Random): { message: string; detail: string } {
  const table = random.pick(RELATIONS);
  switch (random.int(4)) {
    case 0:
      return {
        message: `duplicate key value violates unique constraint "${table}_pkey"`,
        detail: `Key (id)=(${random.text(DIGITS, 7)}) already exists.`,
      };
    case 1:
      return {
        message: `process ${random.between(900, 32_000)} still waiting for ShareLock on transaction ${random.text(DIGITS, 6)} after 1000.${random.text(DIGITS, 3)} ms`,
        detail: `Process holding the lock: ${random.between(900, 32_000)}. Wait queue: ${random.between(900, 32_000)}.`,
      };
    case 2:
      return {
        message: `automatic vacuum of table "${random.pick(DATABASES)}.public.${table}": index scans: ${random.int(3)}`,
        detail: `pages: 0 removed, ${random.int(90_000)} remain, ${random.int(90_000)} scanned (${milliseconds(random, 100)}% of total)`,
      };
    default:
      return {
        message: `duration: ${milliseconds(random, 9_000)} ms  execute <unnamed>: ${queryText(random)}`,
        detail: `parameters: $1 = '${random.int(9_000)}', $2 = '${word(random)}'`,
      };
  }
}

export function commitMessage(random: Random): string {
  const subject = `${random.pick(['Fix', 'Raise', 'Lower', 'Remove', 'Add'])} ${word(random)} ${random.pick(['timeout', 'limit', 'index', 'retry', 'probe'])} of ${random.pick(SERVICES)} (#${random.int(9_000)})`;
  if (random.chance(0.5)) return subject;
  return `${subject}\n\nThe ${word(random)} was ${random.int(90)}s, which is longer than the probe waits. See ${sha(random).slice(0, 10)}.\n\nFixes #${random.int(9_000)}`;
}

/** A description in Markdown. */
export function pullRequestBody(random: Random): string {
  const step = () =>
    `- [${random.pick([' ', 'x'])}] ${word(random)} ${random.pick(COLUMNS)} in \`${random.pick(SERVICES)}\``;
  return [
    '## What',
    `${commitMessage(random).split('\n')[0]}. Rolls out to ${random.pick(NAMESPACES)} first.`,
    '',
    '## Why',
    `p99 of \`${random.pick(SERVICES)}\` rose from ${random.int(400)} ms to ${random.int(4_000)} ms after ${version(random)}; the plan of query ${queryId(random)} changed.`,
    '',
    '```yaml',
    `image: ${image(random)}`,
    `resources: { limits: { cpu: "${random.between(1, 8)}", memory: ${random.between(1, 8)}Gi } }`,
    '```',
    ...Array.from({ length: random.between(2, 5) }, step),
  ].join('\n');
}

export function deployNote(random: Random): string {
  return `Deploy ${random.pick(SERVICES)} ${version(random)} (${sha(random).slice(0, 12)}) to ${random.pick(NAMESPACES)}; previous ${version(random)}. Rolled out ${random.between(1, 12)}/${random.between(12, 24)} pods, error budget ${milliseconds(random, 100)} %.`;
}
