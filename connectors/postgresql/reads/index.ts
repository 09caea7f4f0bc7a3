import { blockingReads } from './blocking.ts';
import { connectionsReads } from './connections.ts';
import { countersReads } from './counters.ts';
import { locksReads } from './locks.ts';
import type { CatalogRead } from './reader.ts';
import { replicationReads } from './replication.ts';
import { schemaReads } from './schema.ts';
import { serverReads } from './server.ts';
import { settingsReads } from './settings.ts';
import { statementsReads } from './statements.ts';
import { transactionsReads } from './transactions.ts';

/** Every read there is; a test holds it against the manifest and the folder of queries. */
export const READS: readonly CatalogRead[] = [
  ...blockingReads,
  ...connectionsReads,
  ...countersReads,
  ...locksReads,
  ...replicationReads,
  ...schemaReads,
  ...serverReads,
  ...settingsReads,
  ...statementsReads,
  ...transactionsReads,
];
