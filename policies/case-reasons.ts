import type { FieldSpec, Timestamp } from '../connectors/sdk/index.ts';
import { type Difference, NOTHING, valuesAt } from './case-differences.ts';
import { general } from './case-fields.ts';
import type { PolicyCase } from './case-file.ts';
import type { Withheld } from './clear.ts';
import type { Cleared } from './cleared.ts';
import { layersOf, opinions } from './decide.ts';
import type { LoadedPolicy } from './load.ts';

/** What happened to a record, and what decided about its fields. */
export interface Happened {
  readonly record: NonNullable<PolicyCase['record']>;
  readonly cleared: Cleared;
  /** As the manifest of the stream declares them. */
  readonly fields: Readonly<Record<string, FieldSpec>>;
  readonly layers: readonly LoadedPolicy[];
  readonly now: Timestamp;
}

/** Adds to what was got why: which rule closed a field, or let it out, or that the record does not hold it. */
export function withReason(difference: Difference, happened: Happened): Difference {
  const { path, got } = difference;
  const field = general(path);
  if (happened.fields[field] === undefined) return difference;
  if (got !== NOTHING) {
    const rule = happened.cleared.fields[`body.${field}`];
    return rule === undefined ? difference : { ...difference, got: `${got} (let out by ${rule})` };
  }
  return { ...difference, got: `${got}: ${whyNothing(path, field, happened)}` };
}

function whyNothing(path: string, field: string, { record, cleared, fields, layers, now }: Happened): string {
  if (valuesAt(record.body, path).length === 0) return 'the record does not hold it';
  const spec = fields[field];
  if (spec === undefined) return 'the stream does not declare it';
  const { connection, connector, stream } = record;
  const question = { connector, stream, field, spec };
  const decides = opinions(question, layersOf(connection, layers), now).at(-1);
  if (decides === undefined) return 'no rule names it, so it stays';
  if (decides.treatment === 'drop') return `dropped by ${decides.rule}`;
  const taken = cleared.redactions.find((one) => general(one.path) === field && one.action === 'drop');
  if (taken !== undefined) return `${decides.rule} lets it out, and ${taken.rule} took it out`;
  return `${decides.rule} lets it out, and its value has not the shape that the manifest declares: ${spec.type}`;
}

/** Why a record was held back by the second gate. */
export function whyWithheld({ withheld }: Withheld): string {
  return `withheld: ${withheld}, as ${WITHHELD[withheld]}`;
}

const WITHHELD: Readonly<Record<Withheld['withheld'], string>> = {
  stream: 'nothing of its stream is let out',
  scope: 'the scope of the policy leaves it out, or the record does not say where it is from',
  shape: 'its entity, key, class or time is not as the manifest declares',
  detector: 'a detector found something for which the policy withholds the whole record',
  stopped: 'the stream is stopped',
  stale: 'the policy would have to be compiled anew',
};

/** What a read that was admitted was not refused for. */
export function whyAdmitted(
  streams: readonly string[],
  excess: readonly string[],
  refused: readonly string[],
): string {
  const held = excess.length === 0 ? 'no right beyond what reads need is held' : `held: ${excess.join(', ')}`;
  const rights =
    refused.length === 0 ? 'the policy refuses no right' : `${held}; refused are: ${refused.join(', ')}`;
  return `admitted, for ${streams.join(', ')} (${rights})`;
}
