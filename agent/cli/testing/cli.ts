import { PassThrough, Readable } from 'node:stream';
import { fakeClock } from '../../../connectors/sdk/testing/index.ts';
import { runCli } from '../program.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in a folder, in this process, at a time that does not pass. */
export function cliIn(
  folder: () => string,
  now = '2026-11-21T12:00:00.000Z',
  stdin: () => Readable = () => Readable.from([]),
): (...args: readonly string[]) => Promise<CliResult> {
  return async (...args) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const written = [textOf(stdout), textOf(stderr)];
    const code = await runCli(args, {
      stdin: stdin(),
      stdout,
      stderr,
      env: { EXHIBIT_TEST_DSN: ['postgres:', '', 'exhibit@127.0.0.1:1', 'nothing'].join('/') },
      cwd: folder(),
      clock: fakeClock({ at: now, sleep: 'manual' }),
      interactive: false,
      exitNow: () => undefined,
    });
    stdout.end();
    stderr.end();
    const [out = '', err = ''] = await Promise.all(written);
    return { code, stdout: out, stderr: err };
  };
}

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
