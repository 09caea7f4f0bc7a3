import type { At, Timestamp, Window } from '../connectors/sdk/index.ts';
import { accountOf, type ListedConnection, type Range, rangeAfter } from './account/account.ts';
import type { PrivilegeAccount } from './account/schema.ts';
import { attest, type Timestamping } from './attest.ts';
import { canonicalize } from './canonical-json.ts';
import type { Head } from './chain.ts';
import { contentsDigest } from './contents.ts';
import { digestOf } from './digest.ts';
import { signPayload } from './dsse.ts';
import { isEnvelope } from './envelope.ts';
import { EvidenceError } from './errors.ts';
import type { Envelope, Item } from './item.ts';
import { leafDigest, SaltedLeaves } from './leaf.ts';
import { RootHasher } from './leaf-bytes.ts';
import { frontierRoot } from './log/frontier.ts';
import type { Logged } from './logged.ts';
import {
  type ContentsEntry,
  contradictedCounts,
  type EvidenceScope,
  MANIFEST_SCHEMA,
  MAX_ITEMS,
  type Manifest,
  type ManifestAgent,
  type ManifestCounts,
  manifest as manifestSchema,
} from './manifest.ts';
import type { SigningKeys } from './sign/signer.ts';
import { statementOf } from './statement.ts';

const MIN_SALT_KEY_BYTES = 32;

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
  /** The leaf of the log that the attestation proves to be there. */
  readonly logged: Logged;
  /** In the manifest's order. */
  readonly items: readonly SealedItem[];
}

export type Sealed = At<'sealed', SealedBatch>;

export interface SealKeys extends SigningKeys {
  /** At least 32 bytes, the same for the life of a tenant: equal items keep equal leaves. */
  readonly saltKey: Uint8Array;
}

export interface SealContext {
  readonly tenant: string;
  readonly purpose: 'run' | 'bundle';
  readonly head: Head;
  readonly window: Window;
  readonly createdAt: Timestamp;
  readonly agent: ManifestAgent;
  /** In force. */
  readonly policy: { readonly digest: string; readonly version: string };
  /** Made with `countItems()`; what the items contradict is refused. */
  readonly counts: ManifestCounts;
  /** What is known of the rights of a connection's account. */
  readonly privileges: (connection: string) => PrivilegeAccount | null;
  /** Of a bundle: its incident's; without it, everything. */
  readonly scope?: EvidenceScope;
  /** Of a bundle: what the agent reads within that scope. */
  readonly configured?: readonly ListedConnection[];
  /** Of a bundle: the numbers it accounts for. A run's items get the next ones. */
  readonly range?: Range;
  /** Digests of a bundle's other parts; the list of its contents is added. */
  readonly parts?: Readonly<Record<string, string>>;
  readonly keys: SealKeys;
  readonly timestamp?: Timestamping;
}

/**
 * Puts items under one signed manifest. The same envelopes and context give the same manifest, byte for byte, in
 * whatever order they come; only the signature differs (ECDSA is randomised).
 *
 * Throws NOT_CLEARED for an envelope that did not come through the gates, MANIFEST for one that is there twice or a
 * context that makes no valid manifest, KEY or LOG when signing fails.
 */
export async function seal(envelopes: readonly Envelope[], context: SealContext): Promise<Sealed> {
  const ordered = inManifestOrder(envelopes);
  const root = new RootHasher();
  const items = sealItems(ordered, context.keys.saltKey, root);
  const manifest = manifestOf(items, root.digest(), context);
  assertManifest(manifest, ordered);

  const canonical = canonicalize(manifest);
  const digest = digestOf(canonical);
  const signed = await signPayload(Buffer.from(statementOf(manifest, digest)), context.keys.signer);
  const batch: SealedBatch = { manifest, canonical, digest, items, ...(await attest(signed, context)) };
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

function sealItems(
  envelopes: readonly Envelope[],
  saltKey: Uint8Array,
  root: RootHasher,
): readonly SealedItem[] {
  if (saltKey.length < MIN_SALT_KEY_BYTES) {
    throw new EvidenceError('KEY', `the salt key is shorter than ${MIN_SALT_KEY_BYTES} bytes`, {
      hint: 'Short keys would let leaves be guessed. Make 32 random bytes.',
    });
  }
  const leaves = new SaltedLeaves(saltKey);
  return envelopes.map(({ item, canonical }) => {
    const { salt, leaf, raw } = leaves.of(canonical);
    root.add(raw);
    return { item, canonical, salt, leaf };
  });
}

function manifestOf(items: readonly SealedItem[], itemsRoot: string, context: SealContext): Manifest {
  const { head, purpose, tenant, window, createdAt, agent, policy, privileges, counts, parts } = context;
  const { range = rangeAfter(head.lastItem, items.length), configured = [], scope = {} } = context;
  const account = accountOf(
    items.map(({ item }) => item),
    { range, policy, privileges, configured },
  );
  return {
    agent,
    connections: [...account.connections],
    counts,
    createdAt,
    itemsRoot,
    ledger: account.ledger,
    log: {
      index: head.log.size,
      origin: context.keys.checkpointSigner.name,
      root: leafDigest(frontierRoot(head.log)),
    },
    ...(parts === undefined ? {} : partsOf(parts, items, context)),
    policies: [...account.policies],
    previous: head.manifest?.digest ?? null,
    purpose,
    redactions: [...account.redactions],
    schema: MANIFEST_SCHEMA,
    scope: purpose === 'run' ? null : scope,
    sequence: (head.manifest?.sequence ?? 0) + 1,
    tenant,
    window: { from: window.from, to: window.to },
  };
}

/** The nonce is derived like the salts, so that the same bundle gives the same bytes. */
function partsOf(
  parts: Readonly<Record<string, string>>,
  items: readonly SealedItem[],
  { keys, head }: SealContext,
): Required<Pick<Manifest, 'nonce' | 'parts'>> {
  const all = { ...parts, contents: contentsDigest(contentsOf(items)) };
  const nonceOf = canonicalize({ nonceOf: all, previous: head.manifest?.digest ?? null });
  return { nonce: new SaltedLeaves(keys.saltKey).of(nonceOf).salt, parts: all };
}

/** The list that a bundle of these items carries. */
export function contentsOf(items: readonly SealedItem[]): readonly ContentsEntry[] {
  return items.map(({ item, leaf }) => ({ id: item.id, leaf }));
}

/** Checks what came from outside; the items' own ids and leaves were just made. */
function assertManifest(manifest: Manifest, envelopes: readonly Envelope[]): void {
  if (envelopes.length > MAX_ITEMS) {
    throw new EvidenceError('MANIFEST', `a manifest can not hold ${envelopes.length} items`, {
      hint: `Seal at most ${MAX_ITEMS} at a time, or narrow the window.`,
    });
  }
  const issue = manifestSchema.safeParse(manifest).error?.issues[0];
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
