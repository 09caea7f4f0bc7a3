import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Secret } from '../../connectors/sdk/index.ts';
import { AgentError } from '../errors.ts';

/** Where a credential comes from: an environment variable or a file. The value itself is never in a config. */
export type SecretRef = { readonly env: string } | { readonly file: string };

export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from: the one of the config file. */
  readonly base: string;
}

/** More than any credential is; a larger file is a wrong path. */
const MAX_BYTES = 64 * 1024;

/** A mapping with exactly one key, `env` or `file`, whose value is a text. */
export function isSecretRef(value: unknown): value is SecretRef {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined) return false;
  return (entry[0] === 'env' || entry[0] === 'file') && typeof entry[1] === 'string';
}

/**
 * Reads the credential that a reference names; one trailing line end of a file is not part of it. A file is looked at
 * again whenever the secret is opened, so that a credential can be replaced without a restart.
 * Throws AgentError SECRET when it is missing or empty. The error names the reference, never the value.
 */
export function resolveSecret(ref: SecretRef, source: SecretSource): Secret {
  return 'env' in ref ? new Secret(fromEnv(ref.env, source)) : replaceable(ref.file, source);
}

/** While a file is being replaced it may be away or empty: then what was in it last stands. */
function replaceable(file: string, source: SecretSource): Secret {
  let last = fromFile(file, source);
  return new Secret(() => {
    try {
      last = fromFile(file, source);
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
    }
    return last;
  });
}

/** A copy of plain config data with every secret reference replaced by its Secret; `fail` hears of those that fail. */
export function resolveSecrets(
  data: unknown,
  source: SecretSource,
  fail: (path: readonly PropertyKey[], error: AgentError) => void,
  at: readonly PropertyKey[] = [],
): unknown {
  if (isSecretRef(data)) {
    try {
      return resolveSecret(data, source);
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      fail(at, error);
      return UNRESOLVED;
    }
  }
  if (Array.isArray(data))
    return data.map((entry, index) => resolveSecrets(entry, source, fail, [...at, index]));
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, resolveSecrets(value, source, fail, [...at, key])]),
  );
}

/** Stands in for a secret that could not be resolved, so that its place is not reported a second time. */
const UNRESOLVED = new Secret('');

/** Only what looks like the name of a variable is repeated in an error: some put the credential itself there. */
const CONVENTIONAL_NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;

function fromEnv(name: string, source: SecretSource): string {
  const value = source.env[name];
  if (value !== undefined && value !== '') return value;
  const shown = CONVENTIONAL_NAME.test(name) ? name : 'named here';
  throw new AgentError(
    'SECRET',
    `the environment variable ${shown} is ${value === '' ? 'empty' : 'not set'}`,
    {
      hint: 'Set it before starting, or use { file: … }; the value itself does not belong in the config.',
    },
  );
}

function fromFile(file: string, source: SecretSource): string {
  const absolute = path.resolve(source.base, file);
  const text = readText(absolute).replace(/\r?\n$/, '');
  if (text === '') throw new AgentError('SECRET', `the secret file ${absolute} is empty`);
  return text;
}

function readText(absolute: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(absolute);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new AgentError('SECRET', `the secret file ${shownPath(absolute)} can not be read (${code})`, {
      hint: 'Check the path (relative ones start at the config file) and its permissions.',
      cause: error,
    });
  }
  if (bytes.length > MAX_BYTES)
    throw new AgentError('SECRET', `the secret file ${absolute} is larger than 64 KiB`);
  return bytes.toString('utf8');
}

/** A credential pasted where a path belongs is long or has line ends; paths are neither. */
function shownPath(absolute: string): string {
  return absolute.length > 255 || /[\r\n]/.test(absolute) ? 'named here' : absolute;
}
