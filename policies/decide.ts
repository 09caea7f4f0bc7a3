import { type FieldSpec, type Timestamp, TREATMENTS, type Treatment } from '../connectors/sdk/index.ts';
import type { LoadedPolicy } from './load.ts';
import { type BreakGlassRule, matchesAny, type PolicyRule } from './policy.ts';
import { inForce } from './validity.ts';

/** A field of a stream of a connector, as a question to the policies. */
export interface FieldQuestion {
  readonly connector: string;
  readonly stream: string;
  /** As the manifest names it: `changes[].path`. */
  readonly field: string;
  readonly spec: FieldSpec;
}

/** A rule that has something to say about a field. */
export interface Opinion {
  /** `<policy>#<rule>`; `<policy>#break-glass/<rule>` for an emergency's. */
  readonly rule: string;
  readonly layer: LoadedPolicy;
  /** Where it stands in its file. */
  readonly path: readonly PropertyKey[];
  readonly treatment: Treatment;
  /** What the rule asks for, when it may not have that: it is wider than the manifest and does not name the field. */
  readonly held: Treatment | null;
}

/**
 * Every rule that matches the field, in order; the last one decides, and without one the field is dropped. Compiling,
 * explaining and comparing policies all read their decisions from here.
 */
export function opinions(
  question: FieldQuestion,
  layers: readonly LoadedPolicy[],
  now: Timestamp,
): Opinion[] {
  const ordinary = layers.flatMap((layer) =>
    layer.policy.rules.flatMap((rule, index) =>
      matchesField(rule, question) ? [opinionOf(rule, index, layer, question.spec)] : [],
    ),
  );
  const emergencies = layers.flatMap((layer) =>
    layer.policy.breakGlass.flatMap((rule, index) =>
      inForce(rule, now) && matchesField(rule, question) ? [emergency(rule, index, layer)] : [],
    ),
  );
  return [...ordinary, ...emergencies];
}

/** The layers that are about a connection; without one, those that are about all. */
export function layersOf(
  connection: string | undefined,
  layers: readonly LoadedPolicy[],
): readonly LoadedPolicy[] {
  return layers.filter(
    ({ policy }) =>
      policy.connections === undefined ||
      (connection !== undefined && policy.connections.includes(connection)),
  );
}

function matchesField(
  rule: Pick<PolicyRule, 'streams' | 'fields' | 'classes'>,
  { connector, stream, field, spec }: FieldQuestion,
): boolean {
  if (!matchesAny(rule.streams, connector, stream)) return false;
  return rule.fields?.includes(field) ?? rule.classes?.includes(spec.class) ?? false;
}

function opinionOf(rule: PolicyRule, index: number, layer: LoadedPolicy, spec: FieldSpec): Opinion {
  const wanted = rule.treatment ?? spec.treatment;
  const treatment = namesField(rule) ? wanted : narrower(wanted, spec.treatment);
  return {
    rule: `${layer.policy.metadata.name}#${rule.id}`,
    layer,
    path: ['rules', index],
    treatment,
    held: treatment === wanted ? null : wanted,
  };
}

function emergency(rule: BreakGlassRule, index: number, layer: LoadedPolicy): Opinion {
  return {
    rule: `${layer.policy.metadata.name}#break-glass/${rule.id}`,
    layer,
    path: ['breakGlass', index],
    treatment: rule.treatment,
    held: null,
  };
}

/** Only a rule that names stream and field may open a field further than its manifest does. */
export function namesField(rule: Pick<PolicyRule, 'streams' | 'fields'>): boolean {
  return rule.fields !== undefined && rule.streams.every((pattern) => !pattern.includes('*'));
}

/** 0 is the most open. */
export function openness(treatment: Treatment): number {
  return TREATMENTS.indexOf(treatment);
}

function narrower(a: Treatment, b: Treatment): Treatment {
  return openness(a) > openness(b) ? a : b;
}
