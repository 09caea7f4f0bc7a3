import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { SAMPLE_MANIFEST } from '../../evidence/testing/samples.ts';
import { GOOD_STANDING } from '../../policies/admit.ts';
import { makeCanaries } from '../../policies/canaries/canaries.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { loadPolicies } from '../../policies/load.ts';
import { putInForceWith } from './in-force.ts';

const { policy } = compilePolicy([SAMPLE_MANIFEST], await loadPolicies(['standard']), {
  now: '2026-11-21T00:00:00.000Z',
});
const keyed = makeKeyed(epochOf(Buffer.alloc(32, 5), '2026-11-01T00:00:00.000Z'), 'acme', canonicalize);
const MARKER = 'ledger-archive-q7x2kd';

describe('a version in force', () => {
  it.each([
    ['as it is', MARKER],
    // Nothing shows of it in the bytes as they are.
    ['with invisible characters', [...MARKER].join('\u200b')],
  ])('stops an item for a canary %s that was not known when its bytes were last read', (_, value) => {
    const put = putInForceWith();
    const item = JSON.stringify({ body: { table: value }, id: 'a' });
    const response = `{"items":[${item}],"next":null}`;
    const early = makeCanaries([{ id: 'other', value: 'nothing-like-it-8812' }]);
    const late = makeCanaries([{ id: 'archive', value: MARKER }]);
    const before = put(policy, { keyed, standing: GOOD_STANDING, canaries: early });
    expect(before.net.check(response, 'response', [item])).toBeUndefined();
    expect(put(policy, { keyed, standing: GOOD_STANDING, canaries: early }).net).toBe(before.net);
    const after = put(policy, { keyed, standing: GOOD_STANDING, canaries: late });
    expect(after.net.check(response, 'response', [item])).toMatchObject({
      rule: 'canary:archive',
      path: 'items[0].body.table',
    });
  });
});
