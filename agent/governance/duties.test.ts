import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import { Ledger } from '../../evidence/ledger.ts';
import { seal } from '../../evidence/seal.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import type { Store } from '../../evidence/store/store.ts';
import {
  SAMPLE_MANIFEST,
  sampleContext,
  sampleEnvelopes,
  sampleKeys,
} from '../../evidence/testing/samples.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { type Keyring, liveEpoch } from '../../policies/keyring.ts';
import { layer } from '../../policies/testing/layers.ts';
import { keyPathsIn } from '../config/key-places.ts';
import { rotateEpoch } from '../secrets/key-actions.ts';
import { loadKeys, makeMissingKeys } from '../secrets/keys.ts';
import { type DutyDeps, dutiesOf } from './duties.ts';

const keys = sampleKeys();
const DAY_MS = 86_400_000;

let folder = '';
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-duties-'));
  store = await openSqliteStore({ path: path.join(folder, 'evidence.db') });
  const envelopes = sampleEnvelopes(30);
  await store.append(await seal(envelopes, sampleContext(envelopes, keys)));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function setup(now: string, retention: string, rotateAfterMs?: number) {
  const paths = keyPathsIn(folder, 'acme');
  await makeMissingKeys(paths, '2026-11-01T00:00:00.000Z');
  const agentKeys = await loadKeys(paths);
  const { keyring } = agentKeys;
  const { policy, problems } = compilePolicy([SAMPLE_MANIFEST], [layer('acme', `retention: ${retention}`)], {
    now,
  });
  expect(problems).toEqual([]);
  const handedOn: Keyring[] = [];
  let followed = 0;
  const deps: DutyDeps = {
    keyring,
    keys: agentKeys,
    ledger: new Ledger({ store }),
    store,
    tenant: 'acme',
    version: '0.1.0',
    clock: fakeClock({ at: now }),
    onChange: (changed) => void handedOn.push(changed),
    policy: () => policy,
    manifests: [SAMPLE_MANIFEST],
    rotateAfterMs,
    followKeys: async () => void (followed += 1),
  };
  return { duties: dutiesOf(deps), keyring, handedOn, paths, followed: () => followed };
}

const done = (duties: ReturnType<typeof dutiesOf>) => Promise.all(duties.map(({ run }) => run()));

describe('letting evidence expire', () => {
  it.each([
    ['younger than it may get', '2026-11-21T01:00:00.000Z', '[{ keep: 1h }]', 30],
    ['older', '2026-11-21T02:00:00.000Z', '[{ keep: 1h }]', 0],
    ['only of a class', '2026-11-21T02:00:00.000Z', '[{ keep: 1h, classes: [gap] }]', 27],
    [
      'only of a stream',
      '2026-11-21T02:00:00.000Z',
      '[{ keep: 1h, streams: [sample/*], classes: [symptom] }]',
      3,
    ],
    ['without a rule', '2027-11-21T02:00:00.000Z', '[]', 30],
  ])('%s', async (_, now, retention, left) => {
    const { duties } = await setup(now, retention);
    await done(duties);
    expect((await store.query({ limit: 100 })).items).toHaveLength(left);
    const receipts = await store.governance.receipts({ limit: 10 });
    expect(receipts.items).toHaveLength(left === 30 ? 0 : 1);
    if (left < 30) expect(receipts.items[0]?.canonical).toContain('retention of the policy acme@1');
  });
});

describe('the signing keys', () => {
  it('are followed, whatever became of the keyring', async () => {
    const { duties, followed, paths } = await setup('2026-11-21T00:00:00.000Z', '[]');
    await rm(paths.pseudonymKey);
    await Promise.allSettled(duties.map(({ run }) => run()));
    expect(followed()).toBe(1);
  });
});

describe('the keyring', () => {
  it('is rotated at its age, and handed on', async () => {
    const { duties, keyring, handedOn } = await setup('2026-11-21T00:00:00.000Z', '[]', 30 * DAY_MS);
    await done(duties);
    expect([keyring.current().epochs.length, handedOn.length]).toEqual([1, 0]);
    const later = await setup('2026-12-21T00:00:00.000Z', '[]', 30 * DAY_MS);
    await done(later.duties);
    expect(later.keyring.current().epochs).toHaveLength(2);
    expect(later.handedOn.map((ring) => liveEpoch(ring).id)).toEqual([liveEpoch(later.keyring.current()).id]);
  });

  it('is followed when it is changed from outside', async () => {
    const { duties, keyring, handedOn, paths } = await setup('2026-11-21T00:00:00.000Z', '[]');
    const outside = await loadKeys(paths);
    const epoch = await rotateEpoch(
      {
        keyring: outside.keyring,
        keys: outside,
        ledger: new Ledger({ store }),
        store,
        tenant: 'acme',
        version: '0',
        clock: fakeClock(),
      },
      'os:ana',
    );
    expect(liveEpoch(keyring.current()).id).not.toBe(epoch.id);
    await done(duties);
    expect(liveEpoch(keyring.current()).id).toBe(epoch.id);
    expect(handedOn).toHaveLength(1);
  });
});
