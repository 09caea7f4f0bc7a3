import { hash } from 'node:crypto';
import type {
  Budget,
  ConnectorManifest,
  ReadSpec,
  Scope,
  StreamSpec,
  Timestamp,
} from '../connectors/sdk/index.ts';
import { checkPolicies } from './check.ts';
import { layersOf, opinions } from './decide.ts';
import type { Detector } from './detectors/detector.ts';
import { VALIDATORS } from './field-types.ts';
import type { LoadedPolicy } from './load.ts';
import { compilePattern } from './patterns/compile-pattern.ts';
import { type FieldPlan, fieldTree, type ReadPlan, type StreamPlan } from './plan.ts';
import { matchesAny, type PolicyFile, type RetentionRule, type ScopeRule, type ViewRule } from './policy.ts';
import { inForce, nextChange } from './validity.ts';
import { admittedView, viewPlans } from './views.ts';
import { warnAboutPolicies } from './warnings.ts';
import type { Problem } from './yaml.ts';

export type { ChildPlan, FieldPlan, ObjectPlan, ReadPlan, StreamPlan } from './plan.ts';

/**
 * What the manifests declare and the policies allow, as tables: nothing is looked up by pattern after this. Start,
 * reload, command line, tests, preview, replay and the API all decide with one of these.
 */
export interface CompiledPolicy {
  /** `standard@1+acme@4` */
  readonly version: string;
  /** `sha256:<hex>` over the policies in order; written into every item. */
  readonly digest: string;
  /** The moment for which it was compiled. */
  readonly compiledAt: Timestamp;
  /** From then on it must not be used: a flag or an emergency rule begins or ends. Null: it holds until it is edited. */
  readonly validUntil: Timestamp | null;
  readonly layers: readonly LoadedPolicy[];
  /** Detectors that the policies bring along. */
  readonly patterns: readonly Detector[];
  /** Of what several rules match, the shortest holds. */
  readonly retention: readonly RetentionRule[];
  /** What holds for a connection: its own where a layer is about it, and otherwise what holds for all. */
  of(connection: string): ConnectionPolicy;
}

/** What may be read from one connection, and what may leave. */
export interface ConnectionPolicy {
  readonly scope: Scope;
  /** By `<connector>/<read>`. */
  readonly reads: ReadonlyMap<string, ReadPlan>;
  /** By `<connector>/<stream>`; a stream without a single open field is absent. */
  readonly streams: ReadonlyMap<string, StreamPlan>;
  /** By `<schema>.<view>`; the last layer that names a view decides about all of it. */
  readonly views: ReadonlyMap<string, ViewRule>;
  /** Rights with which the connection is not used; `*` at the end matches any rest. */
  readonly refusedPrivileges: readonly string[];
}

export interface CompiledResult {
  readonly policy: CompiledPolicy;
  readonly problems: readonly Problem[];
  /** What is allowed and has no effect: expired flags, rules that later ones overrule. */
  readonly warnings: readonly Problem[];
}

export interface CompileOptions {
  /** Decides which flags and emergency rules hold. */
  readonly now: Timestamp;
  /** Ids that the agent has; absent: any id may be named. */
  readonly connections?: readonly string[];
}

/**
 * Intersects manifests and policies. Problems (a rule that matches nothing, a rule that widens without naming the
 * field) are returned all at once, placed in the policy files; with any, the policy must not be used.
 */
export function compilePolicy(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
  { now, connections }: CompileOptions,
): CompiledResult {
  const policies = layers.map(({ policy }) => policy);
  const problems = checkPolicies(manifests, layers, connections);
  const general = planConnection(manifests, layersOf(undefined, layers), now);
  const named = new Set(policies.flatMap((policy) => policy.connections ?? []));
  const special = new Map(
    [...named].map((id) => [id, planConnection(manifests, layersOf(id, layers), now)] as const),
  );
  return {
    policy: {
      version: policies.map(({ metadata }) => `${metadata.name}@${metadata.version}`).join('+'),
      digest: digestOf(policies),
      compiledAt: now,
      validUntil: nextChange(
        policies.flatMap(({ capabilities, breakGlass }) => [...capabilities, ...breakGlass]),
        now,
      ),
      layers,
      patterns: problems.length > 0 ? [] : policies.flatMap(({ patterns }) => patterns.map(compilePattern)),
      retention: policies.flatMap(({ retention }) => retention),
      of: (connection) => special.get(connection) ?? general,
    },
    problems,
    warnings: warnAboutPolicies(manifests, layers, now),
  };
}

/** Whether a flag or an emergency rule has begun or ended since it was compiled. */
export function isStale({ validUntil }: CompiledPolicy, now: Timestamp): boolean {
  return validUntil !== null && now >= validUntil;
}

function digestOf(value: unknown): string {
  return `sha256:${hash('sha256', JSON.stringify(value), 'hex')}`;
}

