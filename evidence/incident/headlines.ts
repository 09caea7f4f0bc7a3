import type { JsonObject } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { number, objects, text, texts } from './body.ts';
import { shortName } from './entity-name.ts';
import { POSTGRESQL_HEADLINES } from './headlines-postgresql.ts';
import { arrow, bracket, moved, words } from './phrases.ts';

/** One line for people, from cleared fields only; what a policy left out is missing from the line. */
export function headline(item: Item): string {
  const source = sourceOf(item);
  const own = source === 'postgresql' ? POSTGRESQL_HEADLINES[item.stream] : undefined;
  const write = own ?? HEADLINES[`${source}.${item.stream}`] ?? BY_CLASS[item.class] ?? generic;
  return squeeze(write(item.body, shortName(item.entity), item));
}

type Headline = (body: JsonObject, subject: string, item: Item) => string;

const BY_CLASS: Readonly<Partial<Record<Item['class'], Headline>>> = {
  gap: (body, subject) => `not collected: ${text(body, 'missing') || subject} (${text(body, 'code')})`,
  refusal: (body, subject) => `refused by policy: ${text(body, 'reason') || subject}`,
};

const HEADLINES: Readonly<Record<string, Headline>> = {
  'kubernetes.object_changes': (body, subject) =>
    `${subject} ${text(body, 'op') || 'changed'}${changes(body)}`,
  'kubernetes.condition_changes': (body, subject) =>
    `${subject}: ${text(body, 'condition')} ${arrow(text(body, 'from'), text(body, 'to'))} ${bracket(text(body, 'reason'))}`,
  'kubernetes.symptoms': (body, subject) =>
    `${subject}: ${text(body, 'reason')} ${bracket(text(body, 'detail'))} ${times(number(body, 'count'))}`,
  'github.commits': (body, subject) => `${subject} ${on(text(body, 'branch'))}`,
  'github.pull_requests': (_body, subject) => `${subject} merged`,
  'github.deployments': (body, subject) =>
    `${subject} ${to(text(body, 'environment'))} ${of(text(body, 'sha'))}`,
  'github.deployment_statuses': (body, subject) =>
    `${subject} ${to(text(body, 'environment'))}: ${text(body, 'state')}`,
  'github.workflow_runs': (body, subject) =>
    `${subject}: ${text(body, 'conclusion') || text(body, 'status')} ${of(text(body, 'head_sha') || text(body, 'sha'))}`,
  'github.releases': (body, subject) => `${subject}: ${text(body, 'tag')}`,
};

/** Name of what happened and why that is one, where the source says so; else the fields that are short enough to read. */
function generic(body: JsonObject, subject: string, item: Item): string {
  if (text(body, 'change') !== '') {
    const of = ['part', 'name', 'attribute', 'option', 'predefined'].map((field) => text(body, field));
    return `${subject}: ${words(body, 'change')} ${of.find((name) => name !== '') ?? ''} ${moved(body)}`;
  }
  const reasons = [text(body, 'reason'), ...texts(body, 'reasons')].filter((reason) => reason !== '');
  if (reasons.length > 0) {
    const why = reasons.slice(0, 3).join(', ').replaceAll('_', ' ');
    return `${subject}: ${item.stream.replaceAll('_', ' ')} (${why})`;
  }
  const facts = Object.entries(body)
    .map(([field]) => [field, text(body, field)] as const)
    .filter(([, value]) => value !== '' && value.length <= 64)
    .slice(0, 6)
    .map(([field, value]) => `${field} ${value}`);
  const what = item.stream.replaceAll('_', ' ');
  if (moved(body) !== '')
    return `${subject}: ${what} ${text(body, 'name') || text(body, 'setting')} ${moved(body)}`;
  return `${subject}: ${what}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

/** At most three places; the item has the rest. Of what is new only the images are news. */
function changes(body: JsonObject): string {
  const listed = objects(body, 'changes');
  const isNew = text(body, 'op') === 'created';
  const news = isNew ? listed.filter((change) => text(change, 'aspect') === 'image') : listed;
  if (news.length === 0) return '';
  const shown = news.slice(0, 3).map((change) => place(change, isNew));
  const rest = isNew ? 0 : Math.max(number(body, 'changeCount') ?? 0, listed.length) - shown.length;
  return `: ${shown.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Of a `candidate` the value before is not known; that it is missing does not mean that there was none. */
function place(change: JsonObject, isNew: boolean): string {
  const [path, from, to] = [text(change, 'path'), text(change, 'from'), text(change, 'to')];
  if (!isNew && text(change, 'certainty') !== 'candidate') return `${path} ${arrow(from, to)}`.trim();
  return to === '' ? path : `${path} is now ${to}`;
}

function times(count: number | null): string {
  return count === null || count < 2 ? '' : `×${count}`;
}

function on(branch: string): string {
  return branch === '' ? '' : `on ${branch}`;
}

function to(environment: string): string {
  return environment === '' ? '' : `to ${environment}`;
}

function of(sha: string): string {
  return sha === '' ? '' : `of commit ${sha.slice(0, 8)}`;
}

function sourceOf(item: Item): string {
  return item.kind.split('.', 1)[0] ?? '';
}

/** Fields that are missing leave spaces and colons behind. */
function squeeze(line: string): string {
  return line
    .replace(/\s+/g, ' ')
    .replace(/ :/g, ':')
    .replace(/[:\s]+$/, '')
    .trim();
}
