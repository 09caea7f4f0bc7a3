import path from 'node:path';
import type { Clock, Logger, Secret } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { Ledger } from '../../evidence/ledger.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import type { Store } from '../../evidence/store/store.ts';
import type { ProvenReads } from '../../policies/admit.ts';
import { type CanarySet, makeCanaries } from '../../policies/canaries/canaries.ts';
import { type SwitchableKeyed, switchableKeyed } from '../../policies/keyed.ts';
import { type ByteNet, makeByteNet } from '../../policies/net/byte-net.ts';
import { scannersWith } from '../../policies/scanners.ts';
import type { LoadedConfig } from '../config/load.ts';
import { loadTrust, type PolicyTrust } from '../governance/signatures.ts';
import { type Connections, openConnections } from '../registry/connections.ts';
import type { ConnectorDefinition } from '../registry/discover.ts';
import { proveLoaded } from '../registry/prove.ts';
import { type AgentKeys, loadKeys, loadToken } from '../secrets/keys.ts';
import { ownCanaries } from '../secrets/own-secrets.ts';
import { createLogger, type LoggerOptions } from '../telemetry/logger.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { netted } from '../telemetry/outgoing.ts';

export interface AgentDeps {
  readonly clock: Clock;
  readonly version: string;
  /** All that were discovered: a policy may speak of connectors that no connection uses. */
  readonly definitions: readonly ConnectorDefinition[];
  readonly logTo: LoggerOptions['destination'];
  readonly random?: () => number;
  /** Only to see whether it could work: no start is kept. */
  readonly rehearsal?: boolean;
}

/** What every part of an agent stands on. The store is open: whoever can not go on closes it. */
export interface Base extends Telemetry, AgentDeps {
  readonly loaded: LoadedConfig;
  readonly tenant: string;
  readonly keys: AgentKeys;
  readonly token: Secret;
  /** The agent's own credentials, which must not show in anything that leaves. */
  readonly canaries: CanarySet;
  readonly keyed: SwitchableKeyed;
  /** Whose signatures count under a policy. */
  readonly trust: PolicyTrust;
  /** Reads whose queries were proved when they were loaded. */
  readonly proven: ProvenReads;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly connections: Connections;
}

interface Telemetry {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Free text without what the shipped detectors find in it. */
  readonly scrub: (text: string) => string;
  /** The last look at what is logged from now on. */
  readonly useNet: (net: ByteNet) => void;
}

/** Reads keys and secrets, proves the reads, opens the store and the connections, in this order. */
export async function openBase(loaded: LoadedConfig, deps: AgentDeps): Promise<Base> {
  const { config, paths } = loaded;
  const { clock } = deps;
  const telemetry = openTelemetry(loaded, deps);
  const { logger } = telemetry;
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
  return {
    ...deps,
    ...telemetry,
    loaded,
    tenant: config.tenant,
    keys,
    token,
    canaries,
    keyed,
    trust,
    proven,
    store,
    ledger: new Ledger({ store }),
    connections: openConnections(loaded.connections, { clock, logger, digest: keyed.digest }),
  };
}

function openTelemetry({ config }: LoadedConfig, { logTo }: AgentDeps): Telemetry {
  const shipped = scannersWith([]);
  const scrub = (text: string) => shipped.text.scan(text).text;
  const metrics = createMetrics({ process: true });
  // Before there is a policy, the detectors that ship with the agent look at what is logged.
  let net = makeByteNet({ net: shipped.net, canaries: makeCanaries([]) });
  const destination = netted(
    logTo,
    () => net,
    ({ where, rule }) => metrics.netHit(where, rule),
  );
  const logger = createLogger({ level: config.log.level, scrub, destination });
  return {
    metrics,
    logger,
    scrub,
    useNet: (next) => {
      net = next;
    },
  };
}

function distinct<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((entry) => [entry.id, entry])).values()];
}
