import type { JsonObject } from '../../connectors/sdk/index.ts';
import type { Item } from '../item.ts';
import { number, objects, text, texts } from './body.ts';
import { shortName } from './entity-name.ts';

/** One line for people, from cleared fields only; what a policy left out is missing from the line. */
export function headline(item: Item): string {
  const write = HEADLINES[`${sourceOf(item)}.${item.stream}`] ?? BY_CLASS[item.class] ?? generic;
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
  'postgresql.setting_changes': (body, subject) =>
    `${subject}: setting ${text(body, 'name')} ${moved(body)} ${text(body, 'unit')} ${flag(body, 'pending_restart', 'waits for a restart')}`,
  'postgresql.schema_changes': (body, subject) =>
    `${subject}: ${words(body, 'change')} ${text(body, 'part')} ${moved(body)}`,
  'postgresql.server_changes': (body, subject) =>
    `${subject}: ${SERVER_CHANGES[text(body, 'change')] ?? words(body, 'change')}`,
  'postgresql.blocking_tree': (body, subject) =>
    `${subject} waits for a lock ${onRelation(body)} ${behind(text(body, 'root_pid'))} ${bracket(words(body, 'root_state'))}`,
  'postgresql.pulse': (body, subject) =>
    `${subject}: ${text(body, 'used_percent') || '?'} % of the connections in use, ${text(body, 'waiting_on_lock') || '?'} wait for a lock`,
  'postgresql.connections': (body, subject) =>
    `${subject}: ${text(body, 'used')} of ${text(body, 'usable')} connections in use`,
  'postgresql.transactions': (body, subject) =>
    `${subject}: long transaction ${bracket(words(body, 'state'))}`,
  'postgresql.locked_relations': (body, subject) =>
    `${subject}: ${body['granted'] === true ? 'held' : 'waited for'} in ${text(body, 'lock_mode')} mode`,
  'github.releases': (body, subject) => `${subject}: ${text(body, 'tag')}`,
};

const SERVER_CHANGES: Readonly<Record<string, string>> = {
  reloaded: 'configuration reloaded',
  restarted: 'server restarted',
  version_changed: 'server version changed',
  promoted: 'promoted to primary',
  became_standby: 'became a standby',
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

function arrow(from: string, to: string): string {
  return from === '' && to === '' ? '' : `${from || '(none)'} → ${to || '(none)'}`;
}

/** Nothing where the value is the same: then something else about it changed. */
function moved(body: JsonObject): string {
  const [from, to] = [text(body, 'from'), text(body, 'to')];
  return from === to ? '' : arrow(from, to);
}

function flag(body: JsonObject, field: string, words: string): string {
  return body[field] === true ? `(${words})` : '';
}

function bracket(detail: string): string {
  return detail === '' ? '' : `(${detail})`;
}

function times(count: number | null): string {
  return count === null || count < 2 ? '' : `×${count}`;
}

function words(body: JsonObject, field: string): string {
  return text(body, field).replaceAll('_', ' ');
}

function onRelation(body: JsonObject): string {
  const relation = text(body, 'relation');
  return relation === ''
    ? ''
    : `on ${[text(body, 'schema'), relation].filter((part) => part !== '').join('.')}`;
}

function behind(pid: string): string {
  return pid === '' ? '' : `behind backend ${pid}`;
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
