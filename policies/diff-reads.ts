import type { Budget } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import { layersOf } from './decide.ts';
import type { ReadPlan, StreamPlan } from './plan.ts';
import { type BreakGlassRule, matchesAny } from './policy.ts';
import type { Comparison, PolicyChange } from './policy-change.ts';
import { type Effect, riskOfCapability, riskOfDetector, riskOfKind } from './risk.ts';
import { placeIn, placeOf, type RulePlace } from './rule-place.ts';
import { inForce } from './validity.ts';

/** What a read may use up. Reads that feed nothing before and after are left out: they do not run. */
export function budgetChanges(comparison: Comparison): readonly PolicyChange[] {
  return readsOf(comparison).flatMap(({ name, was, is }) => {
    const feeds = was.streams.length > 0 || is.streams.length > 0;
    const raised = DIMENSIONS.some((one) => is.budget[one] > was.budget[one]);
    const lowered = DIMENSIONS.some((one) => is.budget[one] < was.budget[one]);
    if (!feeds || !(raised || lowered)) return [];
    const effect: Effect = raised ? 'opens' : 'closes';
    return [
      {
        kind: 'budget',
        connection: comparison.connection.id,
        where: name,
        from: budgetText(was.budget, is.budget),
        to: budgetText(is.budget, was.budget),
        effect,
        risk: riskOfKind(effect, 'budget'),
        before: null,
        after: null,
      } as const,
    ];
  });
}

/** Reads that are off unless a flag says otherwise, and until when the flags hold. */
export function capabilityChanges(comparison: Comparison): readonly PolicyChange[] {
  const { connection, before, after } = comparison;
  return readsOf(comparison).flatMap(({ name, was, is }): PolicyChange[] => {
    const lacked = was.lacks ?? is.lacks;
    const capability = lacked ?? is.read.capability ?? is.read.mode;
    const [from, to] = [before, after].map((policy) =>
      flagOf(policy, connection.id, is.connector.id, capability),
    );
    const places = { before: from?.place ?? null, after: to?.place ?? null };
    const common = { connection: connection.id, where: name, ...places } as const;
    if (was.lacks !== is.lacks) {
      const effect: Effect = is.lacks === null ? 'opens' : 'closes';
      const [off, on] = [`${capability} off`, `${capability} on`];
      const words = is.lacks === null ? { from: off, to: on } : { from: on, to: off };
      return [
        { kind: 'capability', ...common, ...words, effect, risk: riskOfCapability(effect, capability) },
      ];
    }
    if (lacked !== null || from === undefined || to === undefined || from.expires === to.expires) return [];
    const effect: Effect = to.expires > from.expires ? 'opens' : 'closes';
    const words = { from: `${capability} until ${from.expires}`, to: `${capability} until ${to.expires}` };
    return [{ kind: 'flag-end', ...common, ...words, effect, risk: riskOfKind(effect, 'flag-end') }];
  });
}

/** From the one that lets most out to the one that lets least out. */
const ACTIONS = ['ignore', 'mask', 'drop', 'withhold'] as const;

export function detectorChanges({
  before,
  after,
  connection,
  manifest,
}: Comparison): readonly PolicyChange[] {
  return manifest.streams.flatMap(({ id }) => {
    const name = `${manifest.id}/${id}`;
    const [was, is] = [before, after].map((policy) => policy.of(connection.id).streams.get(name));
    if (is === undefined) return [];
    const detectors = new Set([...(was?.actions.keys() ?? []), ...is.actions.keys()]);
    return [...detectors].sort().flatMap((detector): PolicyChange[] => {
      const [from, to] = [actionOf(was, detector), actionOf(is, detector)];
      if (from === to) return [];
      const effect: Effect = ACTIONS.indexOf(to) < ACTIONS.indexOf(from) ? 'opens' : 'closes';
      return [
        {
          kind: 'detector',
          connection: connection.id,
          where: `${name} ${detector}`,
          from,
          to,
          effect,
          risk: riskOfDetector(effect, to),
          before: detectorPlace(before, connection.id, manifest.id, id, detector),
          after: detectorPlace(after, connection.id, manifest.id, id, detector),
        },
      ];
    });
  });
}

