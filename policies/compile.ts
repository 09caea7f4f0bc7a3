import { hash } from 'node:crypto';
import {
  type Budget,
  type ConnectorManifest,
  type FieldSpec,
  type FieldType,
  type ReadSpec,
  type Scope,
  type StreamSpec,
  TREATMENTS,
  type Treatment,
} from '../connectors/sdk/index.ts';
import { VALIDATORS, type Validator } from './field-types.ts';
import type { LoadedPolicy } from './load.ts';
import { matchesStream, type PolicyFile, type PolicyRule, type ScopeRule } from './policy.ts';
import { nearest, type Problem } from './yaml.ts';

/** What a manifest declares and the policies allow, as tables: nothing is looked up by pattern after this. */
export interface CompiledPolicy {
  /** `standard@1+acme@4` */
  readonly version: string;
  /** `sha256:<hex>` over the policies in order; written into every item. */
  readonly digest: string;
  readonly scope: Scope;
  /** By `<connector>/<read>`. */
  readonly reads: ReadonlyMap<string, ReadPlan>;
  /** By `<connector>/<stream>`; a stream without a single open field is absent. */
  readonly streams: ReadonlyMap<string, StreamPlan>;
}

export interface ReadPlan {
  readonly connector: ConnectorManifest;
  readonly read: ReadSpec;
  readonly budget: Budget;
  /** Open streams that this read emits into. */
  readonly streams: readonly string[];
}

export interface StreamPlan {
  readonly stream: StreamSpec;
  readonly root: ObjectPlan;
  /** Every open or dropped field, numbered; `index` of a FieldPlan points in here. */
  readonly fields: readonly FieldPlan[];
}

/** One level of the body. Children are in the order of RFC 8785, so that what is built from it is sorted already. */
export interface ObjectPlan {
  readonly children: readonly ChildPlan[];
  readonly known: ReadonlySet<string>;
}

export interface ChildPlan {
  readonly key: string;
  readonly array: boolean;
  readonly node: ObjectPlan | FieldPlan;
}

export interface FieldPlan {
  readonly index: number;
  /** `body.changes[].path` */
  readonly path: string;
  readonly type: FieldType;
  readonly valid: Validator;
  readonly treatment: Treatment;
  /** `<policy>#<rule>`; null when no rule lets it out. */
  readonly rule: string | null;
}

export interface CompiledResult {
  readonly policy: CompiledPolicy;
  readonly problems: readonly Problem[];
}

/**
 * Intersects manifests and policies. Problems (a rule that matches nothing, a rule that widens without naming the
 * field) are returned all at once, placed in the policy files; with any, the policy must not be used.
 */
export function compilePolicy(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
): CompiledResult {
  const policies = layers.map((layer) => layer.policy);
  const streams = new Map<string, StreamPlan>();
  const reads = new Map<string, ReadPlan>();
  for (const manifest of manifests) {
    for (const stream of manifest.streams) {
      const plan = planStream(manifest.id, stream, policies);
      if (plan.fields.some((field) => field.treatment !== 'drop'))
        streams.set(`${manifest.id}/${stream.id}`, plan);
    }
    for (const read of manifest.reads) {
      reads.set(`${manifest.id}/${read.id}`, {
        connector: manifest,
        read,
        budget: tightest(manifest.id, read, policies),
        streams: read.emits.filter((stream) => streams.has(`${manifest.id}/${stream}`)),
      });
    }
  }
  return {
    policy: {
      version: policies.map(({ metadata }) => `${metadata.name}@${metadata.version}`).join('+'),
      digest: `sha256:${hash('sha256', JSON.stringify(policies), 'hex')}`,
      scope: compileScope(policies),
      reads,
      streams,
    },
    problems: layers.flatMap((layer) => checkRules(layer, manifests)),
  };
}

function planStream(connector: string, stream: StreamSpec, policies: readonly PolicyFile[]): StreamPlan {
  const fields: FieldPlan[] = [];
  const root = newLevel();
  for (const [path, spec] of Object.entries(stream.fields)) {
    const field: FieldPlan = {
      index: fields.length,
      path: `body.${path}`,
      type: spec.type,
      valid: VALIDATORS[spec.type],
      ...decide(connector, stream.id, path, spec, policies),
    };
    fields.push(field);
    place(root, path.split('.'), field);
  }
  return { stream, root: freeze(root), fields };
}

/** The last matching rule decides; without one the field is dropped. */
function decide(
  connector: string,
  stream: string,
  path: string,
  spec: FieldSpec,
  policies: readonly PolicyFile[],
): { treatment: Treatment; rule: string | null } {
  let decision: { treatment: Treatment; rule: string | null } = { treatment: 'drop', rule: null };
  for (const policy of policies) {
    for (const rule of policy.rules) {
      if (!rule.streams.some((pattern) => matchesStream(pattern, connector, stream))) continue;
      if (!(rule.fields?.includes(path) ?? rule.classes?.includes(spec.class))) continue;
      const wanted = rule.treatment ?? spec.treatment;
      const treatment = namesField(rule) ? wanted : narrower(wanted, spec.treatment);
      decision = { treatment, rule: treatment === 'drop' ? null : `${policy.metadata.name}#${rule.id}` };
    }
  }
  return decision;
}

/** Only a rule that names stream and field may open a field further than its manifest does. */
function namesField(rule: PolicyRule): boolean {
  return rule.fields !== undefined && rule.streams.every((pattern) => !pattern.includes('*'));
}

