import type { Clock, ConnectorManifest } from '../../connectors/sdk/index.ts';
import { allOf } from '../../evidence/store/paging.ts';
import type { Store } from '../../evidence/store/store.ts';
import type { ProvenReads, Standing } from '../../policies/admit.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { explain } from '../../policies/explain.ts';
import { explainView, isView } from '../../policies/explain-view.ts';
import { replay } from '../../policies/replay.ts';
import type { Connections } from '../registry/connections.ts';
import type { InForce } from './in-force.ts';
import { preview } from './preview.ts';
import type { PolicyTools } from './service.ts';
import type { PolicySupervisor } from './supervisor.ts';

export interface PolicyToolsDeps {
  readonly diff: PolicyTools['diff'];
  readonly manifests: readonly ConnectorManifest[];
  readonly connections: Connections;
  readonly store: Pick<Store, 'query'>;
  readonly supervisor: Pick<PolicySupervisor, 'current'>;
  readonly proven: ProvenReads;
  readonly standing: Standing;
  readonly clock: Clock;
  readonly tenant: string;
  /** A gate and a net for a candidate. */
  readonly putInForce: (policy: CompiledPolicy) => InForce;
}

/** What answers questions about a policy with this agent's manifests, store and sources; nothing is changed. */
export function policyTools(deps: PolicyToolsDeps): PolicyTools {
  const { diff, manifests, connections, store, supervisor, putInForce, ...rest } = deps;
  return {
    diff,
    replay: (before, after) =>
      replay(
        allOf((page) => store.query(page)),
        before,
        after,
      ),
    explain(policy, question) {
      const { connection, stream, field } = question;
      if (!isView(stream)) return explain(policy, manifests, question);
      return explainView(policy, {
        connection,
        view: stream,
        ...(field === undefined ? {} : { column: field }),
      });
    },
    preview: (policy, of, signal) =>
      connections.aside(of.connection, (instance) => {
        const current = supervisor.current();
        const inForce = policy === current.policy ? current : putInForce(policy);
        return preview(of, { ...rest, inForce, connections: { get: () => instance } }, signal);
      }),
  };
}
