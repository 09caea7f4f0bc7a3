#!/usr/bin/env node
// The command. Plain JavaScript, so that an older Node can start it: the agent itself is TypeScript that Node 24 runs
// directly, and the npm package `node` brings one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const MAIN = new URL('../agent/main.ts', import.meta.url);
/** Set for the Node we start, so that a wrong one cannot start itself for ever. */
const MARK = 'EXHIBIT_STARTED_BY';

if (major(process.versions.node) >= NEEDED_MAJOR) await import(MAIN.href);
else if (process.env[MARK] === undefined)
  startNewerNode(findNode(path.dirname(fileURLToPath(import.meta.url))));
else fail();

function major(version) {
  return Number(version.split('.')[0]);
}

function findNode(folder) {
  const candidate = path.join(folder, 'node_modules', '.bin', 'node');
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findNode(parent);
}

function startNewerNode(node) {
  if (node === undefined) return fail();
  const child = spawn(node, [fileURLToPath(MAIN), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: process.versions.node },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', fail);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail() {
  process.stderr.write(
    `error: exhibit needs Node ${NEEDED_MAJOR} or newer, this is ${process.versions.node}\n` +
      'hint: run `npm ci` in the folder of exhibit: it installs one.\n',
  );
  process.exit(2);
}
