import type { Envelope } from '../../evidence/item.ts';
import type { ByteNet, NetHit } from '../../policies/net/byte-net.ts';

/** What was about to be sealed, after the last look at its bytes. */
export interface Outgoing {
  readonly passed: readonly Envelope[];
  /** Without the items themselves: what must not leave is not kept either. */
  readonly held: readonly HeldBack[];
}

export interface HeldBack {
  readonly stream: string;
  /** Id that the item would have had; made of where it is from, not of what it says. */
  readonly item: string;
  readonly hit: NetHit;
}

/**
 * Looks at the exact bytes that would be hashed, stored and served. A hit is a defect: of the manifest that declared a
 * field too freely, or of a detector that should have seen it before.
 */
export function lookAtOutgoing(envelopes: readonly Envelope[], net: ByteNet): Outgoing {
  const passed: Envelope[] = [];
  const held: HeldBack[] = [];
  for (const envelope of envelopes) {
    const hit = net.check(envelope.canonical, 'item');
    if (hit === undefined) passed.push(envelope);
    else held.push({ stream: envelope.item.stream, item: envelope.item.id, hit });
  }
  return { passed, held };
}
