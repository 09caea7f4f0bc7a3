import path from 'node:path';
import type { Clock, Logger } from '../connectors/sdk/index.ts';
import { canonicalize } from '../evidence/canonical-json.ts';
import { Ledger } from '../evidence/ledger.ts';
import { openSqliteStore } from '../evidence/store/sqlite-store.ts';
import type { Store } from '../evidence/store/store.ts';
import { makeCanaries } from '../policies/canaries/canaries.ts';
import type { CompiledPolicy } from '../policies/compile.ts';
import { switchableKeyed } from '../policies/keyed.ts';
import { PRESETS } from '../policies/load.ts';
import { makeByteNet } from '../policies/net/byte-net.ts';
import { isOn } from '../policies/rights.ts';
import { scannersWith } from '../policies/scanners.ts';
import { makeApi } from './api/app.ts';
import { type ApiServer, serveApi } from './api/serve.ts';
import type { LoadedConfig } from './config/load.ts';
import { configuredLayers } from './config/outline.ts';
import { AgentError } from './errors.ts';
import { countDecisions } from './governance/decisions.ts';
import { deltaBetween } from './governance/delta.ts';
import { dutiesOf } from './governance/duties.ts';
import { putInForce, putInForceWith } from './governance/in-force.ts';
import { PolicyService } from './governance/service.ts';
import { loadTrust } from './governance/signatures.ts';
import { LiveStanding } from './governance/standing.ts';
import { PolicySupervisor } from './governance/supervisor.ts';
import { policyTools } from './governance/tools.ts';
import { Upkeep } from './governance/upkeep.ts';
import { makeWitness } from './governance/witness.ts';
import { IncidentService } from './incidents.ts';
import { once, stopInOrder } from './lifecycle.ts';
import { materialOf } from './material.ts';
import { collect, type PipelineDeps, recordGap } from './pipeline.ts';
import { type Connections, openConnections, scheduledReads } from './registry/connections.ts';
import type { ConnectorDefinition } from './registry/discover.ts';
import { proveLoaded } from './registry/prove.ts';
import { lateJob, NOT_CAUGHT_UP } from './runner/late.ts';
import { Readiness } from './runner/readiness.ts';
import { Retirement } from './runner/retirement.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { makeSealing } from './sealing.ts';
import { followSigningKeys } from './secrets/follow-keys.ts';
import { type AgentKeys, loadKeys, loadToken } from './secrets/keys.ts';
import { ownCanaries } from './secrets/own-secrets.ts';
import { connectionStatus, connectorTypes, listedConnections } from './status.ts';
import { createLogger, type LoggerOptions } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { makeOutgoing, netted } from './telemetry/outgoing.ts';
import { runMeters } from './telemetry/run-meters.ts';
import { agentTracer, spanOf, withSpan } from './telemetry/tracing.ts';
import { timestampsOf } from './timestamps.ts';
import { agentIdentity } from './version.ts';

