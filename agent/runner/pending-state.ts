import type { JsonValue, StatePatch } from '../../connectors/sdk/index.ts';

/** Checkpoints waiting for the next commit; the last one of a key wins. */
export class PendingState {
  #values = new Map<string, JsonValue | undefined>();

  add(patch: StatePatch): void {
    for (const key of patch.delete ?? []) this.#values.set(key, undefined);
    for (const [key, value] of Object.entries(patch.set ?? {})) this.#values.set(key, value);
  }

  take(): StatePatch | undefined {
    if (this.#values.size === 0) return undefined;
    const set: Record<string, JsonValue> = {};
    const deleted: string[] = [];
    for (const [key, value] of this.#values) {
      if (value === undefined) deleted.push(key);
      else set[key] = value;
    }
    this.#values = new Map();
    return { set, delete: deleted };
  }
}
