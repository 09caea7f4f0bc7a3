import { cdcReads } from '../cdc/read.ts';
import { accessReads } from './access.ts';
import { advisoryReads } from './advisory.ts';
import { autovacuumReads } from './autovacuum.ts';
import { bloatReads } from './bloat.ts';
import { blockingReads } from './blocking.ts';
import { checkpointsReads } from './checkpoints.ts';
import { connectionsReads } from './connections.ts';
import { countersReads } from './counters.ts';
import { extensionsReads } from './extensions.ts';
import { grantsReads } from './grants.ts';
import { horizonReads } from './horizon.ts';
import { indexesReads } from './indexes.ts';
import { ioReads } from './io.ts';
import { limitsReads } from './limits.ts';
import { locksReads } from './locks.ts';
import { overridesReads } from './overrides.ts';
import { ownCostReads } from './own-cost.ts';
import { pgbouncerReads } from './pgbouncer.ts';
import { progressReads } from './progress.ts';
import { publicationsReads } from './publications.ts';
import { pulseReads } from './pulse.ts';
import type { CatalogRead } from './reader.ts';
import { recoveryReads } from './recovery.ts';
import { replicationReads } from './replication.ts';
import { rolesReads } from './roles.ts';
import { schemaReads } from './schema.ts';
import { sequencesReads } from './sequences.ts';
import { serverReads } from './server.ts';
import { serverLogReads } from './server-log.ts';
import { settingsReads } from './settings.ts';
import { statementTextsReads } from './statement-texts.ts';
import { statementsReads } from './statements.ts';
import { subscriptionsReads } from './subscriptions.ts';
import { tablesReads } from './tables.ts';
import { transactionsReads } from './transactions.ts';
import { viewsReads } from './views.ts';
import { waitsReads } from './waits.ts';
import { walReads } from './wal.ts';
import { wraparoundReads } from './wraparound.ts';

/** Every read there is; a test holds it against the manifest and the folder of queries. */
export const READS: readonly CatalogRead[] = [
  ...accessReads,
  ...advisoryReads,
  ...autovacuumReads,
  ...bloatReads,
  ...blockingReads,
  ...cdcReads,
  ...checkpointsReads,
  ...connectionsReads,
  ...countersReads,
  ...extensionsReads,
  ...grantsReads,
  ...horizonReads,
  ...indexesReads,
  ...ioReads,
  ...limitsReads,
  ...locksReads,
  ...overridesReads,
  ...pgbouncerReads,
  ...ownCostReads,
  ...progressReads,
  ...publicationsReads,
  ...pulseReads,
  ...recoveryReads,
  ...replicationReads,
  ...rolesReads,
  ...schemaReads,
  ...sequencesReads,
  ...serverLogReads,
  ...serverReads,
  ...settingsReads,
  ...statementTextsReads,
  ...statementsReads,
  ...subscriptionsReads,
  ...tablesReads,
  ...transactionsReads,
  ...viewsReads,
  ...waitsReads,
  ...walReads,
  ...wraparoundReads,
];
