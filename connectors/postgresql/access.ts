import type { AuthReport, ConnectorManifest, MissingPrivilege, StreamDescriptor } from '../sdk/index.ts';
import { ConnectorError } from '../sdk/index.ts';
import { access, listed, type Rights } from './reads/access.ts';
import { extensions } from './reads/extensions.ts';
import { IO_SINCE, NO_IO } from './reads/io.ts';
import { READ_STATS, type ReadContext } from './reads/reader.ts';
import { extensionGap, extensionGapOf } from './reads/statements.ts';

/** Reads that show only the role's own sessions and statements without pg_read_all_stats. */
const STARVED_WITHOUT_STATS = [
  'autovacuum',
  'blocking_tree',
  'connections',
  'horizon',
  'progress',
  'recovery',
  'replication',
  'statement_texts',
  'statements',
  'subscriptions',
  'transactions',
  'wait_events',
  'wraparound',
];

/** Streams that the extension pg_stat_statements serves. */
const STATEMENT_STREAMS = ['statements', 'statement_load', 'statement_texts'] as const;

/** Memberships that let a role do more than look at statistics. */
export const EXCESSIVE_ROLES = [
  'pg_checkpoint',
  'pg_create_subscription',
  'pg_execute_server_program',
  'pg_maintain',
  'pg_read_all_data',
  'pg_read_server_files',
  'pg_signal_backend',
  'pg_write_all_data',
  'pg_write_server_files',
];

const ATTRIBUTES = [
  ['rolsuper', 'SUPERUSER'],
  ['rolcreatedb', 'CREATEDB'],
  ['rolcreaterole', 'CREATEROLE'],
  ['rolreplication', 'REPLICATION'],
  ['rolbypassrls', 'BYPASSRLS'],
] as const;

/** Compares the rights of the role with those the reads need: what is missing, and what it should not have. */
export async function authReport(context: Pick<ReadContext, 'ask'>): Promise<AuthReport> {
  const { rows, facts } = await context.ask(access);
  const [rights] = rows;
  if (rights === undefined) throw new ConnectorError('BAD_RESPONSE', 'the server does not know our own role');
  const missing: MissingPrivilege[] = [];
  if (!facts.readsStats) {
    missing.push({
      privilege: READ_STATS,
      reads: STARVED_WITHOUT_STATS,
      hint: `GRANT ${READ_STATS} TO the role of this connection.`,
    });
  }
  const extension = await extensionGap(context);
  if (extension !== undefined) {
    missing.push({
      privilege: extension.missing,
      reads: ['statements'],
      hint: extension.hint ?? extension.reason,
    });
  }
  const granted = [
    ...(facts.readsStats ? [READ_STATS] : []),
    ...(extension === undefined ? ['pg_stat_statements'] : []),
  ];
  return { identity: rights.role, granted, missing, excess: excessOf(rights) };
}

/**
 * Everything that the role may do beside looking at statistics, each in the words in which it would be granted; what a
 * read needs after all (its `needs`, the views of the policy) is told from it by those words.
 */
export function excessOf(rights: Rights): readonly string[] {
  const attributes = ATTRIBUTES.filter(([column]) => rights[column]).map(([, name]) => name);
  const tables = [
    ...counted(rights.owned_objects, 'ownership of', 'objects'),
    ...counted(rights.writable_tables, 'write privileges on', 'user tables'),
    ...counted(rights.readable_tables, 'SELECT on', 'user tables'),
  ];
  // A superuser is a member of everything and may do the rest: saying it once is enough.
  if (rights.rolsuper) return [...attributes, ...tables];
  const member = listed(rights.member_of);
  return [
    ...attributes,
    ...EXCESSIVE_ROLES.filter((role) => member.includes(role)),
    ...counted(rights.other_memberships, 'membership in', 'other roles'),
    ...tables,
    ...listed(rights.readable_views).map((view) => `SELECT on ${view}`),
    ...counted(rights.creatable_schemas, 'CREATE on', 'schemas'),
    ...(rights.creates_schemas ? ['CREATE on the database'] : []),
    ...listed(rights.dangerous_functions).map((name) => `EXECUTE on ${name}`),
    ...counted(rights.definer_functions, 'EXECUTE on', 'SECURITY DEFINER functions'),
  ];
}

function counted(count: number, before: string, what: string): readonly string[] {
  return count > 0 ? [`${before} ${count} ${what}`] : [];
}

/** All streams can be served by every supported server, but for those that need an extension, a version or a pooler. */
export async function describeStreams(
  context: Pick<ReadContext, 'ask'>,
  streams: readonly ConnectorManifest['streams'][number]['id'][],
  unserved: ReadonlyMap<string, string>,
): Promise<readonly StreamDescriptor[]> {
  const asked = await context.ask(extensions);
  const extension = extensionGapOf(asked);
  const reasons = new Map([
    ...unserved,
    ...(extension === undefined
      ? []
      : STATEMENT_STREAMS.map((stream) => [stream, extension.reason] as const)),
    ...(asked.facts.version < IO_SINCE ? [['io', NO_IO] as const] : []),
  ]);
  return streams.map((stream) => {
    const reason = reasons.get(stream);
    return reason === undefined ? { stream, available: true } : { stream, available: false, reason };
  });
}
