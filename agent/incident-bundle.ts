import type { Clock, JsonObject, Window } from '../connectors/sdk/index.ts';
import type { ListedConnection } from '../evidence/account/account.ts';
import { bundleLedgerOf, rangeOf } from '../evidence/account/bundle-ledger.ts';
import { bundleOf, partDigests } from '../evidence/bundle/assemble.ts';
import { MAX_JSON_BYTES } from '../evidence/bundle/limits.ts';
import { proofsOf } from '../evidence/bundle/proofs.ts';
import { jsonBundle } from '../evidence/bundle/write.ts';
import type { Head } from '../evidence/chain.ts';
import { reopenEnvelopes } from '../evidence/envelope.ts';
import { assembleBundle } from '../evidence/incident/assemble.ts';
import type { Envelope } from '../evidence/item.ts';
import type { SealedBundle } from '../evidence/ledger.ts';
import type { EvidenceScope } from '../evidence/manifest.ts';
import type { Incident, Store } from '../evidence/store/store.ts';
import { AgentError } from './errors.ts';
import { inScope } from './incident-scope.ts';
import type { Sealing } from './sealing.ts';

export interface IncidentBundleDeps {
  readonly store: Store;
  readonly sealing: Sealing;
  readonly saltKey: Uint8Array;
  /** What helps to check a bundle: public keys, their history, the trusted root. Nobody has to believe it. */
  readonly material: () => JsonObject;
  /** What is configured to be read; a bundle lists what is within its scope, also where nothing was found. */
  readonly configured?: () => Promise<readonly ListedConnection[]>;
  readonly clock: Clock;
}

/** A bundle of more items than this is of no use to anybody, and would not fit into memory twice. */
const MAX_BUNDLE_ITEMS = 100_000;
/** Salt and frame of an item, and its entry in the list of contents. */
const BYTES_AROUND_ITEM = 200;
/** Manifest, attestation and proofs. */
const BYTES_OF_REST = 8 * 1024 ** 2;
const PAGE = 1_000;

/**
 * Seals what is stored of an incident: collect → account → assemble → seal → prove. Throws AgentError CONFLICT when it
 * is too much for one bundle; nothing is sealed then.
 */
export async function sealIncident(
  incident: Incident,
  spans: readonly [Window, ...Window[]],
  head: Head,
  deps: IncidentBundleDeps,
): Promise<SealedBundle> {
  const { sealing, store, material, clock } = deps;
  const { envelopes, manifests } = await collect(incident, spans, deps);
  const ledger = bundleLedgerOf(await store.fates([...manifests.keys()]), manifests);
  const items = envelopes.map(({ item }) => item);
  const parts = { ...assembleBundle(incident, items), ledger, material: material() };
  // Before anything is sealed: a manifest that nobody can be given would stay in the log.
  assertFits(envelopes, parts);
  const sealed = await sealing.bundle(envelopes, head, {
    window: { from: spans[0].from, to: spans.at(-1)?.to ?? spans[0].to },
    scope: scopeOf(incident),
    configured: await configuredFor(incident, deps),
    range: rangeOf(ledger),
    parts: partDigests(parts),
  });
  return {
    sealed,
    finish: async () => {
      const proofs = await proofsOf(store.log, sealed.logged, incident.openedAt);
      const bytes = await jsonBundle(bundleOf(sealed, parts, proofs));
      const createdAt = clock.now().toISOString();
      return { incident: incident.id, manifest: sealed.digest, createdAt, bytes };
    },
  };
}

interface Collected {
  readonly envelopes: readonly Envelope[];
  /** How many come from each manifest, by its digest. */
  readonly manifests: ReadonlyMap<string, number>;
}

/** Everything stored of the incident's spans and scope. */
async function collect(
  incident: Incident,
  spans: readonly Window[],
  { store, saltKey }: IncidentBundleDeps,
): Promise<Collected> {
  const envelopes: Envelope[] = [];
  const manifests = new Map<string, number>();
  for (const span of spans) {
    let cursor: string | undefined;
    do {
      const page = await store.query({ ...span, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const [index, envelope] of reopenEnvelopes(page.items, saltKey).entries()) {
        if (!inScope(envelope.item, incident.scope)) continue;
        envelopes.push(envelope);
        const manifest = page.items[index]?.manifest ?? '';
        manifests.set(manifest, (manifests.get(manifest) ?? 0) + 1);
      }
      if (envelopes.length > MAX_BUNDLE_ITEMS) throw tooMuch(`more than ${MAX_BUNDLE_ITEMS} items`);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }
  return { envelopes, manifests };
}

async function configuredFor(
  { scope }: Incident,
  { configured }: IncidentBundleDeps,
): Promise<readonly ListedConnection[]> {
  const all = (await configured?.()) ?? [];
  return all.filter(({ id }) => scope['connection']?.includes(id) ?? true);
}

function scopeOf({ scope }: Incident): EvidenceScope {
  return Object.fromEntries(Object.entries(scope).map(([dimension, names]) => [dimension, [...names]]));
}

function assertFits(envelopes: readonly Envelope[], parts: object): void {
  let bytes = Buffer.byteLength(JSON.stringify(parts)) + BYTES_OF_REST;
  for (const { canonical } of envelopes) bytes += Buffer.byteLength(canonical) + BYTES_AROUND_ITEM;
  if (bytes > MAX_JSON_BYTES) throw tooMuch(`more than ${MAX_JSON_BYTES} bytes of evidence`);
}

function tooMuch(what: string): AgentError {
  return new AgentError('CONFLICT', `the incident has ${what}`, {
    hint: 'Open one with a shorter window or a narrower scope (connection, namespace, database, repository).',
  });
}
