import type { ConnectorManifest } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import { layersOf, openness } from './decide.ts';
import { gained, matchesSome, representatives } from './name-patterns.ts';
import { matchesAny, type ViewRule } from './policy.ts';
import type { Comparison, PolicyChange } from './policy-change.ts';
import { type ChangeKind, type Effect, type Risk, riskOfKind } from './risk.ts';
import { placeIn, type RulePlace } from './rule-place.ts';

const NOWHERE_IN_PARTICULAR = { before: null, after: null } as const;

/** Which namespaces, databases and repositories may be looked at. */
export function scopeChanges({ before, after, connection }: Comparison): readonly PolicyChange[] {
  const [was, is] = [before, after].map((policy) => scopeRules(policy, connection.id));
  if (was === undefined || is === undefined) return [];
  const dimensions = [...new Set([...was, ...is].map(({ dimension }) => dimension))].sort();
  return dimensions.flatMap((dimension) => {
    const rules = [...was, ...is].filter((rule) => rule.dimension === dimension);
    const names = representatives(rules.flatMap(({ allow, deny }) => [...allow, ...deny]));
    const [old, now] = [before, after].map(
      ({ of }) =>
        (name: string) =>
          of(connection.id).scope.includes(dimension, name),
    );
    if (old === undefined || now === undefined) return [];
    const [more, less] = [gained(names, old, now), gained(names, now, old)];
    const words = { from: scopeText(was, dimension), to: scopeText(is, dimension) };
    const places = { before: lastPlace(was, dimension), after: lastPlace(is, dimension) };
    // One list instead of another does both.
    const effects: Effect[] = [];
    if (more.length > 0) effects.push('opens');
    if (less.length > 0) effects.push('closes');
    return effects.map((effect): PolicyChange => {
      const risk = riskOfKind(effect, 'scope');
      return {
        kind: 'scope',
        connection: connection.id,
        where: dimension,
        ...words,
        effect,
        risk,
        ...places,
      };
    });
  });
}

/** Rights with which a connection is refused. */
export function privilegeChanges({ before, after, connection }: Comparison): readonly PolicyChange[] {
  const [was, is] = [before, after].map(({ of }) => of(connection.id).refusedPrivileges);
  if (was === undefined || is === undefined) return [];
  const names = representatives([...was, ...is]);
  const [old, now] = [was, is].map((refused) => (name: string) => !matchesSome(refused, name));
  if (old === undefined || now === undefined) return [];
  const change = (name: string, effect: Effect): PolicyChange => ({
    kind: 'privilege',
    connection: connection.id,
    where: name,
    from: effect === 'opens' ? 'refused' : 'not refused',
    to: effect === 'opens' ? 'not refused' : 'refused',
    effect,
    risk: riskOfKind(effect, 'privilege'),
    before: effect === 'opens' ? refusalPlace(before, connection.id, name) : null,
    after: effect === 'opens' ? null : refusalPlace(after, connection.id, name),
  });
  return [
    ...gained(names, old, now).map((name) => change(name, 'opens')),
    ...gained(names, now, old).map((name) => change(name, 'closes')),
  ];
}

function refusalPlace(policy: CompiledPolicy, connection: string, name: string): RulePlace | null {
  const layer = layersOf(connection, policy.layers).find(({ policy: { privileges } }) =>
    privileges.refuse.includes(name),
  );
  return layer === undefined ? null : placeIn(layer, ['privileges', 'refuse']);
}

/** Views that may be read, their columns, and how small a group of rows may be. */
export function viewChanges({ before, after, connection }: Comparison): readonly PolicyChange[] {
  const [was, is] = [before, after].map(({ of }) => of(connection.id).views);
  if (was === undefined || is === undefined) return [];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((view) => {
    const [old, now] = [was.get(view), is.get(view)];
    return viewCells(old, now).map(({ where, from, to, effect }): PolicyChange => {
      const place = (policy: CompiledPolicy) => viewPlace(policy, connection.id, view);
      const words = { where: where === '' ? view : `${view} ${where}`, from, to };
      const risk = where === 'maxRows' && effect === 'opens' ? 'low' : riskOfKind(effect, 'view');
      const places = { before: place(before), after: place(after) };
      return { kind: 'view', connection: connection.id, ...words, effect, risk, ...places };
    });
  });
}

