import { randomBytes } from 'node:crypto';
import { sha256 } from '../../../evidence/digest.ts';
import { leafHashOfEntry } from '../../../evidence/log/entry.ts';
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../../../evidence/log/frontier.ts';
import { proveConsistency, proveInclusion, treeRoot } from '../../../evidence/log/proofs.ts';
import { type TreeHead, verifyConsistency, verifyInclusion } from '../../../evidence/merkle.ts';
import type { Sealed } from '../../../evidence/seal.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { EMPTY_HEAD } from '../../../evidence/testing/samples.ts';
import { print, rate, ratePrepared } from '../measure.ts';
import { inTemporaryStore, makePipeline, type Pipeline } from '../pipeline.ts';
import { multiply, type Sample } from '../records.ts';
import { benchBundles } from './bundles.ts';
import { type OpensslSpeed, opensslSpeed } from './openssl.ts';

/** Items of one manifest: what a busy read finds. */
const BATCH = 500;

/** Sealing, the log, proofs, and bundles of all sizes in all forms, each beside what OpenSSL can do. */
export async function benchEvidence(all: readonly Sample[]): Promise<void> {
  const speed = await opensslSpeed();
  const pipeline = await makePipeline();
  const samples = pipeline.admitted(all);
  await benchSeal(pipeline, samples, speed);
  await benchHashing();
  await inTemporaryStore((store) => benchDurable(pipeline, samples, store));
  await benchBundles(
    pipeline.envelop(multiply(samples, 1_000)).map(({ canonical }) => canonical),
    speed,
  );
}

async function benchSeal(pipeline: Pipeline, samples: readonly Sample[], speed: OpensslSpeed): Promise<void> {
  const batch = pipeline.envelop(multiply(samples, BATCH));
  const bytes = batch.reduce((sum, { canonical }) => sum + Buffer.byteLength(canonical), 0);
  let sealed: Sealed | undefined;
  const manifests = await rate(
    1,
    async () => {
      sealed = await pipeline.seal(batch, EMPTY_HEAD);
    },
    1.5,
  );
  // Of each item a salt (an HMAC: its bytes once more) and a leaf; of the manifest two signatures, each looked at.
  const limit = 1 / ((2 * bytes) / speed.sha256 + 2 / speed.sign + 2 / speed.verify);
  print({
    name: 'evidence.seal',
    value: manifests,
    unit: 'manifests/s',
    target: 800,
    limit: 'two SHA-256 of every item, two signatures made and verified',
    ratio: manifests / limit,
    note: `${BATCH} items of ${Math.round(bytes / BATCH)} bytes, manifest of ${sealed?.canonical.length ?? 0} bytes, with its entry of the log`,
  });
}

async function benchHashing(): Promise<void> {
  // As long as the entry of a P-256 signature is.
  const entry = randomBytes(480);
  let frontier: Frontier = emptyFrontier;
  const appended = await rate(1_000, () => {
    for (let index = 0; index < 1_000; index += 1) {
      entry.writeUInt32BE(index);
      frontier = appendLeaf(frontier, leafHashOfEntry(entry));
    }
    return frontierRoot(frontier);
  });
  print({
    name: 'evidence.log.append',
    value: appended,
    unit: 'leaves/s',
    target: 100_000,
    note: 'hashing: entry, path, and a root for each thousand',
  });
}

async function benchDurable(pipeline: Pipeline, samples: readonly Sample[], store: Store): Promise<void> {
  let from = 0;
  const durable = await ratePrepared(
    1,
    () => pipeline.envelop(multiply(samples, 1, (from += 1))),
    async (batch) => store.append(await pipeline.seal(batch, await store.head())),
    1.5,
  );
  print({
    name: 'evidence.log.durable',
    value: durable,
    unit: 'leaves/s',
    note: 'a manifest of one item sealed, logged and fsynced, one after the other',
  });
  await benchProofs(store);
}

async function benchProofs({ log }: Store): Promise<void> {
  const size = await log.size();
  const note = (await log.checkpoint()) ?? '';
  const heads = await Promise.all([Math.ceil(size / 3), size].map((leaves) => headOf(log, leaves)));
  const [older, newer] = heads;
  if (older === undefined || newer === undefined || note === '') throw new Error('the log is empty');
  let index = 0;
  const next = () => (index = (index + 7_919) % size);
  const included = await rate(1, () => proveInclusion(log, next(), size));
  const consistent = await rate(1, () => proveConsistency(log, 1 + (next() % (size - 1)), size));
  print({
    name: 'evidence.prove.inclusion',
    value: included,
    unit: '1/s',
    note: `from the store, ${size} leaves`,
  });
  print({ name: 'evidence.prove.consistency', value: consistent, unit: '1/s', note: 'the same' });

  const proof = await proveInclusion(log, 0, size);
  const entry = await log.entry(0);
  const leaf = leafHashOfEntry(entry?.entry ?? sha256(''));
  const inclusion = { leaf, index: 0, size, proof, root: newer.root };
  if (!verifyInclusion(inclusion)) throw new Error('the proof does not hold');
  const checked = await rate(1, () => verifyInclusion(inclusion));
  print({
    name: 'evidence.prove.verify_inclusion',
    value: checked,
    unit: '1/s',
    note: `${proof.length} hashes`,
  });
  const between = await proveConsistency(log, older.size, size);
  if (!verifyConsistency(older, newer, between)) throw new Error('the trees are not consistent');
  const compared = await rate(1, () => verifyConsistency(older, newer, between));
  print({
    name: 'evidence.prove.verify_consistency',
    value: compared,
    unit: '1/s',
    note: `${between.length} hashes`,
  });
}

async function headOf(log: Store['log'], size: number): Promise<TreeHead> {
  return { size, root: await treeRoot(log, size) };
}
