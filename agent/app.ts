import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import { type Clock, ConnectorError, type Logger } from '../connectors/sdk/index.ts';
import { canonicalize } from '../evidence/canonical-json.ts';
import { Ledger } from '../evidence/ledger.ts';
import { openSqliteStore } from '../evidence/store/sqlite-store.ts';
import type { Store } from '../evidence/store/store.ts';
import { makeGate } from '../policies/clear.ts';
import { type CompiledPolicy, compilePolicy } from '../policies/compile.ts';
import { DETECTORS } from '../policies/detectors/index.ts';
import { makeKeyed } from '../policies/keyed.ts';
import { loadPolicies, PolicyProblems } from '../policies/load.ts';
import { makeScanner } from '../policies/redact.ts';
import { makeApi } from './api/app.ts';
import { type ApiServer, serveApi } from './api/serve.ts';
import type { LoadedConfig } from './config/load.ts';
import { AgentError } from './errors.ts';
import { IncidentService } from './incidents.ts';
import { once, stopInOrder } from './lifecycle.ts';
import { collect, type PipelineDeps, recordGap } from './pipeline.ts';
import { type Connections, openConnections, scheduledReads } from './registry/connections.ts';
import type { ConnectorDefinition } from './registry/discover.ts';
import { proveLoaded } from './registry/prove.ts';
import { Readiness } from './runner/readiness.ts';
import type { Job, ScheduledRead } from './scheduler/job.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { makeSealing } from './sealing.ts';
import { type AgentKeys, loadKeys, loadToken } from './secrets/keys.ts';
import { connectionStatus, connectorTypes } from './status.ts';
import { createLogger, type LoggerOptions } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { runMeters } from './telemetry/run-meters.ts';
import { agentTracer, withSpan } from './telemetry/tracing.ts';

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
  readonly policy: CompiledPolicy;
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
  const net = makeScanner(DETECTORS, 'all');
  const text = makeScanner(DETECTORS, 'text');
  const scrub = (value: string) => text.scan(value).text;
  const logger = createLogger({ level: config.log.level, scrub, destination: deps.logTo });
  const metrics = createMetrics({ process: true });

  const keys = await loadKeys(paths);
  const token = loaded.token ?? (await loadToken(paths));
  const keyed = makeKeyed(keys.pseudonymKey, canonicalize);
  const policy = await compile(deps.definitions, paths.policies);
  const proven = await proveLoaded(distinct(loaded.connections.map(({ connector }) => connector)));
  const gate = makeGate({ policy, keyed, net, text });

  const store = await openSqliteStore({ path: path.join(paths.dataDir, 'evidence.db') });
  const ledger = new Ledger({ store });
  const sealing = makeSealing({ tenant: config.tenant, version, policy, clock, keys });

  const connections = openConnections(loaded.connections, { clock, logger, digest: keyed.digest });
  const meters = runMeters(metrics);
  const tracer = agentTracer(version);
  const { tenant } = config;
  const reads = scheduledReads(loaded.connections);
  const readiness = new Readiness(reads);
  const pipeline: PipelineDeps = {
    tenant,
    policy,
    proven,
    gate,
    connections,
    store,
    ledger,
    sealWith: sealing.run,
    clock,
    logger,
    meters,
    readiness,
  };
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
        withSpan(tracer, 'exhibit.run', spanOf(job), () => collect(job, pipeline, signal)),
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
      scheduler,
      readiness,
      reportLate: (read) => recordGap(lateJob(read, clock), NOT_CAUGHT_UP, pipeline),
      clock,
      logger,
      onOpenCount: metrics.openIncidents,
    },
  );
  metrics.policy(policy.digest, policy.version);

  const api = makeApi({
    store,
    incidents,
    connections: () => connectionStatus(reads, store, clock),
    connectorTypes: async () => connectorTypes(deps.definitions),
    publicKeyPem: keys.signer.publicKeyPem,
    token,
    metrics,
    clock,
    logger,
    version,
    options: { rate: config.api.rate },
  });
  let server: ApiServer | undefined;

  return {
    keys,
    policy,
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
      logger.info('the agent has started', { version, policy: policy.version, url: server.url });
    },
    url: () => {
      if (server !== undefined) return server.url;
      throw new AgentError('INTERNAL', 'the API has no address before the agent has started');
    },
    stop: once(() =>
      stopInOrder(
        [
          ['api', async () => server?.close()],
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

/** Throws PolicyProblems with everything that is wrong with the policies. */
async function compile(
  connectors: readonly ConnectorDefinition[],
  names: readonly string[],
): Promise<CompiledPolicy> {
  const manifests = connectors.map(({ manifest }) => manifest);
  const { policy, problems } = compilePolicy(manifests, await loadPolicies(names));
  if (problems.length > 0) throw new PolicyProblems(problems);
  return policy;
}

const NOT_CAUGHT_UP = new ConnectorError(
  'TIMEOUT',
  'the source had not been listed when the bundle was made',
  {
    hint: 'Get the bundle again in a moment; raise incidents.firstReads if this lasts.',
  },
);

function lateJob({ connection, connector, read, mode }: ScheduledRead, clock: Clock): Job {
  const now = clock.now().toISOString();
  const window = { from: now, to: now };
  return { id: randomUUID(), request: { connection, connector, read, mode, window, trigger: 'incident' } };
}

function spanOf({ id, request }: Job): Attributes {
  const { connection, connector, read, mode, trigger } = request;
  return {
    'exhibit.run': id,
    'exhibit.connection': connection,
    'exhibit.connector': connector,
    'exhibit.read': read,
    'exhibit.mode': mode,
    'exhibit.trigger': trigger,
  };
}

/** `127.0.0.1:8787` or `[::1]:8787`; the config's schema has checked the form. */
function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}

function distinct<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((entry) => [entry.id, entry])).values()];
}