/** Detectors of the policies' own. Which of two finds more is not computed: one that changed counts as one that opens. */
export function patternChanges(before: CompiledPolicy, after: CompiledPolicy): readonly PolicyChange[] {
  const [was, is] = [before, after].map(patternsOf);
  if (was === undefined || is === undefined) return [];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((id): PolicyChange[] => {
    const [old, now] = [was.get(id), is.get(id)];
    if (old?.content === now?.content) return [];
    const effect: Effect = old === undefined ? 'closes' : 'opens';
    const from = old === undefined ? 'none' : 'as it was';
    const to = now === undefined ? 'none' : old === undefined ? 'looked for' : 'edited, may find less';
    const places = { before: old?.place ?? null, after: now?.place ?? null };
    return [global('pattern', id, from, to, effect, riskOfKind(effect, 'pattern'), places)];
  });
}

const ITEM_CLASSES = ['change', 'symptom', 'state', 'gap', 'refusal'] as const;
const DAY_MS = 86_400_000;

/** How long what is stored keeps its content, by stream and class. */
export function retentionChanges(
  before: CompiledPolicy,
  after: CompiledPolicy,
  manifests: readonly ConnectorManifest[],
): readonly PolicyChange[] {
  const streams = manifests.flatMap(({ id, streams: declared }) =>
    declared.map((stream) => [id, stream.id] as const),
  );
  return streams.flatMap(([connector, stream]) =>
    ITEM_CLASSES.flatMap((itemClass): PolicyChange[] => {
      const [was, is] = [before, after].map((policy) => keptFor(policy, connector, stream, itemClass));
      if (was === undefined || is === undefined || was === is) return [];
      const effect: Effect = is > was ? 'opens' : 'closes';
      const where = `${connector}/${stream} ${itemClass}`;
      const risk = riskOfKind(effect, 'retention');
      return [global('retention', where, keepText(was), keepText(is), effect, risk)];
    }),
  );
}

function global(
  kind: ChangeKind,
  where: string,
  from: string,
  to: string,
  effect: Effect,
  risk: Risk,
  places: Pick<PolicyChange, 'before' | 'after'> = NOWHERE_IN_PARTICULAR,
): PolicyChange {
  return { kind, connection: null, where, from, to, effect, risk, ...places };
}

export interface PlacedScope {
  readonly dimension: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly place: RulePlace;
}

/** What the layers that are about a connection say of scope, in order; all of it holds. */
export function scopeRules(policy: CompiledPolicy, connection: string): readonly PlacedScope[] {
  return layersOf(connection, policy.layers).flatMap((layer) =>
    Object.entries(layer.policy.scope).map(([dimension, { allow, deny }]) => ({
      dimension,
      allow,
      deny,
      place: placeIn(layer, ['scope', dimension]),
    })),
  );
}

/** `all but kube-system`, `shop-*, and all but shop-old`. */
export function scopeText(rules: readonly PlacedScope[], dimension: string): string {
  const own = rules.filter((rule) => rule.dimension === dimension);
  const allows = own.map(({ allow }) => allow).filter((allow) => !allow.includes('*'));
  const denied = [...new Set(own.flatMap(({ deny }) => deny))];
  const allowed = allows
    .map((allow) => (allow.length === 0 ? 'none' : allow.join(', ')))
    .join(' and of these ');
  const all = allowed === '' ? 'all' : allowed;
  return denied.length === 0 ? all : `${all} but ${denied.join(', ')}`;
}

