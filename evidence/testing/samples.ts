import { type Gap, type Observed, observe } from '../../connectors/sdk/index.ts';
import { admitted, sampleField, sampleManifest, sampleRead } from '../../connectors/sdk/testing/index.ts';
import { type Gate, isWithheld, makeGate } from '../../policies/clear.ts';
import type { Cleared } from '../../policies/cleared.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { parsePolicy } from '../../policies/load.ts';
import type { ListedConnection, Range } from '../account/account.ts';
import { type BundleParts, partDigests } from '../bundle/assemble.ts';
import type { BundleProofs } from '../bundle/proofs.ts';
import { canonicalize } from '../canonical-json.ts';
import type { Head } from '../chain.ts';
import { sha256 } from '../digest.ts';
import { envelopes } from '../envelope.ts';
import type { Envelope } from '../item.ts';
import { appendLeaf, emptyFrontier, type Frontier } from '../log/frontier.ts';
import { generateNoteKey, localNoteSigner } from '../log/note.ts';
import { countItems } from '../manifest.ts';
import type { SealContext, Sealed, SealKeys } from '../seal.ts';
import { generateKeyPair, localSigner } from '../sign/local.ts';

/** Evidence for tests that came the way all evidence comes: through a gate and the envelope. */

export const SAMPLE_MANIFEST = sampleManifest({
  id: 'sample',
  version: '1.4.2',
  reads: [sampleRead('blocking')],
  streams: [
    {
      id: 'blocking',
      kind: 'sample.blocking/v1',
      description: 'Who waits for whom',
      classes: ['symptom'],
      primaryKey: ['pid'],
      cursor: null,
      fields: {
        pid: sampleField('integer', 'measurement', 'keep'),
        wait_ms: sampleField('number', 'measurement', 'keep'),
        wait_event: sampleField('token', 'enumeration', 'keep'),
        relation: sampleField('name', 'identifier', 'keep'),
        role: sampleField('text', 'person', 'pseudonymize'),
        query: sampleField('text', 'text', 'drop'),
        'holders[].pid': sampleField('integer', 'measurement', 'keep'),
      },
    },
  ],
});

const POLICY = `
apiVersion: exhibit/v1
kind: Policy
metadata: { name: sample, version: "7", description: for tests }
rules:
  - { id: metadata, description: names and numbers, streams: ["*"], classes: [identifier, measurement, enumeration] }
  - { id: people, description: pseudonyms, streams: ["*"], classes: [person], treatment: pseudonymize }
`;

const BEGIN = Date.parse('2026-11-21T00:10:00.000Z');
const READ = admitted({
  connection: 'orders-db',
  connector: 'sample',
  read: 'blocking',
  streams: ['blocking'],
});

export const SAMPLE_TENANT = 'acme';
export const SAMPLE_ORIGIN = 'acme.exhibit.internal';
export const SAMPLE_POLICY = { digest: `sha256:${'5'.repeat(64)}`, version: 'sample@7' };

/** New keys each time it is called. */
export function sampleKeys(): SealKeys & { readonly privateKeyPem: string } {
  const { privateKeyPem } = generateKeyPair();
  return {
    privateKeyPem,
    signer: localSigner(privateKeyPem),
    checkpointSigner: localNoteSigner(SAMPLE_ORIGIN, generateNoteKey()),
    saltKey: Buffer.alloc(32, 0x5a),
  };
}

/** Observations, all different, and every tenth a gap. */
export function sampleEnvelopes(count: number): Envelope[] {
  const gate = sampleGate();
  const records = Array.from({ length: count }, (_, index) => clearSample(gate, index));
  return envelopes(
    records,
    {
      tenant: SAMPLE_TENANT,
      connection: 'orders-db',
      connector: 'sample@1.4.2',
      read: 'blocking',
      readDigest: `sha256:${'6'.repeat(64)}`,
      run: 'run-0031',
      policy: SAMPLE_POLICY,
    },
    {
      observedAt: '2026-11-21T00:14:03.250Z',
      completeness: { state: 'complete', read: 12, expected: 13, reason: null },
      cost: { durationMs: 8, rows: 14, bytes: 2214, calls: 1 },
    },
  );
}

export function sampleObservation(index: number): Observed {
  return observe({
    stream: 'blocking',
    class: 'symptom',
    entity: `sample://orders-db/orders/${index % 7}`,
    related: ['kubernetes://prod/shop/Deployment/checkout'],
    key: `pid/${4000 + index}`,
    occurredAt: timeOf(index),
    body: {
      pid: 4000 + index,
      wait_ms: 812.5 + index,
      wait_event: 'transactionid',
      relation: `public.orders_${index}`,
      role: `role-${index % 3}`,
      query: 'select 1',
      holders: [{ pid: 100 + index }, { pid: 90_000 + index }],
    },
  });
}

/** Later ones first, three of them at the same time. */
function timeOf(index: number): string {
  return new Date(BEGIN - Math.floor(index / 3) * 1_000).toISOString();
}

