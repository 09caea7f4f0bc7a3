import type { Explanation, FieldExplanation, RuleOpinion } from '../../../policies/explain.ts';
import type { Suggestion } from '../../../policies/explain-suggestions.ts';
import type { ViewExplanation } from '../../../policies/explain-view.ts';
import type { BreakGlassRule } from '../../../policies/policy.ts';
import { table } from '../output.ts';
import { indented, shownPlace, shownRule } from './places.ts';

interface Known {
  readonly isOneField: boolean;
  /** The emergency rule that decides. */
  readonly emergency: BreakGlassRule | undefined;
  /** The file that is layered last; undefined where a preset is. */
  readonly writeTo: string | undefined;
}

/** An explanation for people: one field with all there is to it, or all fields as a table. */
export function explanationText(explanation: Explanation, { isOneField, ...known }: Known): string {
  const { connection, connector, stream, description, fields } = explanation;
  const [field] = fields;
  const name = `${connector}/${stream}`;
  if (isOneField && field !== undefined) {
    const head = `${connection}: ${name} ${field.field}\n${field.description}\n`;
    const facts = table([...fieldFacts(field, known.emergency), ...streamFacts(explanation)]);
    return [head, indented(facts), '', ...advice(field, connection, known.writeTo)].join('\n');
  }
  const open = fields.filter(({ treatment }) => treatment !== 'drop').length;
  const rows = fields.map((one) => [one.field, one.class, one.treatment, decider(one)]);
  const head = `${connection}: ${name}, ${open} of ${fields.length} fields leave\n${description}\n`;
  const ask = `\nexhibit policy explain ${connection} ${name} <field> shows what would open or close a field.`;
  return [head, indented(table(rows)), '', indented(table(streamFacts(explanation))), ask].join('\n');
}

type Row = readonly [string, string];

function fieldFacts(field: FieldExplanation, emergency: BreakGlassRule | undefined): readonly Row[] {
  const { treatment, decides, overruled, nearest, declared } = field;
  const rule =
    decides === null ? 'no rule names it, so it stays' : `by ${shownRule(decides)}${heldText(decides)}`;
  const near = decides === null && nearest !== null ? [nearest] : [];
  return [
    ['what leaves', `${treatment}: ${MEANING[treatment]}`],
    ['decided', rule],
    ...(emergency === undefined ? [] : emergencyFacts(emergency)),
    ...overruled.map((one): Row => ['overruled', `${one.treatment} by ${shownRule(one)}${heldText(one)}`]),
    ...near.map((one): Row => ['nearest rule', `${shownRule(one)}: ${one.why}`]),
    ['manifest', `${declared}; type ${field.type}, class ${field.class}`],
  ];
}

function emergencyFacts({ reason, requestedBy, approvedBy, from, expires }: BreakGlassRule): readonly Row[] {
  return [
    ['emergency', reason],
    ['', `asked for by ${requestedBy}, approved by ${approvedBy}; from ${from} to ${expires}`],
  ];
}

const MEANING: Readonly<Record<FieldExplanation['treatment'], string>> = {
  keep: 'the value as it is',
  generalize: 'a coarser value',
  pseudonymize: 'a pseudonym, the same for the same value',
  digest: 'a keyed digest, that tells whether it changed',
  scan: 'the text, with findings of detectors taken out',
  count: 'how much there is of it',
  drop: 'nothing',
};

function heldText({ held, treatment }: RuleOpinion): string {
  return held === null
    ? ''
    : `; it asks for ${held} and is held at ${treatment}, as it does not name stream and field`;
}

