import { createSecretKey, type KeyObject } from 'node:crypto';
import type { At, Timestamp, Window } from '../connectors/sdk/index.ts';
import { canonicalize } from './canonical-json.ts';
import type { ChainHead } from './chain.ts';
import { digestOf } from './digest.ts';
import { signPayload } from './dsse.ts';
import { isEnvelope } from './envelope.ts';
import { EvidenceError } from './errors.ts';
import type { Envelope, Item } from './item.ts';
import { hex, leafDigest, saltedLeaf } from './leaf.ts';
import {
  contradictedCounts,
  MANIFEST_SCHEMA,
  MAX_ITEMS,
  type Manifest,
  type ManifestCounts,
  manifest as manifestSchema,
} from './manifest.ts';
import { merkleRoot } from './merkle.ts';
import type { Signer } from './sign/signer.ts';
import { attestationOf } from './sigstore.ts';
import { statementOf } from './statement.ts';

export interface SealedItem {
  readonly item: Item;
  /** RFC 8785 form. */
  readonly canonical: string;
  /** 128 bits in hexadecimal. */
  readonly salt: string;
  /** `sha256:<hex>` over 0x00, salt and canonical bytes. */
  readonly leaf: string;
}

export interface SealedBatch {
  readonly manifest: Manifest;
  /** manifest.json in RFC 8785 form. */
  readonly canonical: string;
  /** `sha256:<hex>` of `canonical`. */
  readonly digest: string;
  /** Sigstore bundle v0.3 over the in-toto Statement about the manifest, in RFC 8785 form. */
  readonly attestation: string;
  /** In the manifest's order. */
  readonly items: readonly SealedItem[];
}

export type Sealed = At<'sealed', SealedBatch>;

export interface SealKeys {
  readonly signer: Signer;
  /** At least 32 bytes, the same for the life of a tenant: equal items keep equal leaves. */
  readonly saltKey: Uint8Array;
}

export interface SealContext {
  readonly tenant: string;
  readonly purpose: 'run' | 'bundle';
  /** What the new manifest follows; null before the first. */
  readonly head: ChainHead | null;
  readonly window: Window;
  readonly createdAt: Timestamp;
  readonly agent: { readonly name: string; readonly version: string };
  readonly policy: { readonly digest: string; readonly version: string };
  /** Made with `countItems()`; what the items contradict is refused. */
  readonly counts: ManifestCounts;
  /** Digests of a bundle's other parts. */
  readonly parts?: Readonly<Record<string, string>>;
  readonly keys: SealKeys;
}

/**
 * Puts items under one signed manifest. The same envelopes and context give the same manifest, byte for byte, in
 * whatever order they come; only the signature differs (ECDSA is randomised).
 *
 * Throws NOT_CLEARED for an envelope that did not come through the gates, MANIFEST for one that is there twice or a
 * context that makes no valid manifest, KEY when signing fails.
 */
export async function seal(envelopes: readonly Envelope[], context: SealContext): Promise<Sealed> {
  const ordered = inManifestOrder(envelopes);
  const saltKey = readSaltKey(context.keys.saltKey);
  const leaves: Uint8Array[] = [];
  const items = ordered.map((envelope) => sealItem(envelope, saltKey, leaves));
  const manifest = manifestOf(items, leafDigest(merkleRoot(leaves)), context);
  assertManifest(manifest, ordered);

  const canonical = canonicalize(manifest);
  const digest = digestOf(canonical);
  const { signer } = context.keys;
  const signed = await signPayload(Buffer.from(statementOf(manifest, digest)), signer);
  const attestation = attestationOf(signed, signer.keyId);
  const batch: SealedBatch = { manifest, canonical, digest, attestation, items };
  return batch as Sealed;
}

/** By time of occurrence, then id. */
function inManifestOrder(envelopes: readonly Envelope[]): readonly Envelope[] {
  const ids = new Set<string>();
  for (const envelope of envelopes) {
    if (!isEnvelope(envelope)) {
      throw new EvidenceError('NOT_CLEARED', 'an item that did not pass the policy gates can not be sealed');
    }
    if (ids.has(envelope.item.id)) {
      throw new EvidenceError('MANIFEST', `the item ${envelope.item.id} is there twice`, {
        hint: 'The same fact has the same id: seal it once.',
      });
    }
    ids.add(envelope.item.id);
  }
  return envelopes.toSorted(
    ({ item: a }, { item: b }) => compare(a.occurredAt, b.occurredAt) || compare(a.id, b.id),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function readSaltKey(bytes: Uint8Array): KeyObject {
  if (bytes.length >= 32) return createSecretKey(bytes);
  throw new EvidenceError('KEY', 'the salt key is shorter than 32 bytes', {
    hint: 'Short keys would let leaves be guessed. Make 32 random bytes.',
  });
}

function sealItem({ item, canonical }: Envelope, saltKey: KeyObject, leaves: Uint8Array[]): SealedItem {
  const { salt, leaf } = saltedLeaf(canonical, saltKey);
  leaves.push(leaf);
  return { item, canonical, salt: hex(salt), leaf: leafDigest(leaf) };
}

function manifestOf(items: readonly SealedItem[], itemsRoot: string, context: SealContext): Manifest {
  const { head, purpose, tenant, window, createdAt, agent, policy, counts, parts } = context;
  // Members in the order of RFC 8785: long lists are written several times faster that way.
  return {
    agent: { name: agent.name, version: agent.version },
    counts: { denied: counts.denied, dropped: counts.dropped, kept: counts.kept, treated: counts.treated },
    createdAt,
    items: items.map(({ item, leaf }) => ({ id: item.id, leaf })),
    itemsRoot,
    ...(parts === undefined ? {} : { parts: { ...parts } }),
    policy: { digest: policy.digest, version: policy.version },
    previous: head?.digest ?? null,
    purpose,
    schema: MANIFEST_SCHEMA,
    sequence: (head?.sequence ?? 0) + 1,
    tenant,
    window: { from: window.from, to: window.to },
  };
}

/** Checks what came from outside; the items' own ids and leaves were just made. */
function assertManifest(manifest: Manifest, envelopes: readonly Envelope[]): void {
  if (envelopes.length > MAX_ITEMS) {
    throw new EvidenceError('MANIFEST', `a manifest can not hold ${envelopes.length} items`, {
      hint: `Seal at most ${MAX_ITEMS} at a time, or narrow the window.`,
    });
  }
  const issue = manifestSchema.safeParse({ ...manifest, items: [] }).error?.issues[0];
  if (issue !== undefined) {
    throw new EvidenceError('MANIFEST', `manifest.${issue.path.join('.')}: ${issue.message}`);
  }
  const contradicted = contradictedCounts(
    manifest.counts,
    envelopes.map(({ item }) => item),
  );
  if (contradicted.length > 0) {
    throw new EvidenceError('MANIFEST', `the items contradict counts.${contradicted.join(', counts.')}`, {
      hint: 'Make the counts with countItems().',
    });
  }
}
