import type { Connected, PolicyChange, PolicyDiff } from '../../../policies/diff.ts';
import type { ReplayReport } from '../../../policies/replay.ts';
import { type Effect, RISKS } from '../../../policies/risk.ts';
import { table } from '../output.ts';
import { counted, indented, shownRule } from './places.ts';

interface Head {
  readonly version: string;
  readonly digest: string;
}

/** What `policy diff` prints with --json. */
export interface Compared extends PolicyDiff {
  readonly before: Head;
  readonly after: Head;
  /** Null without --replay. */
  readonly replay: ReplayReport | null;
}

/** Changes that say the same of several connections, and limits that say the same of several reads. */
interface Group {
  readonly change: PolicyChange;
  readonly wheres: readonly string[];
  /** Empty when it holds for every connection it could hold for. */
  readonly on: readonly string[];
}

export function diffText(compared: Compared, connections: readonly Connected[]): string {
  const { before, after, changes, risk, replay } = compared;
  const groups = grouped(changes, connections);
  const parts = SECTIONS.flatMap(([effect, title]) => {
    const rows = groups.filter(({ change }) => change.effect === effect).map(rowOf);
    return rows.length === 0 ? [] : [`${title}\n${indented(table(rows))}`];
  });
  const summary = changes.length === 0 ? 'They decide the same.' : `${sumOf(changes)}; risk: ${risk}`;
  const blocks = [`${shownHead(before)}\n→ ${shownHead(after)}\n${summary}`, ...parts];
  if (replay !== null) blocks.push(replayText(replay));
  return blocks.join('\n\n');
}

export function diffMarkdown(compared: Compared, connections: readonly Connected[]): string {
  const { before, after, changes, risk, replay } = compared;
  const head = `**${before.version}** → **${after.version}**: ${changes.length === 0 ? 'they decide the same' : `${sumOf(changes)}; risk **${risk}**`}`;
  const blocks = [head];
  const groups = grouped(changes, connections);
  if (groups.length > 0) {
    blocks.push(
      markdownTable(
        ['effect', 'risk', 'what', 'where', 'from → to', 'rule', 'on'],
        groups.map((group) => [group.change.effect, ...rowOf(group)]),
      ),
    );
  }
  if (replay !== null) blocks.push(`\`\`\`\n${replayText(replay)}\n\`\`\``);
  return blocks.join('\n\n');
}

const SECTIONS: readonly (readonly [Effect, string])[] = [
  ['opens', 'opens'],
  ['changes', 'changes'],
  ['closes', 'closes'],
];

function shownHead({ version, digest }: Head): string {
  return `${version}  ${digest.slice(0, 'sha256:'.length + 12)}`;
}

/** `3 opened (field 2, scope 1), nothing closed`, each counted once whatever number of connections it is about. */
function sumOf(changes: readonly PolicyChange[]): string {
  const all = (['opens', 'closes'] as const).map((effect) => {
    const names = new Set(
      changes.filter((one) => one.effect === effect).map(({ kind, where }) => `${kind} ${where}`),
    );
    const kinds = groupBy([...names], (name) => name.slice(0, name.indexOf(' ')));
    const each = kinds.map((same) => `${same[0]?.slice(0, same[0].indexOf(' '))} ${same.length}`);
    const done = effect === 'opens' ? 'opened' : 'closed';
    return names.size === 0 ? `nothing ${done}` : `${names.size} ${done} (${each.join(', ')})`;
  });
  return all.join(', ');
}

const WHERE_SHOWN = 3;

function rowOf({ change, wheres, on }: Group): string[] {
  const { risk, kind, from, to, after, before } = change;
  const more = wheres.length > WHERE_SHOWN ? ` and ${wheres.length - WHERE_SHOWN} more` : '';
  const decided = after ?? before;
  return [
    risk === 'none' ? '-' : risk,
    kind,
    `${wheres.slice(0, WHERE_SHOWN).join(', ')}${more}`,
    `${from} → ${to}`,
    decided === null ? '' : `${after === null ? 'was ' : ''}${shownRule(decided)}`,
    on.length === 0 ? '' : `on ${on.map((id) => (id === '' ? 'others' : id)).join(', ')}`,
  ];
}

/** Of these many often change in the same way; fields are each of interest. */
const MANY: ReadonlySet<PolicyChange['kind']> = new Set(['budget', 'retention', 'detector', 'privilege']);

function grouped(changes: readonly PolicyChange[], connections: readonly Connected[]): readonly Group[] {
  const byCell = groupBy(changes, (change) => JSON.stringify({ ...change, connection: null }));
  const cells = byCell.map((same) => ({ same, on: narrowedTo(same, connections) }));
  const groups = groupBy(cells, ({ same: [change], on }) =>
    change !== undefined && MANY.has(change.kind)
      ? JSON.stringify([{ ...change, where: '', connection: null }, on])
      : JSON.stringify([{ ...change, connection: null }]),
  ).flatMap((alike): Group[] => {
    const [first] = alike;
    const change = first?.same[0];
    if (first === undefined || change === undefined) return [];
    return [{ change, on: first.on, wheres: alike.flatMap(({ same }) => same[0]?.where ?? []) }];
  });
  const rank = ({ change }: Group) => -RISKS.indexOf(change.risk);
  return groups.sort((a, b) => rank(a) - rank(b) || compareText(a.change.kind, b.change.kind));
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function narrowedTo(same: readonly PolicyChange[], connections: readonly Connected[]): readonly string[] {
  const ids = new Set(same.flatMap(({ connection }) => connection ?? []));
  const connectors = new Set(connections.filter(({ id }) => ids.has(id)).map(({ connector }) => connector));
  const could = connections.filter(({ connector }) => connectors.has(connector));
  return could.every(({ id }) => ids.has(id)) ? [] : [...ids];
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function replayText({ items, affected, effects, unknown, notes }: ReplayReport): string {
  const head = `replayed over ${counted(items, 'stored item')}: ${affected === 0 ? 'none' : affected} would be another one`;
  const rows = effects.map(({ effect, stream, field, from, to, items: count, examples }) => [
    effect,
    `${stream} ${field ?? '(the item)'}`,
    `${from} → ${to}`,
    counted(count, 'item'),
    `such as ${short(examples)}`,
  ]);
  const open = unknown.map(({ stream, field, why, items: count, examples }) => [
    'unknown',
    `${stream} ${field ?? '(the item)'}`,
    why,
    counted(count, 'item'),
    `such as ${short(examples)}`,
  ]);
  const all = [...rows, ...open];
  return [
    head,
    ...(all.length === 0 ? [] : [indented(table(all))]),
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

function short(ids: readonly string[]): string {
  return ids.map((id) => id.slice(0, 10)).join(', ');
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
