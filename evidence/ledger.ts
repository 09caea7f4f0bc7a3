import type { Head } from './chain.ts';
import type { Envelope } from './item.ts';
import type { LoggedReceipt } from './receipt.ts';
import type { Sealed } from './seal.ts';
import type { StateWrite, Store, StoredBundle } from './store/store.ts';

/** Seals what is new into the manifest that follows `head`; see seal.ts. */
export type SealWith = (fresh: readonly Envelope[], head: Head) => Promise<Sealed>;

export interface Committed {
  readonly stored: number;
  /** Known before, or twice in the batch. */
  readonly duplicates: number;
  /** Digest of the manifest; null when nothing was new. */
  readonly manifest: string | null;
}

/** A bundle is put together when its manifest is in the log: it proves that. */
export interface SealedBundle {
  readonly sealed: Sealed;
  finish(): Promise<StoredBundle>;
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

  /** Seals a bundle onto the chain and keeps its bytes. When only the bytes can not be kept, the manifest stays. */
  saveBundle(make: (head: Head) => Promise<SealedBundle>): Promise<StoredBundle> {
    return this.#inTurn(async () => {
      const { sealed, finish } = await make(await this.#store.head());
      await this.#store.append(sealed);
      const bundle = await finish();
      await this.#store.saveBundle(bundle);
      return bundle;
    });
  }

  /** Puts a receipt into the log and keeps it; see `GovernanceStore.saveReceipt`. */
  saveReceipt(
    make: (head: Head) => Promise<LoggedReceipt>,
    covers?: { readonly expiredThrough: number },
  ): Promise<LoggedReceipt> {
    return this.#inTurn(async () => {
      const receipt = await make(await this.#store.head());
      await this.#store.governance.saveReceipt(receipt, covers);
      return receipt;
    });
  }

  /** Runs between two commits, when nothing is half sealed: the time to change keys. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#inTurn(async () => work());
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
