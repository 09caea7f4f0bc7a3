import type { Envelope } from './item.ts';
import type { Sealed } from './seal.ts';
import type { ChainHead, StateWrite, Store, StoredBundle } from './store/store.ts';

/** Seals what is new into the manifest that follows `head`; see seal.ts. */
export type SealWith = (fresh: readonly Envelope[], head: ChainHead | null) => Promise<Sealed>;

export interface Committed {
  readonly stored: number;
  /** Known before, or twice in the batch. */
  readonly duplicates: number;
  /** Digest of the manifest; null when nothing was new. */
  readonly manifest: string | null;
}

export interface SealedBundle {
  readonly bundle: StoredBundle;
  readonly sealed: Sealed;
}

/**
 * The one way into the store. Every manifest names the one before it, so sealing and appending happen one after the
 * other, in the order of the calls; a commit that fails does not hold up the next.
 */
export class Ledger {
  readonly #store: Store;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ store }: { readonly store: Store }) {
    this.#store = store;
  }

  /** Durable when it resolves. Throws what `sealWith` and the store throw; nothing is stored then, not even the state. */
  commit(
    envelopes: readonly Envelope[],
    state: StateWrite | undefined,
    sealWith: SealWith,
  ): Promise<Committed> {
    return this.#inTurn(async () => {
      const fresh = await this.#fresh(envelopes);
      const duplicates = envelopes.length - fresh.length;
      if (fresh.length === 0) {
        if (state !== undefined) await this.#store.saveState(state);
        return { stored: 0, duplicates, manifest: null };
      }
      const sealed = await sealWith(fresh, await this.#store.head());
      await this.#store.append(sealed, state);
      return { stored: fresh.length, duplicates, manifest: sealed.digest };
    });
  }

  /** Seals a bundle onto the chain and keeps its bytes. */
  saveBundle(make: (head: ChainHead | null) => Promise<SealedBundle>): Promise<StoredBundle> {
    return this.#inTurn(async () => {
      const { bundle, sealed } = await make(await this.#store.head());
      await this.#store.saveBundle(bundle, sealed);
      return bundle;
    });
  }

  /** Resolves when every commit that was asked for until now has ended, well or not. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #fresh(envelopes: readonly Envelope[]): Promise<readonly Envelope[]> {
    const byId = new Map<string, Envelope>();
    for (const envelope of envelopes) {
      if (!byId.has(envelope.item.id)) byId.set(envelope.item.id, envelope);
    }
    const known = byId.size === 0 ? new Set() : await this.#store.known([...byId.keys()]);
    return [...byId.values()].filter(({ item }) => !known.has(item.id));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
