import { readKey, type ScheduledRead } from '../scheduler/job.ts';

interface Waiter {
  readonly connections: readonly string[];
  readonly wake: () => void;
}

/**
 * Which streaming reads have caught up with their sources since the agent started. Until they have, what is stored is
 * less than what there is, and an incident's bundle has to wait or say so.
 */
export class Readiness {
  readonly #late: Map<string, ScheduledRead>;
  #waiting: readonly Waiter[] = [];

  constructor(reads: readonly ScheduledRead[]) {
    const streaming = reads.filter(({ mode }) => mode === 'streaming');
    this.#late = new Map(streaming.map((read) => [readKey(read), read]));
  }

  /** A read that has ended has told all it could, so this is called for that as well. */
  ready(read: { readonly connection: string; readonly read: string }): void {
    if (!this.#late.delete(readKey(read))) return;
    const isDone = (waiter: Waiter) => this.late(waiter.connections).length === 0;
    const done = this.#waiting.filter(isDone);
    this.#waiting = this.#waiting.filter((waiter) => !isDone(waiter));
    for (const { wake } of done) wake();
  }

  /** Reads that have not caught up; of all connections when none is named. */
  late(connections: readonly string[] = []): readonly ScheduledRead[] {
    const late = [...this.#late.values()];
    return connections.length === 0
      ? late
      : late.filter(({ connection }) => connections.includes(connection));
  }

  /** Resolves when none is late. */
  settled(connections: readonly string[] = []): Promise<void> {
    if (this.late(connections).length === 0) return Promise.resolve();
    return new Promise((wake) => {
      this.#waiting = [...this.#waiting, { connections, wake }];
    });
  }
}
