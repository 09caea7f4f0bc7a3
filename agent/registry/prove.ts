import type { ReadSpec } from '../../connectors/sdk/index.ts';
import { loadSqlGuard, type SqlGuard } from '../../policies/guards/sql.ts';
import type { ConnectorDefinition } from './discover.ts';
import type { ReadFile } from './load.ts';
import { judgeRequests } from './request-guard.ts';

/** What the guard says about the file of one read. */
export interface ReadProof {
  readonly connector: string;
  readonly read: string;
  readonly file: string;
  /** `sha256:<hex>` of the file that was looked at: a proof is about these bytes only. */
  readonly digest: string;
  readonly proved: boolean;
  /** Null when proved. */
  readonly code: string | null;
  readonly reason: string | null;
}

interface Judgement {
  readonly code: string | null;
  readonly reason: string | null;
}

/** Proves from its text that each read of a connector only reads. What is in no known language is not proved. */
export async function proveReads(
  { id, manifest }: ConnectorDefinition,
  files: ReadonlyMap<string, ReadFile>,
): Promise<readonly ReadProof[]> {
  const guard = await loadSqlGuard();
  return manifest.reads.map((read) => {
    const file = files.get(read.id) ?? { text: '', digest: '' };
    const { code, reason } = judge(read, file.text, guard);
    return {
      connector: id,
      read: read.id,
      file: read.file,
      digest: file.digest,
      proved: code === null,
      code,
      reason,
    };
  });
}

function judge(read: ReadSpec, text: string, guard: SqlGuard): Judgement {
  switch (read.language) {
    case 'sql/postgresql':
      return guard.template(text, { requireQualified: true });
    case 'kubernetes':
    case 'rest':
      return judgeRequests(text, read.file, read.language);
    case 'graphql':
      return { code: 'NO_GUARD', reason: 'there is no guard for this language yet' };
  }
}
