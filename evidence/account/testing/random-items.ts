import fc from 'fast-check';
import type { Item } from '../../item.ts';
import { itemOf } from './item-of.ts';

/** Items of a few connections, reads, runs and policies, as fast-check arbitraries: what an account is counted from. */

const cost = fc.record({
  bytes: fc.nat(3),
  calls: fc.nat(3),
  durationMs: fc.nat(3),
  rows: fc.nat(3),
});

const one: fc.Arbitrary<Item> = fc
  .record({
    kind: fc.constantFrom('change', 'symptom', 'state', 'gap', 'refusal'),
    connection: fc.constantFrom('orders-db', 'prod', 'shop-repo'),
    version: fc.constantFrom('1.4.2', '1.5.0'),
    read: fc.constantFrom('blocking', 'sizes'),
    readDigest: fc.constantFrom('6', '7', '8').map((digit) => `sha256:${digit.repeat(64)}`),
    run: fc.constantFrom('run-1', 'run-2', 'run-3'),
    policy: fc
      .constantFrom('a', 'b')
      .map((digit) => ({ digest: `sha256:${digit.repeat(64)}`, version: digit })),
    fields: fc.nat(4),
    redactions: fc.array(fc.record({ rule: fc.constantFrom('email', 'pseudonymize'), count: fc.nat(5) }), {
      maxLength: 2,
    }),
    dropped: fc.nat(6),
    withheld: fc.nat(40),
    state: fc.constantFrom('complete', 'partial', 'unknown'),
    cost: fc.oneof(
      cost,
      fc.tuple(cost, fc.nat(3)).map(([rest, sourceMs]) => ({ ...rest, sourceMs })),
    ),
  })
  .map((parts) => itemOf(parts));

export const randomItems: fc.Arbitrary<readonly Item[]> = fc.array(one, { maxLength: 30 });
