import { z } from 'zod';
import type { JsonObject, Timestamp } from '../../connectors/sdk/index.ts';
import { digestOf } from '../../evidence/digest.ts';
import type { StoredPolicyVersion } from '../../evidence/store/governance.ts';
import type { Store } from '../../evidence/store/store.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import type { PolicyLayer } from './layers.ts';
import { PolicyRefusal } from './refusal.ts';
import type { PolicySigner } from './signatures.ts';
import type { Delta } from './widening.ts';

/** No connection can have this id: the agent's own state lies beside that of the connections. */
export const OWN_STATE = 'exhibit:governance';
const POLICY_STATE = 'policy';
const ACTIVE = 'active';
const FLOOR = 'floor/';

/** What brought a version: the files at start, an edit of them, the API, or time passing. */
export type PolicySource = StoredPolicyVersion['source'];

/** The version in force, as it is needed to start with it again. */
export interface KeptVersion {
  readonly digest: string;
  readonly source: PolicySource;
  readonly by: string;
  readonly reason: string | null;
  readonly appliedAt: Timestamp;
  /** Fingerprint of the configured files at that time: while they are the same, what the API applied holds. */
  readonly files: string;
  readonly layers: readonly PolicyLayer[];
}

/** The highest version of a policy that was ever in force, by the policy's name. */
export interface VersionFloor {
  readonly version: string;
  readonly digest: string;
}

const text = z.string();
const keptVersion: z.ZodType<KeptVersion> = z.object({
  digest: text,
  source: z.enum(['start', 'reload', 'api', 'expiry']),
  by: text,
  reason: text.nullable(),
  appliedAt: text,
  files: text,
  layers: z.array(
    z.object({
      name: text,
      file: text,
      isPreset: z.boolean(),
      text,
      signatures: z.array(z.object({ file: text, text })),
    }),
  ),
});
const versionFloor: z.ZodType<VersionFloor> = z.object({ version: text, digest: text });

export type RecordStore = Pick<Store, 'state' | 'saveState' | 'governance'>;

/** What survives a restart: the version in force with its signatures, the versions that were, and who did what. */
export class PolicyRecords {
  readonly #store: RecordStore;
  readonly #writes: boolean;

  /** @param rehearsal what is to be kept is forgotten */
  constructor(store: RecordStore, { rehearsal = false }: { readonly rehearsal?: boolean } = {}) {
    this.#store = store;
    this.#writes = !rehearsal;
  }

  async active(): Promise<KeptVersion | null> {
    const kept = keptVersion.safeParse((await this.#state()).get(ACTIVE));
    return kept.success ? kept.data : null;
  }

  async floors(): Promise<ReadonlyMap<string, VersionFloor>> {
    return new Map(
      [...(await this.#state())].flatMap(([key, value]) => {
        const floor = key.startsWith(FLOOR) ? versionFloor.safeParse(value) : undefined;
        return floor?.success === true ? [[key.slice(FLOOR.length), floor.data] as const] : [];
      }),
    );
  }

  /** Throws PolicyRefusal NOT_KEPT when it can not be made durable. */
  async keep(
    kept: KeptVersion,
    policy: CompiledPolicy,
    signers: readonly Pick<PolicySigner, 'keyId'>[],
    delta: Delta,
  ): Promise<void> {
    if (!this.#writes) return;
    try {
      await this.#store.governance.savePolicyVersion({
        digest: kept.digest,
        version: policy.version,
        appliedAt: kept.appliedAt,
        by: kept.by,
        source: kept.source,
        signers: [...new Set(signers.map(({ keyId }) => keyId))],
        layers: kept.layers.map((layer) => ({
          name: layer.name,
          digest: digestOf(layer.text),
          text: layer.text,
        })),
        changes: delta.changes,
        risk: delta.risk,
        active: true,
      });
      await this.#store.saveState({
        connection: OWN_STATE,
        read: POLICY_STATE,
        patch: { set: { [ACTIVE]: activeState(kept), ...floorsOf(kept.layers, policy) } },
      });
    } catch (error) {
      throw new PolicyRefusal('NOT_KEPT', 'the store could not keep the new version', {
        hint: 'See the log for the store; it is tried again.',
        cause: error,
      });
    }
  }

  /** Throws EvidenceError STORE. */
  async audit(
    at: Timestamp,
    action: string,
    by: string,
    outcome: 'done' | 'refused',
    target: string,
    detail: JsonObject,
  ): Promise<void> {
    if (!this.#writes) return;
    await this.#store.governance.appendAudit({ at, actor: by, action, target, outcome, detail });
  }

  #state() {
    return this.#store.state(OWN_STATE, POLICY_STATE);
  }
}

function activeState(kept: KeptVersion): JsonObject {
  return {
    ...kept,
    layers: kept.layers.map((layer) => ({
      ...layer,
      signatures: layer.signatures.map((one) => ({ ...one })),
    })),
  };
}

function floorsOf(layers: readonly PolicyLayer[], { layers: loaded }: CompiledPolicy): JsonObject {
  return Object.fromEntries(
    loaded.flatMap(({ policy }, index) => {
      const layer = layers[index];
      if (layer === undefined || layer.isPreset) return [];
      const { name, version } = policy.metadata;
      return [[`${FLOOR}${name}`, { version, digest: digestOf(layer.text) }]];
    }),
  );
}
