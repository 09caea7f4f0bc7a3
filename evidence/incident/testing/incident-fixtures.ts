import type { JsonObject } from '../../../connectors/sdk/index.ts';
import type { Item } from '../../item.ts';
import { at, fakeItem } from '../../store/testing/store-fixtures.ts';

/** The items of a made-up incident: a rollout with a smaller memory limit, and a blocked table beside it. */

export const SHOP = 'kubernetes://prod/shop';
export const CHECKOUT = `${SHOP}/Deployment/checkout`;
export const POD = `${SHOP}/Pod/checkout-7d9c5b6f4d-x2x4x`;
export const CART = 'postgresql://orders-db/orders/public/cart';
export const COMMIT = 'github://acme/shop/commit/4f2c1a9b0d3e5f60718293a4b5c6d7e8f9012345';

const MINUTE = 60_000;
export const WINDOW = { from: at(0), to: at(60 * MINUTE) };

interface Told {
  readonly stream: string;
  readonly class: Item['class'];
  readonly entity: string;
  readonly minute: number;
  readonly related?: readonly string[];
  readonly window?: Item['window'];
  readonly body?: JsonObject;
  readonly seed?: string;
}

export function told({ stream, minute, seed, ...fields }: Told): Item {
  const source = fields.class === 'gap' ? 'exhibit' : (fields.entity.split(':', 1)[0] ?? '');
  const { window, ...rest } = fields;
  return fakeItem(seed ?? `${stream}/${fields.entity}/${minute}/${JSON.stringify(fields.body)}`, {
    kind: `${source}.${stream}/v1`,
    stream,
    occurredAt: at(minute * MINUTE),
    body: {},
    ...rest,
    ...(window === undefined ? {} : { window }),
  });
}

export const INCIDENT = {
  commit: told({ stream: 'commits', class: 'change', entity: COMMIT, minute: 5, body: { branch: 'main' } }),
  deployment: told({
    stream: 'deployments',
    class: 'change',
    entity: 'github://acme/shop/deployment/77',
    related: [COMMIT],
    minute: 10,
    body: { environment: 'production', sha: '4f2c1a9b0d3e5f60718293a4b5c6d7e8f9012345' },
  }),
  rollout: told({
    stream: 'object_changes',
    class: 'change',
    entity: CHECKOUT,
    related: [`${SHOP}/ConfigMap/checkout-config`],
    minute: 12,
    body: {
      op: 'updated',
      app: 'checkout',
      changes: [
        {
          path: 'spec.template.spec.containers[name=app].resources.limits.memory',
          aspect: 'resources',
          from: '512Mi',
          to: '64Mi',
        },
        {
          path: 'spec.template.spec.containers[name=app].image',
          aspect: 'image',
          from: 'registry.example/checkout:main-11aa22b',
          to: 'registry.example/checkout:main-4f2c1a9',
        },
      ],
      changeCount: 2,
    },
  }),
  config: told({
    stream: 'object_changes',
    class: 'change',
    entity: `${SHOP}/ConfigMap/checkout-config`,
    minute: 3,
    body: { op: 'updated', changes: [{ path: 'data.TIMEOUT', aspect: 'config' }] },
  }),
  neighbour: told({
    stream: 'object_changes',
    class: 'change',
    entity: `${SHOP}/Deployment/catalog`,
    minute: 13,
    body: { op: 'updated', changes: [{ path: 'spec.replicas', aspect: 'scale', from: 2, to: 3 }] },
  }),
  elsewhere: told({
    stream: 'object_changes',
    class: 'change',
    entity: 'kubernetes://prod/billing/Deployment/invoices',
    minute: 13,
    body: { op: 'updated', changes: [{ path: 'spec.replicas', aspect: 'scale', from: 4, to: 5 }] },
  }),
  later: told({
    stream: 'object_changes',
    class: 'change',
    entity: `${SHOP}/Deployment/payments`,
    minute: 40,
    body: { op: 'deleted' },
  }),
  oom: told({
    stream: 'symptoms',
    class: 'symptom',
    entity: POD,
    related: [CHECKOUT, `${SHOP}/ReplicaSet/checkout-7d9c5b6f4d`, 'kubernetes://prod/_cluster/Node/node-1'],
    minute: 14,
    body: { reason: 'OOMKilled', app: 'checkout', restarts: 1 },
  }),
  crash: told({
    stream: 'symptoms',
    class: 'symptom',
    entity: POD,
    related: [CHECKOUT],
    minute: 16,
    body: { reason: 'CrashLoopBackOff', app: 'checkout', count: 4, detail: 'RestartingContainer' },
  }),
  setting: told({
    stream: 'setting_changes',
    class: 'change',
    entity: 'postgresql://orders-db',
    minute: 21,
    window: { from: at(11 * MINUTE), to: at(21 * MINUTE) },
    body: { name: 'lock_timeout', from: 5000, to: 0, unit: 'ms' },
  }),
  blocked: told({
    stream: 'blocking_tree',
    class: 'symptom',
    entity: 'postgresql://orders-db/orders/pg_backend/4711',
    related: ['postgresql://orders-db/orders/pg_backend/4700', CART, 'postgresql://orders-db/orders'],
    minute: 20,
    body: { schema: 'public', relation: 'cart', root_pid: 4700, root_state: 'idle_in_transaction' },
  }),
  schema: told({
    stream: 'schema_changes',
    class: 'change',
    entity: CART,
    minute: 19,
    body: { change: 'column_added', kind: 'column' },
  }),
  inventory: told({
    stream: 'inventory',
    class: 'state',
    entity: CHECKOUT,
    minute: 1,
    body: { replicas: 3 },
  }),
  gap: told({
    stream: 'wait_events',
    class: 'gap',
    entity: 'postgresql://orders-db',
    minute: 15,
    body: {
      code: 'PRIVILEGE',
      missing: 'wait_events',
      reason: 'the role may not look',
      hint: 'grant pg_monitor',
    },
  }),
} as const;

export const ITEMS: readonly Item[] = Object.values(INCIDENT);