function streamFacts({ detectors, reads, scope }: Explanation): readonly Row[] {
  const actions = detectors.map(
    ({ detector, action, place }) =>
      `${detector} ${action}${place === null ? '' : ` (${shownPlace(place)})`}`,
  );
  return [
    ['detectors', actions.length === 0 ? 'findings are masked' : `${actions.join(', ')}; others are masked`],
    ...readFacts(reads),
    ...scope.map(({ dimension, allow, deny, place }): Row => {
      const except = deny.length === 0 ? '' : ` but not ${deny.join(', ')}`;
      return ['scope', `${dimension} ${allow.join(', ')}${except} (${shownPlace(place)})`];
    }),
  ];
}

/** Reads of the same limits are told together: of Kubernetes thirty feed one stream. */
function readFacts(reads: Explanation['reads']): readonly Row[] {
  const byLimits = new Map<string, string[]>();
  for (const { read, interval, budget, lacks } of reads) {
    const { durationMs, rows, bytes, calls } = budget;
    const most = `at most ${seconds(durationMs)}, ${rows} rows, ${kib(bytes)}, ${calls} calls`;
    const off = lacks === null ? '' : `; off: no flag gives ${lacks}`;
    const limits = `every ${seconds(interval)}, ${most}${off}`;
    byLimits.set(limits, [...(byLimits.get(limits) ?? []), read]);
  }
  return [...byLimits].flatMap(([limits, [only = '', ...others]]): readonly Row[] => {
    if (others.length === 0) return [['read', `${only} ${limits}`]];
    const names = wrapped([only, ...others]).map((line): Row => ['', `  ${line}`]);
    return [[`${others.length + 1} reads`, `each ${limits}:`], ...names];
  });
}

const MAX_LINE = 90;

/** Names with commas between, over as many lines as it takes. */
function wrapped(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const [index, name] of names.entries()) {
    const word = index === names.length - 1 ? name : `${name},`;
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= MAX_LINE) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** A view for people: what is read of it, and where that is said. */
export function viewText(explanation: ViewExplanation): string {
  const { connection, view, description, decides, replaced, columns, from, definition } = explanation;
  const { groupSize, maxRows } = explanation;
  const group = groupSize === null ? 'of any size' : `of at least ${groupSize.atLeast} (${groupSize.column})`;
  const facts = table([
    ['decided', `by ${shownRule(decides)}`],
    ...replaced.map((one): Row => ['replaced', shownRule(one)]),
    ...columns.map(
      ({ column, treatment, place }): Row => [
        'column',
        `${column}  ${treatment}: ${MEANING[treatment]} (${shownPlace(place)})`,
      ],
    ),
    ['rows', `at most ${maxRows}, about groups ${group}`],
    ['reads', from.length === 0 ? 'of pg_catalog alone: no table is named under from' : from.join(', ')],
    ['definition', definition ?? 'none was reviewed: what is seen first counts'],
  ]);
  const close = `To close a column, say drop for it at ${shownPlace(decides)}; to close the view, take the entry out.`;
  return [`${connection}: view ${view}\n${description}\n`, indented(facts), '', close].join('\n');
}

function decider({ decides, nearest }: FieldExplanation): string {
  if (decides !== null) return shownRule(decides);
  return nearest === null ? 'no rule' : `no rule; nearest ${nearest.rule}`;
}

function advice(
  { open, close }: FieldExplanation,
  connection: string,
  writeTo: string | undefined,
): readonly string[] {
  const place = writeTo ?? 'a policy file of your own, layered after the preset';
  const steps = [...step('To open it', open, place), '', ...step('To close it', close, place)];
  if (open.yaml === null && close.yaml === null) return steps;
  const only = `For this connection alone: in a file of its own that says connections: [${connection}] at its top.`;
  return [...steps, '', only];
}

function step(title: string, { treatment, yaml, why }: Suggestion, place: string): readonly string[] {
  if (yaml === null) return [`${title}: ${why ?? 'nothing to say'}.`];
  const hint = why === null ? '' : ` (${why})`;
  return [`${title} to ${treatment}${hint}, under rules: of ${place}:`, indented(yaml)];
}

function seconds(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

function kib(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024} KiB`;
}
