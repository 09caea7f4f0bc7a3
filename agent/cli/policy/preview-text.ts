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
    ...withheld.map(({ stream, reason, count }) => ['  withheld', `${count}x`, stream, reason]),
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
