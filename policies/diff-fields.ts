import type { FieldSpec, FieldType, StreamSpec, Treatment } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import { layersOf, openness, opinions } from './decide.ts';
import type { Comparison, PolicyChange } from './policy-change.ts';
import { type Effect, highest, riskOfField } from './risk.ts';
import { placeOf, type RulePlace } from './rule-place.ts';

/** Streams that open or close, and every field whose treatment is another one. */
export function fieldChanges(comparison: Comparison): readonly PolicyChange[] {
  return comparison.manifest.streams.flatMap((stream) => streamChanges(comparison, stream));
}

function streamChanges(comparison: Comparison, stream: StreamSpec): readonly PolicyChange[] {
  const { connection, manifest, before, after } = comparison;
  const name = `${manifest.id}/${stream.id}`;
  const was = treatmentsOf(before, connection.id, name);
  const is = treatmentsOf(after, connection.id, name);
  const fields = Object.entries(stream.fields).flatMap(([field, spec]) => {
    const [from, to] = [was?.get(field) ?? 'drop', is?.get(field) ?? 'drop'];
    return from === to ? [] : [fieldChange(comparison, stream, field, spec, from, to)];
  });
  if ((was === undefined) === (is === undefined)) return fields;
  const effect: Effect = was === undefined ? 'opens' : 'closes';
  const [from, to] = was === undefined ? ['closed', 'open'] : ['open', 'closed'];
  const risk = highest(fields.map((change) => change.risk));
  const whole = { kind: 'stream', connection: connection.id, where: name, from, to, effect, risk } as const;
  return [{ ...whole, before: null, after: null }, ...fields];
}

function fieldChange(
  { before, after, connection, manifest }: Comparison,
  stream: StreamSpec,
  field: string,
  { type, class: dataClass }: FieldSpec,
  from: Treatment,
  to: Treatment,
): PolicyChange {
  const isWider = openness(to) < openness(from) || (to !== 'drop' && mayMakeNothing(from, type));
  const effect = isWider ? 'opens' : 'closes';
  const decider = (policy: CompiledPolicy) => decidedBy(policy, connection.id, manifest.id, stream, field);
  return {
    kind: 'field',
    connection: connection.id,
    where: `${manifest.id}/${stream.id} ${field}`,
    from,
    to,
    effect,
    risk: riskOfField(effect, dataClass),
    before: decider(before),
    after: decider(after),
  };
}

const NO_TEXT: ReadonlySet<FieldType> = new Set(['boolean', 'integer', 'number']);
const COARSENED: ReadonlySet<FieldType> = new Set([...NO_TEXT, 'timestamp']);

/** A number can not be scanned and a name has no coarser form: such a field is left out, and any other treatment tells more. */
function mayMakeNothing(treatment: Treatment, type: FieldType): boolean {
  return (treatment === 'scan' && NO_TEXT.has(type)) || (treatment === 'generalize' && !COARSENED.has(type));
}

function treatmentsOf(
  policy: CompiledPolicy,
  connection: string,
  stream: string,
): ReadonlyMap<string, Treatment> | undefined {
  const plan = policy.of(connection).streams.get(stream);
  if (plan === undefined) return undefined;
  return new Map(plan.fields.map(({ path, treatment }) => [path.slice('body.'.length), treatment]));
}

function decidedBy(
  policy: CompiledPolicy,
  connection: string,
  connector: string,
  stream: StreamSpec,
  field: string,
): RulePlace | null {
  const spec = stream.fields[field];
  if (spec === undefined) return null;
  const question = { connector, stream: stream.id, field, spec };
  const last = opinions(question, layersOf(connection, policy.layers), policy.compiledAt).at(-1);
  return last === undefined ? null : placeOf(last.rule, last.layer, last.path);
}
