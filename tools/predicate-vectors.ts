import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLedgerOf, rangeOf } from '../evidence/account/bundle-ledger.ts';
import { type BundleParts, bundleOf, partDigests } from '../evidence/bundle/assemble.ts';
import { type BundleMaterial, bundleMaterial } from '../evidence/bundle/material.ts';
import { VERIFY_TEXT } from '../evidence/bundle/verify-text.ts';
import { writableOf } from '../evidence/bundle/writable.ts';
import { writeBundle } from '../evidence/bundle/write.ts';
import { canonicalize } from '../evidence/canonical-json.ts';
import { contentsText } from '../evidence/contents.ts';
import { digestOf, hexOf } from '../evidence/digest.ts';
import { disclosureOf } from '../evidence/disclose/disclosure.ts';
import { pae } from '../evidence/dsse.ts';
import { appendLeaf } from '../evidence/log/frontier.ts';
import type { Logged } from '../evidence/logged.ts';
import { nodeHash } from '../evidence/merkle.ts';
import { type Receipt, signReceipt } from '../evidence/receipt.ts';
import { contentsOf, type Sealed, seal } from '../evidence/seal.ts';
import { attestation as attestationSchema } from '../evidence/sigstore.ts';
import {
  headAfter,
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../evidence/testing/samples.ts';
import { SampleHistory } from '../evidence/trust/testing/sample-history.ts';
import { trustedRoot } from '../evidence/trust/trusted-root.ts';

/**
 * Makes the test vectors of docs/predicate anew, with new keys whose private halves are thrown away: a log of three
 * leaves, which are the manifest of a run, that of a bundle, and a receipt. Run it when the format changes; signatures
 * differ each time.
 */

const FOLDER = fileURLToPath(new URL('../docs/predicate/vectors/', import.meta.url));
const DISCLOSED = 5;
const RECEIPT: Receipt = {
  schema: 'exhibit.receipt/v1',
  kind: 'expiry',
  tenant: 'acme',
  agent: { name: 'exhibit', version: '0.1.0' },
  createdAt: '2026-11-21T00:16:00.000Z',
  by: 'agent',
  reason: 'retention',
  rules: [{ classes: ['state'], olderThan: '2026-10-21T00:00:00.000Z' }],
  items: 12,
  byClass: { state: 12 },
  bundles: 1,
  occurred: { from: '2026-09-01T00:00:00.000Z', to: '2026-10-20T00:00:00.000Z' },
};

const files = new Map<string, string | Uint8Array>();
const keys = sampleKeys();

const run = await seal(sampleEnvelopes(11), sampleContext(sampleEnvelopes(11), keys));
const afterRun = headAfter(run);
const history = await SampleHistory.begin(keys.signer, '2026-11-01T00:00:00.000Z', keys.checkpointSigner);
const selected = sampleEnvelopes(11).slice(2, 7);
const ledger = bundleLedgerOf(
  [{ sequence: 1, digest: run.digest, first: 1, items: 11, kept: 9, expired: 2 }],
  new Map([[run.digest, selected.length]]),
);
const parts: BundleParts = { ...SAMPLE_PARTS, ledger, material: materialOf(history) };
const bundle = await seal(
  selected,
  sampleBundleContext(selected, keys, { head: afterRun, range: rangeOf(ledger), parts: partDigests(parts) }),
);
const documents = bundleOf(bundle, parts, sampleProofs(bundle));
const afterBundle = { ...headAfter(bundle, afterRun), log: appendLeaf(afterRun.log, bundle.logged.leaf) };
const receipt = await signReceipt(RECEIPT, { keys, head: afterBundle });

files.set('evidence.pub', keys.signer.publicKeyPem);
files.set('log.vkey', `${keys.checkpointSigner.vkey}\n`);
files.set('key-history.json', history.text());
files.set('trusted_root.json', trustedRoot(history.history, []));
addSigned('run', 'manifest', run.canonical, run);
addSigned('bundle', 'manifest', bundle.canonical, bundle);
addSigned('receipt', 'receipt', receipt.canonical, receipt);
files.set('run/contents.json', contentsText(contentsOf(run.items)));
files.set('bundle/bundle.json', await jsonOf());
addItem(run);
// The tree of one leaf begins the tree of three: its proof is the second leaf and the third.
files.set('log/consistency-1-3.json', canonicalize([bundle.logged.leaf, receipt.logged.leaf].map(base64)));
files.set('log/leaves.json', canonicalize([run, bundle, receipt].map(({ logged }) => base64(logged.leaf))));

for (const [name, content] of files) {
  const file = path.join(FOLDER, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}
await writeFile(path.join(FOLDER, 'index.json'), `${JSON.stringify(indexOf(), null, 2)}\n`);
console.log(`wrote ${files.size + 1} files to ${FOLDER}`);

function materialOf(known: SampleHistory): BundleMaterial {
  return bundleMaterial.parse({
    keyHistory: JSON.parse(known.text()),
    logKey: keys.checkpointSigner.vkey,
    publicKeys: [keys.signer.publicKeyPem],
    trustedRoot: JSON.parse(trustedRoot(known.history, [])),
    verify: VERIFY_TEXT,
  });
}

function addSigned(
  folder: string,
  name: 'manifest' | 'receipt',
  canonical: string,
  { attestation, logged }: { readonly attestation: string; readonly logged: Logged },
): void {
  const { dsseEnvelope } = attestationSchema.parse(JSON.parse(attestation));
  const statement = Buffer.from(dsseEnvelope.payload, 'base64');
  files.set(`${folder}/${name}.json`, canonical);
  files.set(`${folder}/${name}.sigstore.json`, attestation);
  files.set(`${folder}/statement.json`, statement);
  files.set(`${folder}/statement.pae`, pae(dsseEnvelope.payloadType, statement));
  files.set(`${folder}/signature.der`, Buffer.from(dsseEnvelope.signatures[0].sig, 'base64'));
  files.set(`${folder}/log-entry.json`, logged.entry);
  files.set(`${folder}/checkpoint`, logged.note);
}

function addItem({ items, attestation }: Sealed): void {
  const { canonical = '', salt = '' } = items[DISCLOSED] ?? {};
  const leaves = items.map(({ leaf }) => Buffer.from(hexOf(leaf), 'hex'));
  files.set('item/item.json', canonical);
  files.set('item/salt.hex', `${salt}\n`);
  files.set(
    'item/disclosure.json',
    disclosureOf(attestation, leaves, [{ index: DISCLOSED, canonical, salt }]),
  );
}

async function jsonOf(): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const block of writeBundle(writableOf(documents), 'json')) blocks.push(block);
  return Buffer.concat(blocks);
}

/** What a reader should arrive at. */
function indexOf() {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const root = nodeHash(nodeHash(run.logged.leaf, bundle.logged.leaf), receipt.logged.leaf);
  return {
    origin: keys.checkpointSigner.name,
    keyId: keys.signer.keyId,
    leaves: [run, bundle, receipt].map(({ logged }) => hex(logged.leaf)),
    roots: [1, 2, 3].map((size) => hex(rootOf(size, root))),
    itemsRoots: { run: run.manifest.itemsRoot, bundle: bundle.manifest.itemsRoot },
    item: { index: DISCLOSED, leaf: run.items[DISCLOSED]?.leaf, of: run.items.length },
    files: Object.fromEntries([...files].map(([name, content]) => [name, digestOf(content)])),
  };
}

function rootOf(size: number, three: Uint8Array): Uint8Array {
  if (size === 1) return run.logged.leaf;
  return size === 2 ? nodeHash(run.logged.leaf, bundle.logged.leaf) : three;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
