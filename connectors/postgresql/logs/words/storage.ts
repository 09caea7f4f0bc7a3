import type { WordRule } from './rule.ts';

/** Resources that ran out, and data that is not as it was written. */
export const STORAGE_WORDS: readonly WordRule[] = [
  [
    'out_of_shared_memory',
    ['out of shared memory', 'not enough shared memory', 'could not resize shared memory segment'],
  ],
  [
    'out_of_memory',
    ['out of memory', 'could not fork *: Cannot allocate memory', 'failed on request of size '],
  ],
  ['disk_full', ['*No space left on device', '*Disk quota exceeded']],
  ['could_not_extend', ['could not extend file ', 'could not extend ']],
  [
    'too_many_connections',
    [
      'sorry, too many clients already',
      'too many connections for ',
      'remaining connection slots are reserved',
      'number of requested standby connections exceeds ',
    ],
  ],
  [
    'too_many_files',
    ['out of file descriptors', '*Too many open files', 'exceeded maxAllocatedDescs', 'exceeded max'],
  ],
  ['stack_depth_exceeded', ['stack depth limit exceeded']],
  ['temp_file_limit', ['temporary file size exceeds temp_file_limit']],
  [
    'insufficient_resources',
    [
      'could not fork ',
      'out of background worker slots',
      'out of logical replication worker slots',
      'no slot available for new ',
      'no free worker slots available',
      'too many dynamic shared memory segments',
      'worker took too long to start',
      'autovacuum worker took too long to start',
      'could not start background worker ',
      'all replication slots are in use',
      'all AuxiliaryProcs are in use',
      'maximum number of prepared transactions reached',
      'too many background workers',
    ],
  ],
  // Data.
  [
    'checksum_failure',
    [
      'page verification failed',
      '*checksum verification fail',
      'checksum verification failed',
      'checksum mismatch ',
      'incorrect checksum ',
      '*data checksum in record',
      '*checksums in record',
      '*incorrect checksum',
      'calculated CRC checksum ',
      '*wrong checksum',
    ],
  ],
  [
    'invalid_page',
    ['invalid page in block ', 'WAL contains references to invalid pages', '* of relation * does not exist$'],
  ],
  [
    'index_corrupted',
    [
      'index "*" contains ',
      'index "*" is not a *',
      'could not find left sibling ',
      'right sibling',
      'left link changed ',
    ],
  ],
  [
    'data_corrupted',
    [
      'corrupted ',
      'unexpected data beyond EOF ',
      'missing chunk number ',
      'unexpected chunk ',
      'found xmin ',
      'found xmax ',
      'found multixact ',
      'found update xid ',
      'could not access status of transaction ',
      'attempted to delete invisible tuple',
      'attempted to update invisible tuple',
      'compressed *data is corrupt',
      'relation mapping file "*" contains invalid data',
      '* is corrupt$',
      '* is corrupted$',
      'MultiXactId * does no longer exist',
      'MultiXactId * has not been created yet',
      'uninitialized page ',
    ],
  ],
  [
    'collation_mismatch',
    [
      'database "*" has a collation version mismatch',
      '*collation version mismatch',
      'collation "*" has version mismatch',
    ],
  ],
  ['wraparound_stopped', ['database is not accepting commands ', 'database is not accepting commands that ']],
  [
    'wraparound_warning',
    [
      'database "*" must be vacuumed within ',
      'database "*" must be vacuumed before ',
      'database with OID * must be vacuumed ',
      'oldest xmin is far in the past',
      'oldest multixact is far in the past',
      'cutoff for removing and freezing tuples is far in the past',
      'cutoff for freezing multixacts is far in the past',
      'some databases have not been vacuumed ',
    ],
  ],
  ['vacuum_failsafe', ['bypassing nonessential maintenance of table ']],
];