function sampleGate(): Gate {
  const policy = parsePolicy(POLICY, 'policy.yaml');
  if ('problems' in policy) throw new Error('the sample policy has problems');
  return makeGate({
    policy: compilePolicy([SAMPLE_MANIFEST], [policy], { now: '2026-11-21T00:00:00.000Z' }).policy,
    keyed: makeKeyed(epochOf(Buffer.alloc(32, 7), '2026-11-01T00:00:00.000Z'), SAMPLE_TENANT, canonicalize),
  });
}

function clearSample(gate: Gate, index: number): Cleared {
  const gap: Gap = { gap: 'PRIVILEGE', missing: `pg_view_${index}`, reason: 'the role lacks pg_monitor' };
  const result = gate.clear(index % 10 === 9 ? gap : sampleObservation(index), READ, timeOf(index));
  if (isWithheld(result)) throw new Error(`the sample was withheld: ${result.withheld}`);
  return result;
}

export const SAMPLE_PARTS: BundleParts = {
  incident: { id: 'inc-17', title: 'Checkout slow', openedAt: '2026-11-21T00:15:00.000Z' },
  summary: { changes: 1, symptoms: 9, gaps: 2 },
  timeline: [{ at: '2026-11-21T00:09:58.000Z', what: 'symptom' }],
  candidates: [],
  ledger: { manifests: [] },
  material: { publicKeys: [], verify: 'how to check this bundle' },
};

/** One read has found something, one found nothing, and one never ran. */
const SAMPLE_CONNECTIONS: readonly ListedConnection[] = [
  {
    id: 'orders-db',
    connector: 'sample@1.4.2',
    reads: [
      { id: 'blocking', latest: { at: '2026-11-21T00:14:03.000Z', status: 'ok' } },
      { id: 'sizes', latest: { at: '2026-11-21T00:12:00.000Z', status: 'partial' } },
    ],
  },
  { id: 'shop-repo', connector: 'sample@1.4.2', reads: [{ id: 'releases', latest: null }] },
];

/** Nothing is sealed yet. */
export const EMPTY_HEAD: Head = { manifest: null, lastItem: 0, log: emptyFrontier };

/** What follows this batch, which followed `before`. */
export function headAfter(sealed: Sealed, before: Head = EMPTY_HEAD): Head {
  const { manifest, digest, logged } = sealed;
  return {
    manifest: { sequence: manifest.sequence, digest },
    lastItem: manifest.purpose === 'run' && manifest.ledger.last > 0 ? manifest.ledger.last : before.lastItem,
    log: appendLeaf(before.log, logged.leaf),
  };
}

/** A log of that many leaves, all different. */
export function sampleFrontier(size: number): Frontier {
  let frontier = emptyFrontier;
  for (let index = 0; index < size; index += 1) frontier = appendLeaf(frontier, sha256(`leaf ${index}`));
  return frontier;
}

/** The bundle's own checkpoint alone. */
export function sampleProofs({ logged }: Sealed): BundleProofs {
  return { checkpoints: [logged.note], consistency: [] };
}

/** A context that fits these envelopes; what is given replaces what it would be. */
export function sampleContext(
  items: readonly Envelope[],
  keys: SealKeys,
  overrides: Partial<SealContext> = {},
): SealContext {
  return {
    tenant: SAMPLE_TENANT,
    purpose: 'run',
    head: EMPTY_HEAD,
    window: { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:30:00.000Z' },
    createdAt: '2026-11-21T00:15:30.500Z',
    agent: { name: 'exhibit', version: '0.1.0', build: `sha256:${'b'.repeat(64)}`, identity: 'exhibit-0' },
    policy: SAMPLE_POLICY,
    privileges: () => ({ held: ['pg_monitor'], missing: [], excess: 1 }),
    counts: countItems(
      items.map(({ item }) => item),
      { denied: 2 },
    ),
    keys,
    ...overrides,
  };
}

export function sampleBundleContext(
  items: readonly Envelope[],
  keys: SealKeys,
  overrides: Partial<SealContext> = {},
): SealContext {
  const manifest = { sequence: 41, digest: `sha256:${'e'.repeat(64)}` };
  return sampleContext(items, keys, {
    purpose: 'bundle',
    head: { manifest, lastItem: 900, log: sampleFrontier(41) },
    range: rangeOfBundle(items.length),
    scope: { connection: ['orders-db', 'shop-repo'] },
    configured: SAMPLE_CONNECTIONS,
    parts: partDigests(SAMPLE_PARTS),
    ...overrides,
  });
}

/** The items of a sample bundle, and as many numbers again that are not in it. */
function rangeOfBundle(items: number): Range {
  if (items === 0) return { first: 0, last: 0, outside: 0, expired: 0, missing: 0 };
  return { first: 501, last: 500 + items + 12, outside: 9, expired: 3, missing: 0 };
}
