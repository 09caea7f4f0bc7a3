import { GITHUB_RECORDS } from './github-records.ts';
import { KUBERNETES_RECORDS } from './kubernetes-records.ts';
import { POSTGRESQL_RECORDS } from './postgresql-records.ts';
import type { RecordKind } from './record-kind.ts';

/** Shares add up to 100. */
export const RECORD_KINDS: readonly RecordKind[] = [
  ...KUBERNETES_RECORDS,
  ...POSTGRESQL_RECORDS,
  ...GITHUB_RECORDS,
];
