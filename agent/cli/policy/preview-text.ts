import type { Withheld } from '../../../policies/clear.ts';
import type { Preview } from '../../governance/preview.ts';
import type { PreviewedItem } from '../../governance/preview-tally.ts';
import { table } from '../output.ts';
import { counted } from './places.ts';

/** A preview for people: items first, then what is missing and why. */
export function describePreview(preview: Preview): string {
  const { policy, connection, connector, read, refused, total, items, withheld, gaps, error } = preview;
  const title = `${connection}/${read ?? connector}  under ${policy.version}`;
  if (refused !== null)
    return `${title}\n  refused ${refused.denied}: ${refused.reason}\n  ${refused.hint}\n`;
  const more = total > items.length ? [`  … and ${total - items.length} more`] : [];
  const missing = [
    ...withheld.map(({ stream, reason, count }) => ['  withheld', `${count}x`, stream, withheldText(reason)]),
    ...gaps.map((gap) => ['  gap', '', textOf(gap['missing']), textOf(gap['reason'])]),
  ];
  return [
    `${title}: ${counted(total, 'item')} would leave`,
    ...items.map(describeItem),
    ...more,
    ...(missing.length === 0 ? [] : [table(missing)]),
    ...(error === null ? [] : [`  the read failed: ${error.message}`]),
    '',
  ].join('\n');
}

const WITHHELD: Readonly<Record<Withheld['withheld'], string>> = {
  stream: 'no field of it leaves under this policy, or no connector declares it',
  scope: 'a layer leaves out its namespace, database or repository',
  shape:
    'its class, key (a text), entity (a URI), occurredAt, window or body is not as the stream declares it',
  detector: 'a detector whose action is withhold found something',
  stopped: 'a canary has shown in this stream',
  stale: 'a flag or an emergency rule has begun or ended since the policy was compiled',
};

/** Codes of the first gate and of the last look stand for themselves. */
function withheldText(reason: string): string {
  const why = Object.entries(WITHHELD).find(([one]) => one === reason)?.[1];
  return why === undefined ? reason : `${reason}: ${why}`;
}

function describeItem({ kind, class: of, entity, body, dropped, redactions }: PreviewedItem): string {
  const fields = Object.entries(body).map(([key, value]) => [`    ${key}`, JSON.stringify(value)]);
  const changed = redactions.map(
    ({ path, rule, action }) => `${path.replace(/^body\./, '')} (${rule}: ${action})`,
  );
  const notes = [
    ...(changed.length === 0 ? [] : [`    changed: ${changed.join(', ')}`]),
    ...(dropped.count === 0 ? [] : [`    dropped: ${droppedText(dropped)}`]),
  ];
  return [`  ${of} ${kind}  ${entity}`, table(fields), ...notes].join('\n');
}

function droppedText({ count, names }: PreviewedItem['dropped']): string {
  const undeclared = count - names.length;
  const rest = undeclared > 0 ? [`${undeclared} more`] : [];
  return [...names, ...rest].join(', ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
