import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Every check that is not a test, side by side; one line each, and the output of those that fail. */
const CHECKS: Readonly<Record<string, string>> = {
  types: 'tsc -p .',
  lint: 'oxlint --type-aware --deny-warnings',
  format: 'biome ci --error-on-warnings --colors=off',
  names: 'ls-lint',
  boundaries: 'depcruise agent connectors policies evidence tools test',
  'dead code': 'knip --no-progress',
  secrets: 'secretlint --maskSecrets "**/*"',
  generated: 'node tools/generate.ts --check',
};

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

function run(name: string, command: string): Promise<Result> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) => {
      resolve({ name, ok: code === 0, seconds: (performance.now() - startedAt) / 1_000, output });
    });
  });
}

const queue = Object.entries(CHECKS);
const results: Result[] = [];
async function worker(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await run(...next);
    results.push(result);
    console.log(`${result.ok ? 'ok    ' : 'FAILED'} ${result.name} (${result.seconds.toFixed(1)} s)`);
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));

const failed = results.filter((result) => !result.ok);
for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trimEnd()}`);
console.log(`\nchecks: ${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
