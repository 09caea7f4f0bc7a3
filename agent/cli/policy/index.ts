import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { casesCommand } from './cases.ts';
import { checkCommand } from './check.ts';
import { diffCommand } from './diff.ts';
import { explainCommand } from './explain.ts';
import { previewCommand } from './preview.ts';
import { recordCommands } from './records.ts';
import { releaseCommand } from './release.ts';
import { schemaCommand } from './schema.ts';
import { showCommand } from './show.ts';
import { signatureCommands } from './signatures.ts';

/** `exhibit policy`: what leaves, decided before anything does. */
export function policy(program: Command, context: CommandContext): void {
  const command = program
    .command('policy')
    .description('check, test, compare and sign policies, and show what they let out');
  checkCommand(command, context);
  casesCommand(command, context);
  showCommand(command, context);
  explainCommand(command, context);
  diffCommand(command, context);
  previewCommand(command, context);
  schemaCommand(command, context);
  signatureCommands(command, context);
  recordCommands(command, context);
  releaseCommand(command, context);
}