function lastPlace(rules: readonly PlacedScope[], dimension: string): RulePlace | null {
  return rules.findLast((rule) => rule.dimension === dimension)?.place ?? null;
}

interface ViewCell {
  readonly where: string;
  readonly from: string;
  readonly to: string;
  readonly effect: Effect;
}

function viewCells(was: ViewRule | undefined, is: ViewRule | undefined): readonly ViewCell[] {
  const cells: ViewCell[] = [];
  if (was === undefined) cells.push({ where: '', from: 'closed', to: 'open', effect: 'opens' });
  if (is === undefined) cells.push({ where: '', from: 'open', to: 'closed', effect: 'closes' });
  for (const column of new Set([...Object.keys(was?.columns ?? {}), ...Object.keys(is?.columns ?? {})])) {
    const [from, to] = [was?.columns[column] ?? 'drop', is?.columns[column] ?? 'drop'];
    const effect = openness(to) < openness(from) ? 'opens' : 'closes';
    if (from !== to) cells.push({ where: column, from, to, effect });
  }
  if (was === undefined || is === undefined) return cells;
  if (was.maxRows !== is.maxRows) {
    const effect = is.maxRows > was.maxRows ? 'opens' : 'closes';
    cells.push({ where: 'maxRows', from: String(was.maxRows), to: String(is.maxRows), effect });
  }
  for (const table of new Set([...was.from, ...is.from])) {
    const effect = is.from.includes(table) ? 'opens' : 'closes';
    const [before, after] = [was, is].map(({ from }) => (from.includes(table) ? 'may be read' : 'may not'));
    if (before !== undefined && after !== undefined && before !== after)
      cells.push({ where: `from ${table}`, from: before, to: after, effect });
  }
  const [pinned, pin] = [was.definition ?? 'as first seen', is.definition ?? 'as first seen'];
  // Whichever way it changes, another text may be read than the one that was reviewed.
  if (pinned !== pin) cells.push({ where: 'definition', from: pinned, to: pin, effect: 'opens' });
  const [from, to] = [groupText(was), groupText(is)];
  if (from !== to)
    cells.push({ where: 'groupSize', from, to, effect: isStricter(is, was) ? 'closes' : 'opens' });
  return cells;
}

function groupText({ groupSize }: ViewRule): string {
  return groupSize === undefined ? 'any' : `${groupSize.column} at least ${groupSize.atLeast}`;
}

/** Another column counts something else, and may count more. */
function isStricter({ groupSize: is }: ViewRule, { groupSize: was }: ViewRule): boolean {
  if (is === undefined) return false;
  return was === undefined || (is.column === was.column && is.atLeast > was.atLeast);
}

function viewPlace(policy: CompiledPolicy, connection: string, view: string): RulePlace | null {
  const places = layersOf(connection, policy.layers).flatMap((layer) =>
    layer.policy.views.flatMap((rule, index) =>
      rule.view === view ? [placeIn(layer, ['views', index])] : [],
    ),
  );
  return places.at(-1) ?? null;
}

function patternsOf({ layers }: CompiledPolicy) {
  const all = layers.flatMap((layer) =>
    layer.policy.patterns.map((pattern, index) => {
      const { id, title: _title, description: _description, examples: _examples, ...found } = pattern;
      return [id, { content: JSON.stringify(found), place: placeIn(layer, ['patterns', index]) }] as const;
    }),
  );
  return new Map(all);
}

/** In milliseconds; infinite where no rule speaks. */
function keptFor(
  { retention }: CompiledPolicy,
  connector: string,
  stream: string,
  itemClass: (typeof ITEM_CLASSES)[number],
): number {
  const rules = retention.filter(
    ({ streams, classes }) =>
      matchesAny(streams, connector, stream) && (classes === undefined || classes.includes(itemClass)),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...rules.map(({ keep }) => keep));
}

function keepText(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'for ever';
  return ms % DAY_MS === 0 ? `${ms / DAY_MS} days` : `${ms / 3_600_000} hours`;
}