function planConnection(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
  now: Timestamp,
): ConnectionPolicy {
  const policies = layers.map(({ policy }) => policy);
  const streams = new Map<string, StreamPlan>();
  const reads = new Map<string, ReadPlan>();
  for (const manifest of manifests) {
    for (const stream of manifest.streams) {
      const plan = planStream(manifest.id, stream, layers, now);
      if (plan.fields.some((field) => field.treatment !== 'drop')) {
        const variants = stream.columns === 'views' ? { variants: viewPlans(plan, layers) } : {};
        streams.set(`${manifest.id}/${stream.id}`, { ...plan, ...variants });
      }
    }
    for (const read of manifest.reads) {
      reads.set(`${manifest.id}/${read.id}`, planRead(manifest, read, streams, policies, now));
    }
  }
  return {
    scope: compileScope(policies),
    reads,
    streams,
    views: rulesOfViews(policies),
    refusedPrivileges: policies.flatMap(({ privileges }) => privileges.refuse),
  };
}

function planStream(
  connector: string,
  stream: StreamSpec,
  layers: readonly LoadedPolicy[],
  now: Timestamp,
): StreamPlan {
  const fields = Object.entries(stream.fields).map(([field, spec], index): FieldPlan => {
    const deciding = opinions({ connector, stream: stream.id, field, spec }, layers, now).at(-1);
    const treatment = deciding?.treatment ?? 'drop';
    return {
      index,
      path: `body.${field}`,
      type: spec.type,
      valid: VALIDATORS[spec.type],
      treatment,
      rule: treatment === 'drop' ? null : (deciding?.rule ?? null),
    };
  });
  const emergencies = fields.flatMap(({ rule }) => (rule?.includes('#break-glass/') ? [rule] : []));
  return {
    stream,
    root: fieldTree(fields),
    fields,
    actions: detectorActions(connector, stream.id, layers),
    breakGlass: [...new Set(emergencies)].sort(),
  };
}

/** The last rule about a detector decides. */
function detectorActions(
  connector: string,
  stream: string,
  layers: readonly LoadedPolicy[],
): StreamPlan['actions'] {
  const actions: [string, Exclude<PolicyFile['detectors'][number]['action'], 'mask'>][] = [];
  const rules = layers.flatMap(({ policy }) => policy.detectors);
  for (const detector of new Set(rules.map((rule) => rule.detector))) {
    const deciding = rules.findLast(
      (rule) => rule.detector === detector && matchesAny(rule.streams, connector, stream),
    );
    if (deciding !== undefined && deciding.action !== 'mask') actions.push([detector, deciding.action]);
  }
  return new Map(actions);
}

/** Modes that change more than they tell: off unless a flag names them. */
const FLAGGED_MODES: ReadonlySet<string> = new Set(['cdc', 'writeback']);

function planRead(
  connector: ConnectorManifest,
  read: ReadSpec,
  streams: ReadonlyMap<string, StreamPlan>,
  policies: readonly PolicyFile[],
  now: Timestamp,
): ReadPlan {
  const open = read.emits.filter((stream) => streams.has(`${connector.id}/${stream}`));
  const capability = read.capability ?? (FLAGGED_MODES.has(read.mode) ? read.mode : null);
  const granted = policies
    .flatMap(({ capabilities }) => capabilities)
    .some(
      (flag) =>
        flag.capability === capability &&
        flag.connectors.some((id) => id === '*' || id === connector.id) &&
        inForce(flag, now),
    );
  const isOfViews = connector.streams.some(({ id, columns }) => columns === 'views' && open.includes(id));
  const views = isOfViews ? [...rulesOfViews(policies).values()].map(admittedView) : [];
  return {
    connector,
    read,
    views,
    budget: tightest(connector.id, read, policies),
    streams: open,
    lacks: granted ? null : capability,
    digest: digestOf([
      policies.map(({ scope }) => scope),
      open.map((id) =>
        streams.get(`${connector.id}/${id}`)?.fields.map(({ path, treatment }) => [path, treatment]),
      ),
      ...views.map(({ review }) => review),
    ]),
  };
}

/** The last layer that names a view decides about all of it. */
function rulesOfViews(policies: readonly PolicyFile[]): ReadonlyMap<string, ViewRule> {
  return new Map(policies.flatMap(({ views }) => views.map((view) => [view.view, view] as const)));
}

function tightest(connector: string, read: ReadSpec, policies: readonly PolicyFile[]): Budget {
  const rules = policies
    .flatMap(({ budgets }) => budgets)
    .filter((rule) => matchesAny(rule.reads, connector, read.id));
  const least = (declared: number, of: (rule: (typeof rules)[number]) => number | undefined) =>
    Math.min(declared, ...rules.map(of).filter((limit) => limit !== undefined));
  return {
    durationMs: least(read.budget.duration, ({ duration }) => duration),
    rows: least(read.budget.rows, ({ rows }) => rows),
    bytes: least(read.budget.bytes, ({ bytes }) => bytes),
    calls: least(read.budget.calls, ({ calls }) => calls),
    ...(read.budget.cost === undefined ? {} : { cost: read.budget.cost }),
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
          !deny.some((pattern) => matchesRest(pattern, value)) &&
          allow.some((pattern) => matchesRest(pattern, value)),
      ),
  };
}

/** `shop-*` matches any rest. */
export function matchesRest(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}
