import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discover } from '../../agent/registry/discover.ts';
import type { AdmittedRead, Observed } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import type { Head } from '../../evidence/chain.ts';
import { envelopes } from '../../evidence/envelope.ts';
import type { Envelope } from '../../evidence/item.ts';
import { Ledger } from '../../evidence/ledger.ts';
import { countItems } from '../../evidence/manifest.ts';
import { type Sealed, seal } from '../../evidence/seal.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import type { Store } from '../../evidence/store/store.ts';
import { EMPTY_HEAD, sampleKeys } from '../../evidence/testing/samples.ts';
import { admit, GOOD_STANDING, isDenied } from '../../policies/admit.ts';
import { type Gate, isWithheld, makeGate } from '../../policies/clear.ts';
import type { Cleared } from '../../policies/cleared.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { loadPolicies } from '../../policies/load.ts';
import type { Limits } from './limits.ts';
import { print, rate, ratePrepared } from './measure.ts';
import { multiply, type Sample } from './records.ts';

const BATCH = 1_000;
const NOW = '2026-11-21T01:00:00.000Z';
const KEYS = sampleKeys();
const AGENT = { name: 'exhibit', version: '0.1.0', build: `sha256:${'b'.repeat(64)}`, identity: 'bench' };

export interface Pipeline {
  /** Those of reads that the standard policy admits: some need a flag that nobody sets by default. */
  admitted(samples: readonly Sample[]): readonly Sample[];
  /** admit → clear → envelope of one batch. */
  envelop(records: readonly { read: AdmittedRead; record: Observed }[]): Envelope[];
  seal(batch: readonly Envelope[], head: Head): Promise<Sealed>;
}

export async function makePipeline(): Promise<Pipeline> {
  const { definitions } = await discover();
  const { policy } = compilePolicy(
    definitions.map(({ manifest }) => manifest),
    await loadPolicies(['standard']),
    { now: NOW },
  );
  const proven = new Map(
    [...policy.of('bench').reads.keys()].map((name) => [name, `sha256:${'0'.repeat(64)}`]),
  );
  const gate: Gate = makeGate({
    policy,
    keyed: makeKeyed(epochOf(Buffer.alloc(32, 7), '2026-11-01T00:00:00.000Z'), 'bench', canonicalize),
  });
  const policyId = { digest: policy.digest, version: policy.version };
  const run = {
    tenant: 'bench',
    connection: 'bench',
    connector: 'bench@1.0.0',
    read: 'bench',
    readDigest: `sha256:${'0'.repeat(64)}`,
    run: '2f4b5c1e-1111-4222-8333-444455556666',
    policy: policyId,
  };
  const admission = (read: AdmittedRead) =>
    admit({ ...read, mode: 'full' }, { policy, proven, standing: GOOD_STANDING, now: NOW });
  return {
    admitted: (samples) => samples.filter(({ read }) => !isDenied(admission(read))),
    envelop(records) {
      const cleared: Cleared[] = [];
      // A read is admitted once for each run, and a batch holds what one run of it found.
      const admitted = new Map<AdmittedRead, AdmittedRead>();
      for (const { read, record } of records) {
        const result = gate.clear(record, admitted.get(read) ?? admitOnce(read), NOW);
        if (isWithheld(result)) throw new Error(`withheld: ${result.withheld} ${result.stream}`);
        cleared.push(result);
      }
      function admitOnce(read: AdmittedRead): AdmittedRead {
        const found = admission(read);
        if (isDenied(found)) throw new Error(`denied: ${found.reason}`);
        admitted.set(read, found);
        return found;
      }
      const completeness = { state: 'complete', read: records.length, expected: null, reason: null } as const;
      return envelopes(cleared, run, {
        observedAt: NOW,
        completeness,
        cost: { durationMs: 8, rows: 12, bytes: 2214, calls: 1 },
      });
    },
    seal: (batch, head) =>
      seal(batch, {
        tenant: 'bench',
        purpose: 'run',
        head,
        window: { from: '2026-11-21T00:00:00.000Z', to: NOW },
        createdAt: NOW,
        agent: AGENT,
        privileges: () => null,
        policy: policyId,
        counts: countItems(
          batch.map(({ item }) => item),
          { denied: 0 },
        ),
        keys: KEYS,
      }),
  };
}

export async function benchPipeline(all: readonly Sample[], limits: Limits): Promise<void> {
  const pipeline = await makePipeline();
  const samples = pipeline.admitted(all);
  const records = multiply(samples, BATCH);
  const batch = pipeline.envelop(records);
  const bytes = batch.reduce((sum, { canonical }) => sum + Buffer.byteLength(canonical), 0) / BATCH;

  const withoutStore = await rate(BATCH, () => pipeline.seal(pipeline.envelop(records), EMPTY_HEAD), 1.5);
  const limit =
    1 / (bytes / 1e6 / limits.sha256 + bytes / 1e6 / limits.jsonStringify + 1 / limits.sign / BATCH);
  print({
    name: 'pipeline.without_store',
    value: withoutStore,
    unit: 'items/s',
    target: 50_000,
    limit: 'one SHA-256 and one JSON.stringify an item, one signature a batch',
    ratio: withoutStore / limit,
    note: `${Math.round(bytes)} bytes an item, batches of ${BATCH}`,
  });

  await inTemporaryStore(async (store) => {
    const ledger = new Ledger({ store });
    let from = 0;
    const withStore = await ratePrepared(
      BATCH,
      () => multiply(samples, BATCH, (from += BATCH)),
      (records) =>
        ledger.commit(pipeline.envelop(records), undefined, (fresh, head) => pipeline.seal(fresh, head)),
      2,
    );
    print({
      name: 'pipeline.with_store',
      value: withStore,
      unit: 'items/s',
      target: 20_000,
      note: 'durable: one fsynced transaction a batch',
    });
  });
}

export async function inTemporaryStore<T>(work: (store: Store, directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-bench-'));
  const store = await openSqliteStore({ path: join(directory, 'evidence.db') });
  try {
    return await work(store, directory);
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
}
