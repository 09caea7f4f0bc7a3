import type { ObservationClass } from '../../sdk/index.ts';
import {
  type Changed,
  eachPage,
  noteCeiling,
  oneItem,
  type Position,
  type Unchanged,
  type Verdict,
} from '../pages.ts';
import { itemCallOf } from '../queries.ts';
import { emit, emitGap, entityOf, type Reading, shaped, shapedItems } from '../reading.ts';
import {
  type Deployment,
  type DeploymentStatus,
  deployment,
  deploymentStatus,
  isBot,
  list,
  login,
} from '../schema.ts';
import { timestamp, within } from '../window.ts';

/** States after which only `inactive` follows, when the next deployment takes over. */
const FINAL: ReadonlySet<string> = new Set(['success', 'failure', 'error', 'inactive']);

const STATUS_CLASS: Readonly<Record<string, ObservationClass>> = {
  success: 'change',
  failure: 'symptom',
  error: 'symptom',
};

/** https://docs.github.com/en/rest/deployments/deployments and …/deployments/statuses */
export async function readDeployments(reading: Reading): Promise<void> {
  reading.tally.totalUnknown();
  const earliest = reading.span.from - reading.query.window.lookback;
  const { limit } = itemCallOf(reading.query, 'statuses');
  const emitted = new Set<string>();
  let looked = 0;

  async function visit(data: unknown): Promise<Verdict> {
    const deployments = shapedItems(reading, deployment, shaped(reading, list, data));
    const fresh = deployments.filter((one) => createdAt(one) >= earliest && !emitted.has(one.id));
    let handled = true;
    let matched = 0;
    for (const one of fresh) {
      emitted.add(one.id);
      if (within(reading.span, createdAt(one))) {
        matched += 1;
        await emitDeployment(reading, one);
        reading.tally.add(1);
      }
      looked += 1;
      const finished = looked <= limit && (await emitStatuses(reading, one));
      if (!finished) reading.holdBack(createdAt(one));
      handled &&= finished;
    }
    const old = deployments.filter((one) => createdAt(one) < earliest).length;
    return { seen: deployments.length, matched, done: old > 0 && old === deployments.length, handled };
  }

  noteCeiling(reading, await eachPage(reading, reading.query.list, {}, visit));
  if (looked <= limit) return;
  await emitGap(reading, {
    gap: 'BUDGET',
    stream: 'deployment_statuses',
    missing: `statuses of ${looked - limit} deployments of ${reading.repository.full}`,
    reason: `only ${limit} deployments of a run are looked into`,
    hint: 'Narrow the window or shorten the interval.',
  });
}

function createdAt(one: Deployment): number {
  return Date.parse(one.created_at);
}

async function emitDeployment(reading: Reading, one: Deployment): Promise<void> {
  await emit(reading, {
    stream: 'deployments',
    class: 'change',
    entity: entityOf(reading, 'deployment', one.id),
    related: related(reading, one),
    key: 'created',
    occurredAt: timestamp(one.created_at),
    body: {
      id: one.id,
      sha: one.sha,
      ref: one.ref,
      environment: one.environment,
      production: one.production_environment,
      task: one.task,
      created_at: timestamp(one.created_at),
      creator: login(one.creator),
      creator_is_bot: isBot(one.creator),
    },
  });
}

/** Whether the deployment has come to an end, as far as its statuses tell. */
async function emitStatuses(reading: Reading, one: Deployment): Promise<boolean> {
  const call = itemCallOf(reading.query, 'statuses');
  let finished = false;
  let position: Position | null = {};
  while (position !== null) {
    const page: Unchanged | Changed<unknown[]> = await oneItem(
      reading,
      call,
      { deployment_id: one.id, ...position },
      list,
    );
    const ended = page.kind === 'unchanged' ? page.final : await emitPage(reading, one, page);
    finished ||= ended;
    position = page.next;
  }
  return finished;
}

async function emitPage(reading: Reading, one: Deployment, page: Changed<unknown[]>): Promise<boolean> {
  const statuses = shapedItems(reading, deploymentStatus, page.data);
  for (const status of statuses) {
    if (within(reading.span, Date.parse(status.created_at))) await emitStatus(reading, one, status);
  }
  const finished = statuses.some((status) => FINAL.has(status.state));
  page.settle(finished);
  return finished;
}

async function emitStatus(reading: Reading, one: Deployment, status: DeploymentStatus): Promise<void> {
  await emit(reading, {
    stream: 'deployment_statuses',
    class: STATUS_CLASS[status.state] ?? 'state',
    entity: entityOf(reading, 'deployment', one.id),
    related: related(reading, one),
    key: `status/${status.id}`,
    occurredAt: timestamp(status.created_at),
    body: {
      id: status.id,
      deployment: one.id,
      state: status.state,
      environment: one.environment,
      sha: one.sha,
      created_at: timestamp(status.created_at),
      creator: login(status.creator),
    },
  });
}

function related(reading: Reading, one: Deployment): readonly string[] {
  return [entityOf(reading, 'commit', one.sha), entityOf(reading, 'environment', one.environment)];
}
