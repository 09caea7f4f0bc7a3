import { detailOf } from '../details.ts';
import { fieldPattern, find, first } from '../field-path.ts';
import { get, type KubeObject, list, number, record, text, timestamp, token } from '../kube-object.ts';
import { statusWriteTime, writeOf } from '../managed-fields.ts';
import type { ConditionRule, FlagRule, ResourceQuery, ShortfallRule } from '../schema.ts';
import type { Moment, Symptom } from './symptom.ts';

/** The symptoms that rows of a query file describe: conditions, phases, flags and shortfalls. */
export function* ruleSymptoms(query: ResourceQuery, object: KubeObject, moment: Moment): Generator<Symptom> {
  const conditions = list(get(object.raw, 'status', 'conditions'));
  for (const rule of query.conditions) yield* conditionSymptoms(rule, query, conditions);
  for (const rule of query.phases) {
    if (get(object.raw, 'status', 'phase') !== rule.phase) continue;
    const at = timestamp(object.deletionTimestamp) ?? statusWriteTime(object) ?? timestamp(object.createdAt);
    yield { key: `phase/${rule.phase}`, reason: rule.reason, at, source: 'status', status: rule.phase };
  }
  for (const rule of query.flags) yield* flagSymptoms(rule, object, conditions, moment.threshold);
  for (const rule of query.shortfalls) {
    if (moment.isListed || !rule.whenListed) yield* shortfallSymptoms(rule, object);
  }
}

function* conditionSymptoms(
  rule: ConditionRule,
  query: ResourceQuery,
  conditions: readonly unknown[],
): Generator<Symptom> {
  for (const condition of conditions.map(record)) {
    const status = text(condition['status']);
    if (condition['type'] !== rule.type || !isOneOf(status, rule.when)) continue;
    const own = token(condition['reason']);
    if (own !== null && rule.except.includes(own)) continue;
    const reason = rule.rename || own === null ? (rule.reason ?? rule.type) : own;
    const detail = rule.rename ? own : detailOf(condition['message'], query.details);
    yield {
      key: `condition/${rule.type}/${status}/${reason}`,
      reason,
      detail,
      at: timestamp(condition['lastTransitionTime']),
      source: 'condition',
      condition: rule.type,
      status,
    };
  }
}

function isOneOf<T extends string>(value: string | null, set: readonly T[]): value is T {
  return set.some((one) => one === value);
}

function* flagSymptoms(
  rule: FlagRule,
  object: KubeObject,
  conditions: readonly unknown[],
  threshold: string,
): Generator<Symptom> {
  if (rule.unless !== undefined && isTrue(conditions, rule.unless)) return;
  for (const found of find(object.raw, fieldPattern(rule.path))) {
    if (rule.equals !== undefined && found.value !== rule.equals) continue;
    if (rule.above !== undefined && (number(found.value) ?? 0) <= rule.above) continue;
    const inStatus = found.path.startsWith('status');
    const at = inStatus ? statusWriteTime(object) : (writeOf(object, [found.path])?.time ?? null);
    const isNews = at !== null && at >= threshold && at !== timestamp(object.createdAt);
    if (rule.recent && !isNews) continue;
    yield { key: `flag/${found.path}`, reason: rule.reason, at, source: inStatus ? 'status' : 'spec' };
  }
}

function isTrue(conditions: readonly unknown[], type: string): boolean {
  return conditions
    .map(record)
    .some((condition) => condition['type'] === type && condition['status'] === 'True');
}

function* shortfallSymptoms(rule: ShortfallRule, object: KubeObject): Generator<Symptom> {
  const desired = number(first(object.raw, fieldPattern(rule.desired))) ?? rule.otherwise;
  const actual = number(first(object.raw, fieldPattern(rule.actual))) ?? 0;
  if (actual >= desired) return;
  yield {
    key: `short/${rule.actual}`,
    reason: rule.reason,
    at: statusWriteTime(object),
    source: 'status',
    desired,
    actual,
  };
}
