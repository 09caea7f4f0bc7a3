import type { JsonPrimitive, JsonValue } from '../sdk/index.ts';
import { type FieldPattern, fieldPattern, find, isWithin } from './field-path.ts';
import { podTemplateRules } from './pod-template.ts';
import type { ChangeRule, ResourceQuery } from './schema.ts';

/** A value that may be shown, or the keyed digest of one that may not. */
export type Projected = JsonPrimitive | { readonly d: string };

/** What is kept of an object to notice its changes: place → value or digest. */
export type Projection = Readonly<Record<string, Projected>>;

export type Digest = (value: JsonValue) => string;

export interface FieldChange {
  readonly path: string;
  readonly aspect: string;
  /** `candidate`: the writer owns this field and wrote something, but which of its fields is not known. */
  readonly certainty: 'exact' | 'candidate';
  readonly from?: JsonPrimitive;
  readonly to?: JsonPrimitive;
  readonly fromDigest?: string;
  readonly toDigest?: string;
}

export interface Projector {
  project(object: unknown): Projection;
}

interface CompiledRule {
  readonly pattern: FieldPattern;
  readonly show: ChangeRule['show'];
}

/** Labels whose values name the application and its parts by convention. */
const WELL_KNOWN_LABEL =
  /^(app|version|app\.kubernetes\.io\/[a-z-]+|pod-security\.kubernetes\.io\/[a-z-]+|topology\.kubernetes\.io\/(zone|region)|kubernetes\.io\/(os|arch|hostname))$/;

/** One word, number, quantity, percentage or image reference: nothing that could be prose or a list. */
const SHOWABLE = /^[A-Za-z0-9]([A-Za-z0-9._:@/%+-]{0,251}[A-Za-z0-9%])?$/;

/** Set by controllers on the copy they make of a template. */
const COPIED_LABEL =
  /\.?metadata\.labels\.?\[?(pod-template-hash|controller-revision-hash|pod-template-generation)\]?$/;

/** A copy of the whole object inside itself, which would change with everything else. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function queryRules(query: ResourceQuery): readonly ChangeRule[] {
  const template = query.podTemplate === undefined ? [] : podTemplateRules(query.podTemplate);
  const whole: readonly ChangeRule[] = query.accept === 'full' ? [{ path: 'spec', show: 'digest' }] : [];
  return [...whole, ...query.changes, ...template];
}

export function projector(rules: readonly ChangeRule[], digest: Digest): Projector {
  const compiled: readonly CompiledRule[] = rules.map((rule) => ({
    pattern: fieldPattern(rule.path),
    show: rule.show,
  }));
  return { project: (object) => project(object, compiled, digest) };
}

function project(object: unknown, rules: readonly CompiledRule[], digest: Digest): Projection {
  const projection: Record<string, Projected> = {};
  for (const rule of rules) {
    for (const found of find(object, rule.pattern)) {
      if (COPIED_LABEL.test(found.path) || found.key === LAST_APPLIED) continue;
      const show = rule.show === 'label' ? WELL_KNOWN_LABEL.test(found.key) : rule.show === 'value';
      projection[found.path] =
        show && isShowable(found.value) ? found.value : { d: digest(jsonValue(found.value)) };
    }
  }
  return projection;
}

function isShowable(value: unknown): value is JsonPrimitive {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return typeof value === 'string' && SHOWABLE.test(value);
}

/** What came out of JSON.parse is JSON; keys are sorted so that order does not count as a change. */
function jsonValue(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, child]) => [key, jsonValue(child)]));
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/** Every place that differs, the most telling ones only: a parent's digest says nothing once a child is named. */
export function diff(before: Projection, after: Projection): readonly FieldChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = paths.filter((path) => !sameProjected(before[path], after[path]));
  const telling = changed.filter((path) => !changed.some((other) => other !== path && isWithin(other, path)));
  return telling.map((path) => fieldChange(path, before[path], after[path]));
}

/** What a new object says for itself: the values that may be shown. */
export function initialChanges(after: Projection): readonly FieldChange[] {
  const shown = Object.entries(after).filter(([, value]) => !isDigest(value));
  return shown.map(([path, value]) => fieldChange(path, undefined, value));
}

/** A field that may have changed, with its value now where that may be shown. */
export function candidate(path: string, now?: Projected): FieldChange {
  return { ...fieldChange(path, undefined, now), certainty: 'candidate' };
}

function fieldChange(path: string, before: Projected | undefined, after: Projected | undefined): FieldChange {
  return {
    path,
    aspect: aspectOf(path),
    certainty: 'exact',
    ...(before === undefined ? {} : isDigest(before) ? { fromDigest: before.d } : { from: before }),
    ...(after === undefined ? {} : isDigest(after) ? { toDigest: after.d } : { to: after }),
  };
}

function isDigest(value: Projected): value is { readonly d: string } {
  return typeof value === 'object' && value !== null;
}

function sameProjected(a: Projected | undefined, b: Projected | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (isDigest(a) || isDigest(b)) return isDigest(a) && isDigest(b) && a.d === b.d;
  return a === b;
}

/** What a path is about, first match wins; `other` for the rest. */
const ASPECTS: readonly (readonly [RegExp, string])[] = [
  [/\.image$/, 'image'],
  [/\.env\[|\.envFrom/, 'env'],
  [/\.resources(\.|$)/, 'resources'],
  [/Probe(\.|$)/, 'probe'],
  [/\.(command|args|lifecycle)(\.|$)/, 'command'],
  [/^(data|binaryData)(\.|\[|$)/, 'config'],
  [/^spec\.(replicas|minReplicas|maxReplicas|parallelism|completions|metrics|behavior)(\.|\[|$)/, 'scale'],
  [/suspend$/, 'suspend'],
  [/^spec\.(hard|limits)(\.|\[|$)/, 'quota'],
  [/volume|storage|accessModes|provisioner|reclaimPolicy/i, 'storage'],
  [
    /nodeSelector|nodeName|affinity|toleration|taints|unschedulable|priority|schedul|topologySpread/i,
    'scheduling',
  ],
  [/serviceAccount|imagePullSecrets|securityContext|roleRef|subjects|^rules/i, 'identity'],
  [/selector/i, 'selector'],
  [
    /policyTypes|ports?(\.|\[|$)|ingress|egress|clusterIP|externalName|^spec\.(type|rules|tls|http|dns)/i,
    'network',
  ],
  [/minAvailable|maxUnavailable|disruption|webhooks|failurePolicy/i, 'policy'],
  [/schedule|deadline|backoffLimit|strategy|paused|history/i, 'rollout'],
  [/metadata\.(labels|annotations)/, 'metadata'],
];

export function aspectOf(path: string): string {
  return ASPECTS.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
}

/** A stable short name for a state of the fields, for kinds that carry no generation. */
export function projectionId(projection: Projection, digest: Digest): string {
  const entries = Object.entries(projection).sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = digest(entries.map(([path, value]) => [path, isDigest(value) ? value.d : value]));
  return whole.slice(whole.lastIndexOf(':') + 1).slice(0, 22);
}
