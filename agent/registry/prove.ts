import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { proveReads, type ReadProofs } from '../../policies/guards/reads.ts';
import { loadSqlGuard } from '../../policies/guards/sql.ts';
import { AgentError } from '../errors.ts';
import type { ConnectorDefinition } from './discover.ts';
import type { LoadedConnector } from './load.ts';

/** Proves everything in a connector's `queries/`, whether the manifest names it or not. */
export async function proveConnector({ folder, manifest }: ConnectorDefinition): Promise<ReadProofs> {
  const queries = path.join(folder, 'queries');
  const names: string[] = await readdir(queries).catch(() => []);
  const texts = await Promise.all(
    names.map(async (name) => [`queries/${name}`, await readFile(path.join(queries, name), 'utf8')] as const),
  );
  return proveReads(manifest, new Map(texts), await loadSqlGuard());
}

/**
 * Digests of the reads that are proved read-only, by `<connector>/<read>`, each that of the bytes in memory. A connector
 * with a file that is not proved can not be used: a read that is left out would never run, and nobody would notice.
 * Throws AgentError POLICY.
 */
export async function proveLoaded(
  connectors: readonly LoadedConnector[],
): Promise<ReadonlyMap<string, string>> {
  const proven = new Map<string, string>();
  const refused: string[] = [];
  for (const connector of connectors) {
    const { proofs, problems } = await proveConnector(connector);
    refused.push(...problems.map(({ file, code }) => `${connector.id}/${file} (${code})`));
    const digests = new Map(proofs.map(({ file, digest }) => [file, digest]));
    for (const [read, { digest, files }] of connector.reads) {
      const changed = [...files].filter(([file, loaded]) => digests.get(file) !== loaded);
      if (changed.length === 0) proven.set(`${connector.id}/${read}`, digest);
      else refused.push(...changed.map(([file]) => `${connector.id}/${file} (CHANGED)`));
    }
  }
  if (refused.length === 0) return proven;
  throw new AgentError('POLICY', `not proved read-only: ${refused.join(', ')}`, {
    hint: 'See `exhibit connector check`.',
  });
}
