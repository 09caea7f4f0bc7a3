import type { Logger } from '../connectors/sdk/index.ts';
import type { Ledger } from '../evidence/ledger.ts';
import type { Store } from '../evidence/store/store.ts';
import type { CompiledPolicy } from '../policies/compile.ts';
import { type ApiServer, serveApi } from './api/serve.ts';
import { type AgentDeps, type Base, openBase } from './assembly/base.ts';
import { type Collection, makeCollection } from './assembly/collection.ts';
import { type Governance, openGovernance } from './assembly/governance.ts';
import { makeAgentApi, makeIncidents, makeUpkeep } from './assembly/serving.ts';
import type { LoadedConfig } from './config/load.ts';
import { AgentError } from './errors.ts';
import type { Upkeep } from './governance/upkeep.ts';
import { makeWitness } from './governance/witness.ts';
import type { IncidentService } from './incidents.ts';
import { once, stopInOrder } from './lifecycle.ts';
import { type Material, materialOf } from './material.ts';
import type { Connections } from './registry/connections.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import { makeSealing, type Sealing } from './sealing.ts';
import type { AgentKeys } from './secrets/keys.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { timestampsOf } from './timestamps.ts';
import { agentIdentity } from './version.ts';

/** Everything that makes an agent; nothing runs or listens before `start()`. */
export interface Agent {
  readonly keys: AgentKeys;
  /** The one in force. */
  readonly policy: CompiledPolicy;
  /** Reads the policy files now; what is wrong with them is said in the log, and the last good one stays. */
  reloadPolicy(): Promise<void>;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly connections: Connections;
  readonly scheduler: Scheduler;
  readonly incidents: IncidentService;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /**
   * Starts the timetable and the API. Without it, `scheduler.runNow()` makes single passes. Throws AgentError LISTEN.
   */
  start(): Promise<void>;
  /** Where the API listens: `http://127.0.0.1:8787`. Throws AgentError INTERNAL before `start()`. */
  url(): string;
  /** Drains and closes; safe twice, and before `start()`. */
  stop(): Promise<void>;
}

/**
 * Builds every part in the order in which data flows through them: keys and policy decide, connections read, the gate
 * clears, the ledger seals and stores, incidents bundle. Throws AgentError, EvidenceError or PolicyProblems when the
 * agent could not do its work; nothing is left open then.
 */
export async function createAgent(loaded: LoadedConfig, deps: AgentDeps): Promise<Agent> {
  const base = await openBase(loaded, deps);
  try {
    const governance = await openGovernance(base, {
      restart: (which) => collection.scheduler.restartAll(which),
    });
    const { sealing, material } = await openSealing(base, governance);
    const collection: Collection = makeCollection(base, governance, sealing);
    const incidents = makeIncidents(base, { collection, sealing, material });
    governance.supervisor.subscribe(makeWitness({ ...base, sealWith: sealing.run }));
    await governance.supervisor.begin();
    const api = makeAgentApi(base, { governance, collection, incidents, material });
    return agentOf({ base, governance, collection, incidents, api, upkeep: makeUpkeep(base, governance) });
  } catch (error) {
    await base.store.close();
    throw error;
  }
}

/** Who signs what the agent says, and what helps others to check it. */
async function openSealing(
  base: Base,
  { inForce, standing }: Governance,
): Promise<{ readonly sealing: Sealing; readonly material: Material }> {
  const { tenant, clock, keys } = base;
  const timestamps = await timestampsOf(base.loaded, base);
  const sealing = makeSealing({
    tenant,
    agent: agentIdentity(process.env),
    policy: inForce,
    privileges: (id) => standing.privileges(id),
    clock,
    keys,
    ...(timestamps === undefined ? {} : { timestamp: timestamps.seal }),
  });
  return { sealing, material: materialOf(keys, timestamps === undefined ? [] : [timestamps.authority]) };
}

interface Parts {
  readonly base: Base;
  readonly governance: Governance;
  readonly collection: Collection;
  readonly incidents: IncidentService;
  readonly api: ReturnType<typeof makeAgentApi>;
  readonly upkeep: Upkeep;
}

function agentOf({ base, governance, collection, incidents, api, upkeep }: Parts): Agent {
  const { keys, store, ledger, connections, metrics, logger, version } = base;
  const { supervisor, standing, inForce } = governance;
  const { scheduler, retirement } = collection;
  const { config } = base.loaded;
  let server: ApiServer | undefined;
  return {
    keys,
    get policy() {
      return inForce();
    },
    reloadPolicy: async () => void (await supervisor.reload()),
    store,
    ledger,
    connections,
    scheduler,
    incidents,
    metrics,
    logger,
    start: async () => {
      await incidents.start();
      server = await serveApi(api, addressOf(config.api.listen));
      scheduler.start();
      supervisor.watch();
      void standing.watch();
      void retirement.begin();
      upkeep.begin();
      logger.info('the agent has started', { version, policy: inForce().version, url: server.url });
    },
    url: () => {
      if (server !== undefined) return server.url;
      throw new AgentError('INTERNAL', 'the API has no address before the agent has started');
    },
    stop: once(() =>
      stopInOrder(
        [
          ['api', async () => server?.close()],
          ['policy', () => supervisor.stop()],
          ['standing', async () => standing.end()],
          ['upkeep', () => upkeep.end()],
          ['retirement', async () => retirement.end()],
          ['incidents', async () => incidents.stop()],
          ['scheduler', () => scheduler.stop(config.scheduler.drain)],
          ['ledger', () => ledger.settled()],
          ['connections', () => connections.close()],
          ['store', () => store.close()],
        ],
        logger,
      ),
    ),
  };
}

/** `127.0.0.1:8787` or `[::1]:8787`; the config's schema has checked the form. */
function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}
