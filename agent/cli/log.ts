import type { Command } from 'commander';
import { type CommandContext, repeated, withConfig, withJson } from './command.ts';
import { AUDIT_EXIT_HELP } from './io.ts';
import { audit, type RemoteOptions, type TailOptions, tail } from './log-audit.ts';
import { exportLog, type OfflineOptions, prove, type ShowOptions, show } from './log-offline.ts';

/** `exhibit log`: look at the append-only log, over HTTP as a stranger or in the store of one's own. */
export function log(command: Command, context: CommandContext): void {
  remote(command, context);
  offline(command, context);
}

function remote(command: Command, { io, run }: CommandContext): void {
  withRemote(command.command('audit'))
    .description('check that a log only grew since the checkpoint that was kept, and keep the new one')
    .action((url: string, options: RemoteOptions) =>
      run(options, (output) => audit(url, options, output, io)),
    );
  withRemote(command.command('tail'))
    .description('print what is new in a log as NDJSON, audited; without --state all of it')
    .option('--follow', 'go on, until it is interrupted or something is wrong')
    .option('--interval <duration>', 'how often to look with --follow', '10s')
    .action((url: string, options: TailOptions) => run(options, () => tail(url, options, io)));
}

function withRemote(command: Command): Command {
  return withJson(command)
    .argument('<url>', 'prefix of the log; for an agent https://host/log')
    .option('--vkey <key>', 'the verifier key of the log, name+id+key; if it was rotated, both', repeated)
    .option('--key <file>', 'a file that holds it, or one on each line')
    .option('--state <file>', 'where the newest checkpoint is kept; the first time it is made')
    .option('--token-file <file>', 'bearer token, for a log that is not public')
    .option('--timeout <duration>', 'for each request', '20s')
    .addHelpText('after', AUDIT_EXIT_HELP);
}

function offline(command: Command, { io, run }: CommandContext): void {
  withJson(withConfig(command.command('show')))
    .description('print the newest checkpoint of the store; not while the agent runs')
    .option('--vkey <key>', 'check all entries and tiles against it; if it was rotated, both', repeated)
    .addHelpText('after', AUDIT_EXIT_HELP)
    .action((options: ShowOptions) => run(options, (output) => show(options, output, io)));
  withJson(withConfig(command.command('prove')))
    .description('print the proof that a manifest or receipt is in the log; not while the agent runs')
    .argument('<digest>', 'sha256:… of the manifest or receipt')
    .action((digest: string, options: OfflineOptions) =>
      run(options, (output) => prove(digest, options, output, io)),
    );
  withJson(withConfig(command.command('export')))
    .description(
      'write the log as static files (C2SP tlog-tiles), for any web server; not while the agent runs',
    )
    .argument('<folder>')
    .action((folder: string, options: OfflineOptions) =>
      run(options, (output) => exportLog(folder, options, output, io)),
    );
}
