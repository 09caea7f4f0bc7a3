import type { ConnectorManifest } from '../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { PRESETS } from '../../policies/load.ts';
import { isOn } from '../../policies/rights.ts';
import { configuredLayers } from '../config/outline.ts';
import { deltaBetween } from '../governance/delta.ts';
import { putInForce, putInForceWith } from '../governance/in-force.ts';
import { PolicyService } from '../governance/service.ts';
import { LiveStanding } from '../governance/standing.ts';
import { PolicySupervisor } from '../governance/supervisor.ts';
import { policyTools } from '../governance/tools.ts';
import type { Base } from './base.ts';

/** What decides: the policy in force, and how each connection stands by it. */
export interface Governance {
  readonly supervisor: PolicySupervisor;
  readonly standing: LiveStanding;
  readonly inForce: () => CompiledPolicy;
}

export interface GovernanceDeps {
  /** Reads of these connections start anew. */
  readonly restart: (which?: (connection: string) => boolean) => void;
}

/**
 * Opens the policy in force. Each version that follows restarts all reads and looks at the log from its first moment;
 * nothing follows before `supervisor.begin()`.
 */
export async function openGovernance(base: Base, { restart }: GovernanceDeps): Promise<Governance> {
  const { store, clock, logger, metrics, connections, canaries, keyed, trust } = base;
  const { config, file } = base.loaded;
  const standing: LiveStanding = await LiveStanding.open({
    connections,
    store,
    refused: (id) => supervisor.current().policy.of(id).refusedPrivileges,
    isRead: (id) => [...supervisor.current().policy.of(id).reads.values()].some(isOn),
    onRefused: (id) => restart((connection) => connection === id),
    clock,
    logger,
  });
  const makeInForce = putInForceWith();
  const supervisor: PolicySupervisor = await PolicySupervisor.open(
    {
      names: configuredLayers(file, PRESETS),
      reloadMs: config.governance.reload,
      startWithLastGood: config.governance.startWithLastGood,
      rehearsal: base.rehearsal === true,
    },
    {
      rules: { manifests: manifestsOf(base), connections: connections.ids, trust, diff: diffOf(base) },
      putInForce: (policy) => makeInForce(policy, { keyed, standing, canaries }),
      store,
      clock,
      logger,
      metrics,
    },
  );
  base.useNet(supervisor.current().net);
  supervisor.subscribe(({ event }, version) => {
    base.useNet(version.net);
    if (event === 'applied') restart();
  });
  return { supervisor, standing, inForce: () => supervisor.current().policy };
}

/** What answers questions about policies, and changes the one in force where the configuration lets it. */
export function policyServiceOf(base: Base, { supervisor, standing }: Governance): PolicyService {
  const { store, clock, connections, keyed, canaries, proven, tenant, scrub } = base;
  const manifests = manifestsOf(base);
  return new PolicyService({
    supervisor,
    standing,
    rules: { manifests, connections: connections.ids },
    tools: policyTools({
      diff: diffOf(base),
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
    connectorOf: (id) => knownOf(base).find((connection) => connection.id === id)?.connector,
    store,
    clock,
    scrub,
    mayApply: base.loaded.config.governance.apply,
  });
}

export function manifestsOf({ definitions }: Base): readonly ConnectorManifest[] {
  return definitions.map(({ manifest }) => manifest);
}

function diffOf(base: Base): ReturnType<typeof deltaBetween> {
  return deltaBetween(manifestsOf(base), knownOf(base));
}

function knownOf({ loaded }: Base): readonly { readonly id: string; readonly connector: string }[] {
  return loaded.connections.map(({ id, connector }) => ({ id, connector: connector.id }));
}
