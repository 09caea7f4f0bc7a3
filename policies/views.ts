import { hash } from 'node:crypto';
import type { AdmittedView, FieldType, Treatment } from '../connectors/sdk/index.ts';
import { VALIDATORS } from './field-types.ts';
import type { LoadedPolicy } from './load.ts';
import { type FieldPlan, fieldTree, type StreamPlan } from './plan.ts';
import type { ViewRule } from './policy.ts';

/** What a policy says of a view, as the connector needs it. */
export function admittedView(rule: ViewRule): AdmittedView {
  const [schema = '', name = ''] = rule.view.split('.');
  const columns = Object.entries(rule.columns);
  return {
    view: rule.view,
    schema,
    name,
    columns: columns.flatMap(([column, treatment]) =>
      treatment === 'drop'
        ? []
        : [{ name: column, as: isTyped(treatment) ? 'value' : 'text', isKept: treatment === 'keep' }],
    ),
    ignored: columns.flatMap(([column, treatment]) => (treatment === 'drop' ? [column] : [])),
    maxRows: rule.maxRows,
    ...(rule.groupSize === undefined ? {} : { groupSize: rule.groupSize }),
    from: rule.from,
    ...(rule.definition === undefined ? {} : { definition: rule.definition }),
    review: `sha256:${hash('sha256', JSON.stringify(rule), 'hex')}`,
  };
}

/** The plan of each view's records: the fields of the stream, and under `rows[]` the columns that the policy names. */
export function viewPlans(
  plan: StreamPlan,
  layers: readonly LoadedPolicy[],
): ReadonlyMap<string, StreamPlan> {
  const plans = layers.flatMap(({ policy }) =>
    policy.views.map((view) => [view.view, viewPlan(plan, view, policy.metadata.name)] as const),
  );
  return new Map(plans);
}

function viewPlan(plan: StreamPlan, { view, columns }: ViewRule, policy: string): StreamPlan {
  const own = Object.entries(columns).map(([column, treatment], index): FieldPlan => {
    const type = typeOf(treatment);
    return {
      index: plan.fields.length + index,
      path: `body.rows[].${column}`,
      type,
      valid: VALIDATORS[type],
      treatment,
      rule: treatment === 'drop' ? null : `${policy}#view/${view}`,
    };
  });
  const fields = [...plan.fields, ...own];
  return { ...plan, fields, root: fieldTree(fields) };
}

function isTyped(treatment: Treatment): boolean {
  return treatment === 'keep' || treatment === 'generalize';
}

/** What is shown has no room for prose unless it is scanned; what is not shown may be any text. */
function typeOf(treatment: Treatment): FieldType {
  return isTyped(treatment) ? 'scalar' : 'text';
}