function openness(treatment: Treatment): number {
  return TREATMENTS.indexOf(treatment);
}

function narrower(a: Treatment, b: Treatment): Treatment {
  return openness(a) > openness(b) ? a : b;
}

interface Level {
  readonly children: Map<string, { array: boolean; node: Level | FieldPlan }>;
}

function newLevel(): Level {
  return { children: new Map() };
}

function place(level: Level, [step = '', ...rest]: readonly string[], field: FieldPlan): void {
  const array = step.endsWith('[]');
  const key = array ? step.slice(0, -2) : step;
  if (rest.length === 0) {
    level.children.set(key, { array, node: field });
    return;
  }
  const existing = level.children.get(key);
  const next = existing !== undefined && 'children' in existing.node ? existing.node : newLevel();
  level.children.set(key, { array, node: next });
  place(next, rest, field);
}

function freeze(level: Level): ObjectPlan {
  const keys = [...level.children.keys()].sort();
  return {
    known: new Set(keys),
    children: keys.flatMap((key) => {
      const child = level.children.get(key);
      if (child === undefined) return [];
      const node = 'children' in child.node ? freeze(child.node) : child.node;
      return [{ key, array: child.array, node }];
    }),
  };
}

function tightest(connector: string, read: ReadSpec, policies: readonly PolicyFile[]): Budget {
  const rules = policies
    .flatMap((policy) => policy.budgets)
    .filter((rule) => rule.reads.some((pattern) => matchesStream(pattern, connector, read.id)));
  const least = (declared: number, limits: readonly (number | undefined)[]) =>
    Math.min(declared, ...limits.filter((limit) => limit !== undefined));
  return {
    durationMs: least(
      read.budget.duration,
      rules.map((rule) => rule.duration),
    ),
    rows: least(
      read.budget.rows,
      rules.map((rule) => rule.rows),
    ),
    bytes: least(
      read.budget.bytes,
      rules.map((rule) => rule.bytes),
    ),
    calls: least(
      read.budget.calls,
      rules.map((rule) => rule.calls),
    ),
  };
}

/** Every layer must allow a value, and none may deny it. */
function compileScope(policies: readonly PolicyFile[]): Scope {
  const rules = new Map<string, ScopeRule[]>();
  for (const policy of policies) {
    for (const [dimension, rule] of Object.entries(policy.scope)) {
      rules.set(dimension, [...(rules.get(dimension) ?? []), rule]);
    }
  }
  return {
    includes: (dimension, value) =>
      (rules.get(dimension) ?? []).every(
        ({ allow, deny }) =>
          !deny.some((pattern) => matches(pattern, value)) &&
          allow.some((pattern) => matches(pattern, value)),
      ),
  };
}

function matches(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}

function checkRules({ policy, source }: LoadedPolicy, manifests: readonly ConnectorManifest[]): Problem[] {
  const streams = manifests.flatMap((manifest) =>
    manifest.streams.map((stream) => ({ connector: manifest.id, stream })),
  );
  const issues: { path: PropertyKey[]; message: string; hint?: string }[] = [];
  for (const [index, rule] of policy.rules.entries()) {
    for (const [position, pattern] of rule.streams.entries()) {
      const path = ['rules', index, 'streams', position];
      const matched = streams.filter(({ connector, stream }) => matchesStream(pattern, connector, stream.id));
      if (matched.length === 0) {
        const candidate = nearest(
          pattern,
          streams.map(({ connector, stream }) => `${connector}/${stream.id}`),
        );
        issues.push({
          path,
          message: 'matches no stream of any connector',
          ...(candidate === undefined ? {} : { hint: `did you mean "${candidate}"?` }),
        });
        continue;
      }
      for (const [fieldIndex, field] of (rule.fields ?? []).entries()) {
        issues.push(...checkField(rule, field, ['rules', index, 'fields', fieldIndex], matched));
      }
    }
  }
  return issues.map(({ path, message, hint }) => ({
    ...source.place(path, message),
    ...(hint === undefined ? {} : { hint }),
  }));
}

function checkField(
  rule: PolicyRule,
  field: string,
  path: PropertyKey[],
  matched: readonly { connector: string; stream: StreamSpec }[],
): { path: PropertyKey[]; message: string; hint?: string }[] {
  const declaring = matched.filter(({ stream }) => stream.fields[field] !== undefined);
  if (declaring.length === 0) {
    const candidate = nearest(
      field,
      matched.flatMap(({ stream }) => Object.keys(stream.fields)),
    );
    return [
      {
        path,
        message: 'is not a field of the streams this rule names',
        ...(candidate === undefined ? {} : { hint: `did you mean "${candidate}"?` }),
      },
    ];
  }
  const { treatment } = rule;
  if (treatment === undefined) return [];
  return declaring.flatMap(({ connector, stream }) => {
    const spec = stream.fields[field];
    if (spec === undefined) return [];
    if (spec.type === 'text' && openness(treatment) < openness('digest')) {
      return [
        {
          path,
          message: `is free text: ${treatment} is not possible`,
          hint: 'use scan, digest, count or drop',
        },
      ];
    }
    if (openness(treatment) < openness(spec.treatment) && !namesField(rule)) {
      return [
        {
          path,
          message: `is opened further than the manifest of ${connector} does, by a rule with a wildcard`,
          hint: `name the stream: ${connector}/${stream.id}`,
        },
      ];
    }
    return [];
  });
}
