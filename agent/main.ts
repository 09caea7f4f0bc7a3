import module from 'node:module';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

// PostgreSQL's parser is one huge WebAssembly function: optimising it takes 600 MB for a moment and makes nothing faster.
// And compiling beside the main thread can leave process.exit() waiting for ever, for a thread that waits for a garbage
// collection that no longer comes (Node 24.21: one start in thirty).
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--no-concurrent-sparkplug']) {
  v8.setFlagsFromString(flag);
}
// Keeps compiled code beside the dependencies, where only who installs can write; without it each start strips types anew.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/exhibit', import.meta.url)));

/** For sockets that a client library keeps open. */
const LINGER_MS = 1_000;

// A reader that went away (`exhibit … | head`) is no failure: there is nobody left to tell anything.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

// Imported after the cache is set up, or it would not be used.
const { runCli } = await import('./cli/program.ts');
const { systemClock } = await import('./scheduler/system-clock.ts');

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock(),
  interactive: process.stderr.isTTY === true,
  exitNow: (code) => process.exit(code),
});

// What is still open keeps nobody waiting: all that had to be written is written by now.
setTimeout(() => process.exit(), LINGER_MS).unref();
