import type { Command } from 'commander';
import { DETECTORS } from '../../policies/detectors/index.ts';
import { makeScanner } from '../../policies/redact.ts';
import { redactLines } from '../../policies/redact-ndjson.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './io.ts';
import { readByteLines } from './lines.ts';
import { write } from './output.ts';

/** `exhibit redact`: what the detectors find in texts, one NDJSON line each. */
export function redact(command: Command, context: CommandContext): void {
  command.option('--json', 'the output is always NDJSON').action((options: { json?: boolean }) =>
    context.run(options, async () => {
      const { stdin, stdout } = context.io;
      const scanner = makeScanner(DETECTORS, 'text');
      let areGood = true;
      for await (const { json, isGood } of redactLines(readByteLines(stdin), scanner)) {
        areGood &&= isGood;
        await write(stdout, `${json}\n`);
      }
      return areGood ? EXIT.good : EXIT.notGood;
    }),
  );
}
