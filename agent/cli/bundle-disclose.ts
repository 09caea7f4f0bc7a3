import { discloseFrom } from '../../evidence/disclose/from-bundle.ts';
import { withBundle, writeOutput } from './bundle-input.ts';
import { STREAM } from './files.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';

export interface DiscloseOptions {
  readonly output?: string;
}

/** Writes a disclosure of these items, which `exhibit verify` verifies. The bundle itself is not verified. */
export async function disclose(
  file: string,
  ids: readonly string[],
  { output: to = STREAM }: DiscloseOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const text = await withBundle(file, io, (source) => discloseFrom(source, ids));
  const bytes = await writeOutput(to, once(Buffer.from(text)), io);
  if (to === STREAM) return EXIT.good;
  const items = new Set(ids).size;
  await output.result(
    { file: to, bytes, items },
    `${to}: a disclosure of ${items} ${items === 1 ? 'item' : 'items'} (${bytes} bytes)`,
  );
  return EXIT.good;
}

// Async because a stream is.
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
