import type { Clock, ConnectorManifest, Logger } from '../../../connectors/sdk/index.ts';
import { canonicalize } from '../../../evidence/canonical-json.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { SAMPLE_MANIFEST } from '../../../evidence/testing/samples.ts';
import { makeCanaries } from '../../../policies/canaries/canaries.ts';
import { makeKeyed } from '../../../policies/keyed.ts';
import { epochOf } from '../../../policies/keyring.ts';
import { createMetrics, type Metrics } from '../../telemetry/metrics.ts';
import { deltaBetween } from '../delta.ts';
import { putInForceWith } from '../in-force.ts';
import type { SupervisorOptions } from '../ports.ts';
import { PolicyService, type PolicyTools } from '../service.ts';
import type { PolicyTrust } from '../signatures.ts';
import { LiveStanding } from '../standing.ts';
import { PolicySupervisor } from '../supervisor.ts';

export interface GovernedOptions extends Partial<SupervisorOptions> {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly trust?: PolicyTrust;
  readonly manifests?: readonly ConnectorManifest[];
  readonly mayApply?: boolean;
  readonly tools?: Partial<PolicyTools>;
}

export interface Governed {
  readonly supervisor: PolicySupervisor;
  readonly standing: LiveStanding;
  readonly service: PolicyService;
  readonly metrics: Metrics;
}

const CANARIES = makeCanaries([]);
/** The automata are made once for all tests of a file. */
const putInForce = putInForceWith();
const CONNECTIONS = [{ id: 'db', connector: 'sample' }];

/** The real parts that look after a policy, over one connection `db` of the sample connector. */
export async function governed({
  store,
  clock,
  logger,
  trust = { keys: new Map(), required: 0, widening: 0 },
  manifests = [SAMPLE_MANIFEST],
  mayApply = true,
  tools = {},
  names = ['standard'],
  reloadMs = 5_000,
  startWithLastGood = false,
  rehearsal = false,
}: GovernedOptions): Promise<Governed> {
  const metrics = createMetrics();
  const standing = await LiveStanding.open({
    connections: {
      ids: [],
      aside: () => Promise.reject(new Error('nobody is asked here')),
    },
    store,
    refused: () => [],
    isRead: () => false,
    onRefused: () => undefined,
    clock,
    logger,
  });
  const diff = deltaBetween(manifests, CONNECTIONS);
  const connections = CONNECTIONS.map(({ id }) => id);
  const keyed = makeKeyed(epochOf(Buffer.alloc(32, 9), '2026-11-01T00:00:00.000Z'), 'acme', canonicalize);
  const supervisor = await PolicySupervisor.open(
    { names, reloadMs, startWithLastGood, rehearsal },
    {
      rules: { manifests, connections, trust, diff },
      putInForce: (policy) => putInForce(policy, { keyed, standing, canaries: CANARIES }),
      store,
      clock,
      logger,
      metrics,
    },
  );
  const rules = { manifests, connections };
  const service = new PolicyService({
    supervisor,
    standing,
    rules,
    tools: { diff, ...tools },
    connectorOf: (id) => (id === 'db' ? 'sample' : undefined),
    store,
    clock,
    scrub: (text) => text,
    mayApply,
  });
  return { supervisor, standing, service, metrics };
}
