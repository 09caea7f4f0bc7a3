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
