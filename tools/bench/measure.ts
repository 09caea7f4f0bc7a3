/** One line of the report. `ratio` compares with the physical limit measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: string;
  readonly ratio?: number;
  readonly target?: number;
  readonly note?: string;
}

export function print(figure: Figure): void {
  process.stdout.write(
    `${JSON.stringify({ ...figure, value: rounded(figure.value), ...ratioOf(figure) })}\n`,
  );
}

function ratioOf({ ratio }: Figure): { ratio?: number } {
  return ratio === undefined ? {} : { ratio: rounded(ratio) };
}

function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/**
 * Runs `task` until `seconds` have passed, after a warm-up, and answers units per second of the best of three rounds:
 * the machine is shared, and noise only ever slows down.
 */
export async function rate(units: number, task: () => unknown, seconds = 0.7): Promise<number> {
  await round(units, task, seconds / 2);
  let best = 0;
  for (let repeat = 0; repeat < 3; repeat += 1) best = Math.max(best, await round(units, task, seconds));
  return best;
}

/** The same for work that needs new input each time: what `prepare` takes is not counted. */
export async function ratePrepared<T>(
  units: number,
  prepare: () => T,
  task: (input: T) => Promise<unknown>,
  seconds: number,
): Promise<number> {
  let best = 0;
  for (let repeat = 0; repeat < 4; repeat += 1) {
    let [done, elapsed] = [0, 0];
    while (elapsed < seconds * 1_000) {
      const input = prepare();
      const startedAt = performance.now();
      await task(input);
      elapsed += performance.now() - startedAt;
      done += units;
    }
    best = Math.max(best, (done / elapsed) * 1_000);
  }
  return best;
}

async function round(units: number, task: () => unknown, seconds: number): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  let elapsed = 0;
  do {
    await task();
    done += units;
    elapsed = (performance.now() - startedAt) / 1_000;
  } while (elapsed < seconds);
  return done / elapsed;
}
