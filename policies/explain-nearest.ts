import type { CompiledPolicy } from './compile.ts';
import { type FieldQuestion, layersOf } from './decide.ts';
import { type BreakGlassRule, matchesAny, type PolicyRule } from './policy.ts';
import { placeOf, type RulePlace } from './rule-place.ts';
import { inForce } from './validity.ts';

/** A rule that would say something about a field, but for one thing. */
export interface NearMiss extends RulePlace {
  readonly why: string;
}

interface Candidate {
  readonly place: () => RulePlace;
  /** Things that do not fit; the fewer and the smaller, the nearer. */
  readonly distance: number;
  readonly why: string;
}

/** The last of the rules that come nearest to matching and do not; null when none comes near. */
export function nearestRule(
  policy: CompiledPolicy,
  connection: string,
  question: FieldQuestion,
): NearMiss | null {
  const applying = new Set(layersOf(connection, policy.layers));
  const candidates = policy.layers.flatMap((layer) => {
    const isAbout = applying.has(layer);
    const { name } = layer.policy.metadata;
    return [
      ...layer.policy.rules.map((rule, index) => ({
        ...distanceOf(rule, question, isAbout, null),
        place: () => placeOf(`${name}#${rule.id}`, layer, ['rules', index]),
      })),
      ...layer.policy.breakGlass.map((rule, index) => ({
        ...distanceOf(rule, question, isAbout, timeOf(rule, policy.compiledAt)),
        place: () => placeOf(`${name}#break-glass/${rule.id}`, layer, ['breakGlass', index]),
      })),
    ];
  });
  const near = candidates.filter(({ distance }) => distance > 0 && distance < TOO_FAR);
  const best = near.reduce<Candidate | null>(
    (found, one) => (found === null || one.distance <= found.distance ? one : found),
    null,
  );
  return best === null ? null : { ...best.place(), why: best.why };
}

/** Two things that do not fit are worse than one, and a rule about another stream and other fields is no near miss. */
const TOO_FAR = 16;
const MISSES = { connection: 2, time: 1, field: 8, stream: 9 } as const;

function distanceOf(
  rule: Pick<PolicyRule, 'streams' | 'fields' | 'classes'>,
  { connector, stream, field, spec }: FieldQuestion,
  isAbout: boolean,
  time: string | null,
): Pick<Candidate, 'distance' | 'why'> {
  const named = rule.fields?.includes(field) ?? rule.classes?.includes(spec.class) ?? false;
  const misses = [
    ...(isAbout ? [] : [[MISSES.connection, 'its file is about other connections'] as const]),
    ...(time === null ? [] : [[MISSES.time, time] as const]),
    ...(named ? [] : [[MISSES.field, fieldMiss(rule, field, spec.class)] as const]),
    ...(matchesAny(rule.streams, connector, stream)
      ? []
      : [[MISSES.stream, `it is about ${rule.streams.join(', ')}`] as const]),
  ];
  return {
    distance: misses.reduce((sum, [distance]) => sum + distance, 0),
    why: misses.map(([, why]) => why).join(', and '),
  };
}

function fieldMiss(
  { fields, classes = [] }: Pick<PolicyRule, 'fields' | 'classes'>,
  field: string,
  dataClass: string,
): string {
  return fields === undefined
    ? `it is about the classes ${classes.join(', ')}, and this field is of class ${dataClass}`
    : `it names ${fields.join(', ')} and not ${field}`;
}

function timeOf(rule: BreakGlassRule, now: string): string | null {
  if (inForce(rule, now)) return null;
  return rule.from > now ? `it does not hold before ${rule.from}` : `it ended at ${rule.expires}`;
}
