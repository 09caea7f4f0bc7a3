import type { Command } from 'commander';
import { addCommands, type CommandContext, type CommandEntry } from '../command.ts';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'check policies against the manifests; prints every problem with its line',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'test',
    summary: 'run the tests of policies, and say which rules no test is about',
    load: async () => (await import('./cases.ts')).casesCommand,
  },
  {
    name: 'show',
    summary: 'show for every stream and field what is done with it, and which rule decided',
    load: async () => (await import('./show.ts')).showCommand,
  },
  {
    name: 'explain',
    summary: 'show which rule lets a field out, where it stands, and what would open or close it',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'diff',
    summary: 'show what one policy lets out and another does not, and how much that risks',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'preview',
    summary: 'read once and show what would leave; nothing is stored or signed',
    load: async () => (await import('./preview.ts')).previewCommand,
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of policy files, for editors',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  {
    name: 'sign',
    summary: 'sign a policy file; writes <file>.<key>.sigstore.json beside it',
    load: async () => (await import('./signatures.ts')).signCommand,
  },
  {
    name: 'verify',
    summary: 'say who signed a policy file as it is now, and which signatures do not count',
    load: async () => (await import('./signatures.ts')).verifyCommand,
  },
  {
    name: 'versions',
    summary: 'list the versions that were in force, newest first',
    load: async () => (await import('./records.ts')).versionsCommand,
  },
  {
    name: 'decisions',
    summary: 'list what the policy decided, counted; seen last comes first',
    load: async () => (await import('./records.ts')).decisionsCommand,
  },
  {
    name: 'audit',
    summary: 'list who did what to policies and keys, newest first, and check the chain',
    load: async () => (await import('./records.ts')).auditCommand,
  },
  {
    name: 'release',
    summary: 'let a stream go on in which a canary has shown',
    load: async () => (await import('./release.ts')).releaseCommand,
  },
];

/** `exhibit policy`: what leaves, decided before anything does. */
export function policy(command: Command, context: CommandContext): Promise<void> {
  return addCommands(command, COMMANDS, context);
}
