/** Steps of long work: shown on a terminal as they happen, silent in a pipe. */
export interface Progress {
  step(text: string): void;
  done(): void;
}

export function makeProgress(stream: NodeJS.WriteStream, startedAt: number = performance.now()): Progress {
  if (!stream.isTTY) return { step: () => {}, done: () => {} };
  return {
    step(text) {
      const elapsed = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
      stream.write(`${elapsed} s  ${text}\n`);
    },
    done: () => stream.write('\n'),
  };
}
