import { makeApi } from '../api/app.ts';
import { dutiesOf } from '../governance/duties.ts';
import { Upkeep } from '../governance/upkeep.ts';
import { IncidentService } from '../incidents.ts';
import type { Material } from '../material.ts';
import { recordGap } from '../pipeline.ts';
import { lateJob, NOT_CAUGHT_UP } from '../runner/late.ts';
import type { Sealing } from '../sealing.ts';
import { followSigningKeys } from '../secrets/follow-keys.ts';
import { connectionStatus, connectorTypes, listedConnections } from '../status.ts';
import type { Base } from './base.ts';
import type { Collection } from './collection.ts';
import { type Governance, manifestsOf, policyServiceOf } from './governance.ts';

export interface IncidentParts {
  readonly collection: Collection;
  readonly sealing: Sealing;
  readonly material: Material;
}

export function makeIncidents(base: Base, { collection, sealing, material }: IncidentParts): IncidentService {
  const { store, ledger, clock, logger, keys, metrics, definitions } = base;
  const { cadence, burst, firstReads } = base.loaded.config.incidents;
  const { reads, scheduler, readiness, pipeline } = collection;
  return new IncidentService(
    { cadence, burstMs: burst, firstReadsMs: firstReads },
    {
      store,
      ledger,
      sealing,
      saltKey: keys.saltKey,
      material: material.inBundle,
      configured: async () => listedConnections(reads, await store.latestRuns(), definitions),
      scheduler,
      readiness,
      reportLate: (read) => recordGap(lateJob(read, clock), NOT_CAUGHT_UP, pipeline),
      clock,
      logger,
      onOpenCount: metrics.openIncidents,
    },
  );
}

export interface ApiParts {
  readonly governance: Governance;
  readonly collection: Collection;
  readonly incidents: IncidentService;
  readonly material: Material;
}

/** The API over all parts; nothing listens yet. */
export function makeAgentApi(
  base: Base,
  { governance, collection, incidents, material }: ApiParts,
): ReturnType<typeof makeApi> {
  const { store, clock, keys, definitions } = base;
  const { api, transparency } = base.loaded.config;
  return makeApi({
    store,
    policy: policyServiceOf(base, governance),
    outgoing: collection.outgoing,
    incidents,
    connections: () => connectionStatus(collection.reads, store, clock),
    connectorTypes: async () => connectorTypes(definitions),
    keys: {
      publicKeyPem: () => keys.signer.publicKeyPem,
      history: () => keys.history,
      trustedRoot: material.trustedRoot,
    },
    token: base.token,
    metrics: base.metrics,
    clock,
    logger: base.logger,
    version: base.version,
    options: { rate: api.rate, publicLog: transparency.public },
  });
}

/** What an agent does beside collecting: turns keys, forgets epochs, prunes. */
export function makeUpkeep(base: Base, { inForce }: Governance): Upkeep {
  const { keys, ledger, keyed, store, clock } = base;
  return new Upkeep(
    dutiesOf({
      keyring: keys.keyring,
      ledger,
      keys,
      onChange: (keyring) => keyed.use(keyring),
      store,
      tenant: base.tenant,
      version: base.version,
      clock,
      policy: inForce,
      manifests: manifestsOf(base),
      rotateAfterMs: base.loaded.config.keys.rotateAfter,
      followKeys: async () => void (await followSigningKeys({ keys, ledger, store, clock })),
    }),
    { clock, logger: base.logger },
  );
}