/** Emergencies that are announced or hold; what they open now is listed field by field as well. */
export function breakGlassChanges({
  before,
  after,
  connection,
  manifest,
}: Comparison): readonly PolicyChange[] {
  const [was, is] = [before, after].map((policy) => emergencies(policy, connection.id, manifest.id));
  if (was === undefined || is === undefined) return [];
  const change = ({ rule, place }: Emergency, effect: Effect): PolicyChange => ({
    kind: 'break-glass',
    connection: connection.id,
    where: place.rule,
    from: effect === 'opens' ? 'none' : emergencyText(rule),
    to: effect === 'opens' ? emergencyText(rule) : 'none',
    effect,
    risk: riskOfKind(effect, 'break-glass'),
    before: effect === 'opens' ? null : place,
    after: effect === 'opens' ? place : null,
  });
  const [gone, come] = [[...was].filter(([key]) => !is.has(key)), [...is].filter(([key]) => !was.has(key))];
  return [...gone.map(([, one]) => change(one, 'closes')), ...come.map(([, one]) => change(one, 'opens'))];
}

const DIMENSIONS = ['durationMs', 'rows', 'bytes', 'calls'] as const;

/** Only what differs. */
function budgetText(budget: Budget, other: Budget): string {
  return DIMENSIONS.filter((one) => budget[one] !== other[one])
    .map((one) => SHOWN[one](budget[one]))
    .join(', ');
}

const SHOWN: Readonly<Record<(typeof DIMENSIONS)[number], (value: number) => string>> = {
  durationMs: (ms) => (ms % 1_000 === 0 ? `${ms / 1_000} s` : `${ms} ms`),
  rows: (rows) => `${rows} rows`,
  bytes: (bytes) => `${bytes / 1024} KiB`,
  calls: (calls) => `${calls} calls`,
};

function readsOf({ before, after, connection, manifest }: Comparison) {
  return manifest.reads.flatMap(({ id }): { name: string; was: ReadPlan; is: ReadPlan }[] => {
    const name = `${manifest.id}/${id}`;
    const [was, is] = [before, after].map((policy) => policy.of(connection.id).reads.get(name));
    return was === undefined || is === undefined ? [] : [{ name, was, is }];
  });
}

/** The flag that gives a capability for longest. */
function flagOf(policy: CompiledPolicy, connection: string, connector: string, capability: string) {
  const flags = layersOf(connection, policy.layers).flatMap((layer) =>
    layer.policy.capabilities.flatMap((flag, index) =>
      flag.capability === capability &&
      flag.connectors.some((id) => id === '*' || id === connector) &&
      inForce(flag, policy.compiledAt)
        ? [{ expires: flag.expires, place: placeIn(layer, ['capabilities', index]) }]
        : [],
    ),
  );
  return flags.sort((a, b) => (a.expires < b.expires ? 1 : -1))[0];
}

function actionOf(plan: StreamPlan | undefined, detector: string): (typeof ACTIONS)[number] {
  return plan?.actions.get(detector) ?? 'mask';
}

/** Where the last rule about a detector stands. */
export function detectorPlace(
  policy: CompiledPolicy,
  connection: string,
  connector: string,
  stream: string,
  detector: string,
): RulePlace | null {
  const places = layersOf(connection, policy.layers).flatMap((layer) =>
    layer.policy.detectors.flatMap((rule, index) =>
      rule.detector === detector && matchesAny(rule.streams, connector, stream)
        ? [placeIn(layer, ['detectors', index])]
        : [],
    ),
  );
  return places.at(-1) ?? null;
}

interface Emergency {
  readonly rule: BreakGlassRule;
  readonly place: RulePlace;
}

/** Those that hold or will, by what they do: who asked for them and in which file makes no difference. */
function emergencies(
  policy: CompiledPolicy,
  connection: string,
  connector: string,
): ReadonlyMap<string, Emergency> {
  const found = layersOf(connection, policy.layers).flatMap((layer) =>
    layer.policy.breakGlass.flatMap((rule, index): [string, Emergency][] => {
      const isAbout = rule.streams.some((one) => one === '*' || one.startsWith(`${connector}/`));
      if (!isAbout || rule.expires <= policy.compiledAt) return [];
      const { streams, fields, treatment, from, expires } = rule;
      const place = placeOf(`${layer.policy.metadata.name}#break-glass/${rule.id}`, layer, [
        'breakGlass',
        index,
      ]);
      return [[JSON.stringify([streams, fields, treatment, from, expires]), { rule, place }]];
    }),
  );
  return new Map(found);
}

function emergencyText({ fields, streams, treatment, from, expires }: BreakGlassRule): string {
  return `${treatment} ${fields.join(', ')} of ${streams.join(', ')}, ${from} to ${expires}`;
}
