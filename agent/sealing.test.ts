import { describe, expect, it } from 'vitest';
import { fakeClock } from '../connectors/sdk/testing/index.ts';
import type { PrivilegeAccount } from '../evidence/account/schema.ts';
import { partDigests } from '../evidence/bundle/assemble.ts';
import {
  EMPTY_HEAD,
  SAMPLE_PARTS,
  SAMPLE_POLICY,
  sampleEnvelopes,
  sampleKeys,
} from '../evidence/testing/samples.ts';
import { type BundleOf, makeSealing, type SealingDeps } from './sealing.ts';

const RIGHTS: PrivilegeAccount = { held: ['pg_monitor'], missing: ['pg_read_all_stats'], excess: 2 };
const AGENT = { name: 'exhibit', version: '0.1.0', build: `sha256:${'d'.repeat(64)}`, identity: 'exhibit-7' };
const IN_FORCE = { digest: `sha256:${'9'.repeat(64)}`, version: 'strict@4' };

function sealing(overrides: Partial<SealingDeps> = {}) {
  return makeSealing({
    tenant: 'acme',
    agent: AGENT,
    policy: () => IN_FORCE,
    privileges: (connection) => (connection === 'orders-db' ? RIGHTS : null),
    keys: sampleKeys(),
    clock: fakeClock({ at: '2026-11-21T00:30:00.000Z' }),
    ...overrides,
  });
}

const BUNDLE: BundleOf = {
  window: { from: '2026-11-20T23:00:00.000Z', to: '2026-11-21T00:30:00.000Z' },
  scope: { connection: ['orders-db', 'prod'], namespace: ['shop'] },
  configured: [
    {
      id: 'prod',
      connector: 'kubernetes@1.2.0',
      reads: [{ id: 'pods', latest: { at: '2026-11-21T00:29:00.000Z', status: 'failed' } }],
    },
  ],
  range: { first: 1, last: 6, outside: 2, expired: 0, missing: 0 },
  parts: partDigests(SAMPLE_PARTS),
};

describe('makeSealing', () => {
  it('seals a run in the name of the agent, over the span of its items, under the policy that cleared them', async () => {
    const { manifest } = await sealing().run(sampleEnvelopes(4), EMPTY_HEAD);
    expect(manifest).toMatchObject({
      purpose: 'run',
      scope: null,
      agent: AGENT,
      createdAt: '2026-11-21T00:30:00.000Z',
      window: { from: '2026-11-21T00:09:59.000Z', to: '2026-11-21T00:10:00.000Z' },
      policies: [{ ...SAMPLE_POLICY, items: 4 }],
      connections: [{ id: 'orders-db', privileges: RIGHTS }],
      ledger: { first: 1, last: 4 },
    });
    expect(manifest).not.toHaveProperty('nonce');
  });

  it('seals a bundle with its scope, and with what was looked at and had nothing', async () => {
    const { manifest } = await sealing().bundle(sampleEnvelopes(4), EMPTY_HEAD, BUNDLE);
    expect(manifest).toMatchObject({
      purpose: 'bundle',
      scope: BUNDLE.scope,
      window: BUNDLE.window,
      policies: [
        { ...SAMPLE_POLICY, items: 4 },
        { ...IN_FORCE, items: 0 },
      ],
      connections: [
        { id: 'orders-db', privileges: RIGHTS },
        { id: 'prod', privileges: null, reads: [{ id: 'pods', items: 0, latest: { status: 'failed' } }] },
      ],
      ledger: { first: 1, last: 6, included: 4, outside: 2 },
    });
    expect(manifest.nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  it('asks for the time of what is to be timestamped alone', async () => {
    const asked: number[] = [];
    const ask = (signature: Uint8Array) => {
      asked.push(signature.length);
      return Promise.resolve(null);
    };
    const { run, bundle } = sealing({ timestamp: { purposes: ['bundle'], ask } });
    await run(sampleEnvelopes(2), EMPTY_HEAD);
    expect(asked).toEqual([]);
    await bundle(sampleEnvelopes(4), EMPTY_HEAD, BUNDLE);
    expect(asked).toHaveLength(1);
  });
});