export interface AgentDeps {
  readonly clock: Clock;
  readonly version: string;
  /** All that were discovered: a policy may speak of connectors that no connection uses. */
  readonly definitions: readonly ConnectorDefinition[];
  readonly logTo: LoggerOptions['destination'];
  readonly random?: () => number;
}

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
  const { config, paths } = loaded;
  const { clock, version } = deps;
  const shipped = scannersWith([]);
  const scrub = (value: string) => shipped.text.scan(value).text;
  const metrics = createMetrics({ process: true });
  // Before there is a policy, the detectors that ship with the agent look at what is logged.
  let net = makeByteNet({ net: shipped.net, canaries: makeCanaries([]) });
  const destination = netted(
    deps.logTo,
    () => net,
    ({ where, rule }) => metrics.netHit(where, rule),
  );
  const logger = createLogger({ level: config.log.level, scrub, destination });

  const keys = await loadKeys(paths);
  const token = loaded.token ?? (await loadToken(paths));
  const { canaries, leftOut } = ownCanaries(loaded, token, keys.secrets);
  if (leftOut.length > 0)
    logger.info('credentials that are too short or too ordinary to be looked for in what leaves', {
      leftOut: leftOut.join(', '),
    });
  const keyed = switchableKeyed(keys.keyring.current(), config.tenant, canonicalize);
  const trust = await loadTrust(paths.policyKeys, config.governance.signatures);
  const proven = await proveLoaded(distinct(loaded.connections.map(({ connector }) => connector)));

  const store = await openSqliteStore({ path: path.join(paths.dataDir, 'evidence.db') });
  const ledger = new Ledger({ store });
  const connections = openConnections(loaded.connections, { clock, logger, digest: keyed.digest });

  // What fails from here on leaves the store closed.
  const orClose = <T>(work: Promise<T>): Promise<T> =>
    work.catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
  const standing: LiveStanding = await orClose(
    LiveStanding.open({
      connections,
      store,
      refused: (id) => supervisor.current().policy.of(id).refusedPrivileges,
      isRead: (id) => [...supervisor.current().policy.of(id).reads.values()].some(isOn),
      onRefused: (id) => scheduler.restartAll((connection) => connection === id),
      clock,
      logger,
    }),
  );
  const makeInForce = putInForceWith();
  const manifests = deps.definitions.map(({ manifest }) => manifest);
  const known = loaded.connections.map(({ id, connector }) => ({ id, connector: connector.id }));
  const diff = deltaBetween(manifests, known);
  const supervisor: PolicySupervisor = await orClose(
    PolicySupervisor.open(
      {
        names: configuredLayers(loaded.file, PRESETS),
        reloadMs: config.governance.reload,
        startWithLastGood: config.governance.startWithLastGood,
      },
      {
        rules: { manifests, connections: connections.ids, trust, diff },
        putInForce: (policy) => makeInForce(policy, { keyed, standing, canaries }),
        store,
        clock,
        logger,
        metrics,
      },
    ),
  );
  const inForce = () => supervisor.current().policy;
  const timestamps = await orClose(timestampsOf(loaded, { logger, metrics }));
  const material = materialOf(keys, timestamps === undefined ? [] : [timestamps.authority]);
  const sealing = makeSealing({
    tenant: config.tenant,
    agent: agentIdentity(process.env),
    policy: inForce,
    privileges: (id) => standing.privileges(id),
    clock,
    keys,
    ...(timestamps === undefined ? {} : { timestamp: timestamps.seal }),
  });

  const meters = runMeters(metrics);
  const tracer = agentTracer(version);
  const { tenant } = config;
  const reads = scheduledReads(loaded.connections);
  const readiness = new Readiness(reads);
  const pipeline: PipelineDeps = {
    tenant,
    inForce: () => supervisor.current(),
    proven,
    standing,
    decisions: countDecisions(store, scrub, logger),
    connections,
    store,
    ledger,
    sealWith: sealing.run,
    clock,
    logger,
    meters,
    readiness,
  };
  const retirement = new Retirement({
    connections,
    configured: loaded.connections,
    policy: inForce,
    store,
    logger,
  });
  const outgoing = makeOutgoing({ net: () => supervisor.current().net, metrics, logger });
  const { scheduler: times } = config;
  const scheduler = new Scheduler(
    reads,
    {
      concurrency: times.concurrency,
      lookbackMs: times.lookback,
      overlapMs: times.overlap,
      minimumIntervalMs: times.minimumInterval,
      backoff: { baseMs: times.retryBase, capMs: times.retryCap, floorMs: SHORTEST_RETRY_MS },
    },
    {
      clock,
      logger,
      random: deps.random ?? Math.random,
      runJob: (job, signal) =>
        withSpan(
          tracer,
          'exhibit.run',
          spanOf(job),
          async () => {
            const outcome = await collect(job, pipeline, signal);
            await retirement.follow(job, outcome);
            return outcome;
          },
          outgoing,
        ),
    },
  );
  const incidents = new IncidentService(
    {
      cadence: config.incidents.cadence,
      burstMs: config.incidents.burst,
      firstReadsMs: config.incidents.firstReads,
    },
    {
      store,
      ledger,
      sealing,
      saltKey: keys.saltKey,
      material: material.inBundle,
      configured: async () => listedConnections(reads, await store.latestRuns(), deps.definitions),
      scheduler,
      readiness,
      reportLate: (read) => recordGap(lateJob(read, clock), NOT_CAUGHT_UP, pipeline),
      clock,
      logger,
      onOpenCount: metrics.openIncidents,
    },
  );
  net = supervisor.current().net;
  supervisor.subscribe(({ event }, version) => {
    net = version.net;
    if (event === 'applied') scheduler.restartAll();
  });
  supervisor.subscribe(makeWitness({ tenant, version, ledger, sealWith: sealing.run, clock, logger }));
  await orClose(supervisor.begin());

  const policies = new PolicyService({
    supervisor,
    standing,
    rules: { manifests, connections: connections.ids },
    tools: policyTools({
      diff,
      manifests,
      connections,
      store,
      supervisor,
      proven,
      standing,
      clock,
      tenant,
      putInForce: (policy) => putInForce({ policy, keyed, standing, canaries }),
    }),
    connectorOf: (id) => known.find((connection) => connection.id === id)?.connector,
    store,
    clock,
    scrub,
    mayApply: config.governance.apply,
  });
  const api = makeApi({
    store,
    policy: policies,
    outgoing,
    incidents,
    connections: () => connectionStatus(reads, store, clock),
    connectorTypes: async () => connectorTypes(deps.definitions),
    keys: {
      publicKeyPem: () => keys.signer.publicKeyPem,
      history: () => keys.history,
      trustedRoot: material.trustedRoot,
    },
    token,
    metrics,
    clock,
    logger,
    version,
    options: { rate: config.api.rate, publicLog: config.transparency.public },
  });
  const upkeep = new Upkeep(
    dutiesOf({
      keyring: keys.keyring,
      ledger,
      keys,
      onChange: (keyring) => keyed.use(keyring),
      store,
      tenant,
      version,
      clock,
      policy: inForce,
      manifests,
      rotateAfterMs: config.keys.rotateAfter,
      followKeys: async () => void (await followSigningKeys({ keys, ledger, store, clock })),
    }),
    { clock, logger },
  );
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
          ['scheduler', () => scheduler.stop(times.drain)],
          ['ledger', () => ledger.settled()],
          ['connections', () => connections.close()],
          ['store', () => store.close()],
        ],
        logger,
      ),
    ),
  };
}

/** Keeps a source that fails at once from being asked again at once. */
const SHORTEST_RETRY_MS = 100;

/** `127.0.0.1:8787` or `[::1]:8787`; the config's schema has checked the form. */
function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}

function distinct<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((entry) => [entry.id, entry])).values()];
}
