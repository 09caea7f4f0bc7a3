import type { Explanation, FieldExplanation, RuleOpinion } from '../../../policies/explain.ts';
import type { Suggestion } from '../../../policies/explain-suggestions.ts';
import { table } from '../output.ts';
import { indented, shownPlace, shownRule } from './places.ts';

/** An explanation for people: one field with all there is to it, or all fields as a table. */
export function explanationText(explanation: Explanation, isOneField: boolean): string {
  const { connection, connector, stream, description, fields } = explanation;
  const [field] = fields;
  const name = `${connector}/${stream}`;
  if (isOneField && field !== undefined) {
    const head = `${connection}: ${name} ${field.field}\n${field.description}\n`;
    const facts = table([...fieldFacts(field), ...streamFacts(explanation)]);
    return [head, indented(facts), '', ...advice(field)].join('\n');
  }
  const open = fields.filter(({ treatment }) => treatment !== 'drop').length;
  const rows = fields.map((one) => [one.field, one.class, one.treatment, decider(one)]);
  const head = `${connection}: ${name}, ${open} of ${fields.length} fields leave\n${description}\n`;
  const ask = `\nexhibit policy explain ${connection} ${name} <field> shows what would open or close a field.`;
  return [head, indented(table(rows)), '', indented(table(streamFacts(explanation))), ask].join('\n');
}

type Row = readonly [string, string];

function fieldFacts(field: FieldExplanation): readonly Row[] {
  const { treatment, decides, overruled, nearest, declared } = field;
  const rule =
    decides === null ? 'no rule names it, so it stays' : `by ${shownRule(decides)}${heldText(decides)}`;
  const near = decides === null && nearest !== null ? [nearest] : [];
  return [
    ['what leaves', `${treatment}: ${MEANING[treatment]}`],
    ['decided', rule],
    ...overruled.map((one): Row => ['overruled', `${one.treatment} by ${shownRule(one)}${heldText(one)}`]),
    ...near.map((one): Row => ['nearest rule', `${shownRule(one)}: ${one.why}`]),
    ['manifest', `${declared}; type ${field.type}, class ${field.class}`],
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
    ...reads.map(({ read, interval, budget, lacks }): Row => {
      const { durationMs, rows, bytes, calls } = budget;
      const limits = `at most ${seconds(durationMs)}, ${rows} rows, ${kib(bytes)}, ${calls} calls`;
      const off = lacks === null ? '' : `; off: no flag gives ${lacks}`;
      return ['read', `${read} every ${seconds(interval)}, ${limits}${off}`];
    }),
    ...scope.map(({ dimension, allow, deny, place }): Row => {
      const except = deny.length === 0 ? '' : ` but not ${deny.join(', ')}`;
      return ['scope', `${dimension} ${allow.join(', ')}${except} (${shownPlace(place)})`];
    }),
  ];
}

function decider({ decides, nearest }: FieldExplanation): string {
  if (decides !== null) return shownRule(decides);
  return nearest === null ? 'no rule' : `no rule; nearest ${nearest.rule}`;
}

function advice({ open, close }: FieldExplanation): readonly string[] {
  return [...step('To open it', open), '', ...step('To close it', close)];
}

function step(title: string, { treatment, yaml, why }: Suggestion): readonly string[] {
  if (yaml === null) return [`${title}: ${why ?? 'nothing to say'}.`];
  const hint = why === null ? '' : ` (${why})`;
  return [
    `${title} to ${treatment}${hint}, under rules: of the policy that is layered last:`,
    indented(yaml),
  ];
}

function seconds(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

function kib(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024} KiB`;
}
