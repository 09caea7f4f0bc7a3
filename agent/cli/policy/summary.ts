import type { CompiledPolicy } from '../../../policies/compile.ts';

/** A policy in numbers, for all connections that no file names. */
export function summaryOf(compiled: CompiledPolicy, connection = '') {
  const { streams } = compiled.of(connection);
  const fields = [...streams.values()].flatMap((plan) => plan.fields);
  return {
    version: compiled.version,
    digest: compiled.digest,
    validUntil: compiled.validUntil,
    streams: streams.size,
    open: fields.filter(({ treatment }) => treatment !== 'drop').length,
    dropped: fields.filter(({ treatment }) => treatment === 'drop').length,
  };
}

/** Those of the connections that some file is about; for all others the summary of the whole holds. */
export function ownSummaries(compiled: CompiledPolicy) {
  const named = compiled.layers.flatMap(({ policy }) => policy.connections ?? []);
  return [...new Set(named)].map((connection) => ({ connection, ...summaryOf(compiled, connection) }));
}
