import type { DataClass, StreamSpec, Treatment } from '../connectors/sdk/index.ts';
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
    return from === to ? [] : [fieldChange(comparison, stream, field, spec.class, from, to)];
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
  dataClass: DataClass,
  from: Treatment,
  to: Treatment,
): PolicyChange {
  const effect = openness(to) < openness(from) ? 'opens' : 'closes';
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
