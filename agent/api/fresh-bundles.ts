import type { StoredBundle } from '../../evidence/store/store.ts';
import type { ApiDeps } from './deps.ts';

/** Sealing again for every request would fill the chain with copies; an older bundle would miss the newest evidence. */
const MAX_AGE_MS = 60_000;

/** Serves the newest bundle of an incident, and makes one when that is too old. */
export class FreshBundles {
  readonly #deps: Pick<ApiDeps, 'store' | 'incidents' | 'clock'>;
  readonly #underWay = new Map<string, Promise<StoredBundle>>();

  constructor(deps: Pick<ApiDeps, 'store' | 'incidents' | 'clock'>) {
    this.#deps = deps;
  }

  /** Requests that come while one is being served are served the same. Throws AgentError NOT_FOUND. */
  get(id: string): Promise<StoredBundle> {
    const underWay = this.#underWay.get(id) ?? this.#find(id).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, underWay);
    return underWay;
  }

  async #find(id: string): Promise<StoredBundle> {
    const { closedAt } = await this.#deps.incidents.get(id);
    const kept = await this.#deps.store.latestBundle(id);
    return kept !== null && !this.#deps.incidents.isEarly(id) && this.#isFresh(kept, closedAt)
      ? kept
      : this.#deps.incidents.bundle(id);
  }

  /** After closing nothing is collected for it any more, so one bundle made since then is the last. */
  #isFresh({ createdAt }: StoredBundle, closedAt: string | null): boolean {
    if (closedAt !== null) return createdAt >= closedAt;
    return this.#deps.clock.now().getTime() - Date.parse(createdAt) < MAX_AGE_MS;
  }
}
