import { describe, expect, it } from 'vitest';
import type { Cleared } from '../policies/cleared.ts';
import type { Envelope, Item } from './item.ts';
import { type SealContext, type Sealed, type SealedBatch, seal } from './seal.ts';
import { sampleContext, sampleEnvelopes, sampleKeys, sampleObservation } from './testing/samples.ts';

/**
 * Compiled by tsc, never called: each line below a directive must be a type error, or the check fails. This is the one
 * place where directives may be.
 */
export async function mustNotCompile(
  cleared: Cleared,
  envelope: Envelope,
  batch: SealedBatch,
  context: SealContext,
): Promise<Sealed> {
  // @ts-expect-error: what a connector observed has passed no gate
  await seal([sampleObservation(1)], context);
  // @ts-expect-error: what was cleared has no provenance yet
  await seal([cleared], context);
  // @ts-expect-error: an item that looks like an envelope's was not minted as one
  await seal([{ item: envelope.item, canonical: envelope.canonical }], context);
  // @ts-expect-error: a batch that looks sealed was not sealed
  const forged: Sealed = batch;
  return forged;
}

describe('a cast that forges the type', () => {
  const items = sampleEnvelopes(3);
  const context = sampleContext(items, sampleKeys());

  it.each<[string, unknown]>([
    ['an observation', sampleObservation(4)],
    ['a copy of an envelope', { ...items[0] }],
    [
      'an envelope with another body',
      { ...items[0], item: { ...items[0]?.item, body: { password: 'hunter2' } } },
    ],
    ['an object without anything', {}],
  ])('is refused when the code runs: %s', async (_, forged) => {
    const error = await seal([...items, forged as Envelope], context).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'EvidenceError', code: 'NOT_CLEARED' });
    expect(String(error)).not.toContain('hunter2');
  });

  it('does not stop what did come through the gate', async () => {
    const sealed = await seal(items, context);
    const ids = (list: readonly { item: Item }[]) => list.map(({ item }) => item.id).toSorted();
    expect(ids(sealed.items)).toEqual(ids(items));
  });
});
