import { ConnectorError } from '../connectors/sdk/index.ts';
import { EvidenceError } from '../evidence/errors.ts';
import { PolicyProblems } from '../policies/load.ts';
import { formatProblems, type Problem } from '../policies/yaml.ts';

export type AgentErrorCode =
  | 'CONFIG' // agent.yaml, or what it names
  | 'SECRET' // a credential that could not be resolved
  | 'REGISTRY' // a connector that can not be loaded
  | 'POLICY' // a policy, or a read that the guard refuses
  | 'KEY' // a signing or pseudonym key
  | 'USAGE' // arguments of a command
  | 'INPUT' // a file or stream handed to a command
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'TIMEOUT'
  | 'LISTEN'
  | 'INTERNAL';

export interface AgentErrorOptions {
  /** What to do next. */
  readonly hint?: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** A failure of the agent itself. The message is ours alone; anything read from outside stays in `cause`. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(code: AgentErrorCode, message: string, options: AgentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
  }
}

/** What may be told about a failure: nothing that came from a source. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly problems?: readonly Problem[];
}

/**
 * Our own errors as they are; errors of the operating system by their code; of everything else only that it
 * happened, because messages of libraries quote what they were given.
 */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof AgentError || error instanceof ConnectorError || error instanceof EvidenceError) {
    const problems = error instanceof AgentError ? error.problems : [];
    return {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(problems.length === 0 ? {} : { problems }),
    };
  }
  if (error instanceof PolicyProblems)
    return { code: 'POLICY', message: error.message, problems: error.problems };
  const system = systemError(error);
  if (system !== undefined) return system;
  const kind = error instanceof Error ? error.name : typeof error;
  return {
    code: 'INTERNAL',
    message: `an unexpected error ended the command (${kind})`,
    hint: 'Run it again with EXHIBIT_DEBUG=1 to see where; please report it.',
  };
}

/** For people, on standard error: what, where, what to do. A stack only when `debug` is asked for. */
export function formatError(error: unknown, debug: boolean): string {
  const report = reportError(error);
  const lines = [`error: ${report.message}`];
  if (report.problems !== undefined) lines.push(indent(formatProblems(report.problems)));
  if (report.hint !== undefined) lines.push(`hint: ${report.hint}`);
  if (debug && error instanceof Error && error.stack !== undefined) lines.push(error.stack);
  return `${lines.join('\n')}\n`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'exists already',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'the address does not belong to this machine',
  ECONNREFUSED: 'the connection was refused',
};

function systemError(error: unknown): ErrorReport | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const meaning = SYSTEM[error.code];
  if (meaning === undefined) return undefined;
  const where = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : '';
  return { code: error.code, message: `${where}${meaning}` };
}
