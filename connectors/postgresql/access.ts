import type { AuthReport, ConnectorManifest, MissingPrivilege, StreamDescriptor } from '../sdk/index.ts';
import { ConnectorError } from '../sdk/index.ts';
import type { RowOf } from './columns.ts';
import { READ_STATS, type ReadContext } from './reads/reader.ts';
import { access } from './reads/server.ts';
import { extensionGap } from './reads/statements.ts';

type Rights = RowOf<typeof access>;

/** Reads that show only the role's own sessions and statements without pg_read_all_stats. */
const STARVED_WITHOUT_STATS = [
  'blocking_tree',
  'connections',
  'replication',
  'statements',
  'transactions',
  'wait_events',
  'wraparound',
];

/** Memberships that let a role do more than look at statistics. */
const EXCESSIVE_ROLES = [
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

export function excessOf(rights: Rights): readonly string[] {
  const attributes = ATTRIBUTES.filter(([column]) => rights[column]).map(([, name]) => name);
  const member = (rights.member_of ?? '').split(',');
  return [
    ...attributes,
    // A superuser is a member of everything: saying it once is enough.
    ...(rights.rolsuper ? [] : EXCESSIVE_ROLES.filter((role) => member.includes(role))),
    ...(rights.writable_tables > 0 ? [`write privileges on ${rights.writable_tables} user tables`] : []),
    ...(rights.readable_tables > 0 ? [`SELECT on ${rights.readable_tables} user tables`] : []),
  ];
}

/** All streams can be served by every supported server, but for the one that needs an extension. */
export async function describeStreams(
  context: Pick<ReadContext, 'ask'>,
  streams: readonly ConnectorManifest['streams'][number]['id'][],
): Promise<readonly StreamDescriptor[]> {
  const extension = await extensionGap(context);
  return streams.map((stream) =>
    stream === 'statements' && extension !== undefined
      ? { stream, available: false, reason: extension.reason }
      : { stream, available: true },
  );
}
