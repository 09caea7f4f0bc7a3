import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '../../connectors/sdk/index.ts';
import { envelopes } from '../../evidence/envelope.ts';
import type { Ledger, SealWith } from '../../evidence/ledger.ts';
import type { Cleared } from '../../policies/cleared.ts';
import { errorFields } from '../telemetry/logger.ts';
import type { InForce } from './in-force.ts';
import type { PolicyEvent } from './version.ts';

export interface WitnessDeps {
  readonly tenant: string;
  readonly version: string;
  readonly ledger: Pick<Ledger, 'commit'>;
  readonly sealWith: SealWith;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** More names are only counted: an item is no place for a list of everything. */
const MAX_NAMES = 100;
const OWN = 'exhibit';
const READ = 'policy';

/**
 * Makes evidence of what happens to the policy: a change that came into force, and one that was refused. Whoever reads
 * a bundle must be able to tell why something is missing in its first half. A failure is logged: the policy is what it
 * is.
 */
export function makeWitness({ tenant, version, ledger, sealWith, clock, logger }: WitnessDeps) {
  return async (event: PolicyEvent, { gate, policy }: InForce): Promise<void> => {
    const now = clock.now().toISOString();
    const record = recordOf(event);
    if (record === null) return;
    const provenance = {
      tenant,
      connection: OWN,
      connector: `${OWN}@${version}`,
      read: READ,
      readDigest: policy.digest,
      run: randomUUID(),
      policy: { digest: policy.digest, version: policy.version },
    };
    const cost = { durationMs: 0, rows: 0, bytes: 0, calls: 0 };
    const completeness = { state: 'complete', read: 1, expected: 1, reason: null } as const;
    try {
      const batch = envelopes([record], provenance, { observedAt: now, completeness, cost });
      await ledger.commit(batch, undefined, sealWith);
    } catch (error) {
      logger.error('what happened to the policy could not be kept as evidence', errorFields(error));
    }

    function recordOf(of: PolicyEvent): Cleared | null {
      if (of.event === 'refused') {
        const { code } = of.failure;
        const reason = 'a policy that was to come into force was refused';
        const read = { connection: OWN, connector: OWN, read: READ, trigger: 'interval' } as const;
        const hint = 'The version that was in force stays; see GET /v1/policy or the log.';
        return gate.refuse({ code: `POLICY_${code}`, reason, hint }, read, now);
      }
      if (of.from === null) return null;
      const { opened, closed, risk } = of.delta;
      return gate.note(
        {
          tenant,
          from: of.from,
          to: policy.digest,
          version: policy.version,
          source: of.source,
          opened: shortened(opened),
          closed: shortened(closed),
          risk,
        },
        now,
      );
    }
  };
}

function shortened(names: readonly string[]): readonly string[] {
  if (names.length <= MAX_NAMES) return names;
  return [...names.slice(0, MAX_NAMES), `and ${names.length - MAX_NAMES} more`];
}
