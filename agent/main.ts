import { runCli } from './cli/program.ts';
import { systemClock } from './scheduler/system-clock.ts';

// A reader that went away (`exhibit … | head`) is no failure: there is nobody left to tell anything.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

process.exit(
  await runCli(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock(),
    interactive: process.stderr.isTTY === true,
    exitNow: (code) => process.exit(code),
  }),
);
