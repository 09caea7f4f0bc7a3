import type { WordRule } from './rule.ts';

/** Waiting and cancelling, checkpoints, archiving and vacuum. */
export const WORK_WORDS: readonly WordRule[] = [
  ['deadlock_detected', ['deadlock detected', 'process * detected deadlock while waiting ']],
  ['deadlock_avoided', ['process * avoided deadlock ']],
  ['lock_wait', ['process * still waiting for ', 'process * could not obtain lock on ']],
  ['lock_acquired_late', ['process * acquired ']],
  ['lock_timeout', ['canceling statement due to lock timeout']],
  ['lock_not_available', ['could not obtain lock on ', '*lock on * is not available']],
  ['statement_timeout', ['canceling statement due to statement timeout']],
  ['transaction_timeout', ['terminating connection due to transaction timeout']],
  ['idle_in_transaction_timeout', ['terminating connection due to idle-in-transaction timeout']],
  ['idle_session_timeout', ['terminating connection due to idle-session timeout']],
  ['autovacuum_canceled', ['canceling autovacuum task', 'sending cancel to blocking autovacuum ']],
  [
    'recovery_conflict',
    [
      'canceling statement due to conflict with recovery',
      'terminating connection due to conflict with recovery',
      'recovery still waiting after ',
      'recovery finished waiting after ',
      'recovery conflict ',
      'recovery is still waiting ',
    ],
  ],
  [
    'auth_timeout',
    ['canceling authentication due to timeout', 'terminating connection due to authentication timeout'],
  ],
  [
    'canceled_by_user',
    [
      'canceling statement due to user request',
      'canceling wait for synchronous replication due to user request',
    ],
  ],
  ['serialization_failure', ['could not serialize access ', 'tuple to be * was already moved ']],
  ['snapshot_too_old', ['snapshot too old']],
  [
    'vacuum_skipped_lock',
    ['skipping vacuum of "*" --- lock not available', 'skipping analyze of "*" --- lock not available'],
  ],
  // Upkeep.
  ['checkpoints_too_frequent', ['checkpoints are occurring too frequently ']],
  ['checkpoint_failed', ['checkpoint request failed', 'concurrent write-ahead log activity while ']],
  ['checkpoint_starting', ['checkpoint starting:']],
  ['checkpoint_complete', ['checkpoint complete:', 'checkpoint skipped because ']],
  ['restartpoint', ['restartpoint ', 'recovery restart point at ', 'skipping restartpoint']],
  [
    'archiver_failed',
    [
      'archive command failed ',
      'archive command was terminated ',
      'archive command exited ',
      'archiving write-ahead log file "*" failed too many times',
      'removal of orphan archive status file ',
      'archiver process (PID ',
      'unable to archive ',
      'could not archive ',
    ],
  ],
  [
    'archiver_progress',
    [
      'restored log file ',
      'archived write-ahead log file ',
      'restarting archiver process ',
      '*WAL segments * archived',
    ],
  ],
  [
    'autovacuum_run',
    [
      'automatic vacuum of ',
      'automatic analyze of ',
      'automatic aggressive vacuum ',
      'automatic vacuum to prevent ',
    ],
  ],
  ['autovacuum_failed', ['autovacuum worker ', 'autovacuum: dropping orphan ', 'autovacuum: found orphan ']],
  [
    'vacuum_detail',
    [
      'vacuuming "',
      'aggressively vacuuming ',
      'finished vacuuming ',
      'analyzing "',
      'table "*": ',
      'index "*" now contains ',
      '"*": ',
      'skipping vacuum ',
      'skipping analyze ',
      'skipping "',
      'launched *parallel vacuum ',
      'finished analyzing ',
      'skipping redundant vacuum ',
    ],
  ],
];
