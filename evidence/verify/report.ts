import type { z } from 'zod';
import type { CheckName } from './checks.ts';
import { CHECK_NAMES } from './checks.ts';
import type { ProblemCode } from './problem-codes.ts';

export type { CheckName } from './checks.ts';
export type { ProblemCode } from './problem-codes.ts';

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence; quotes nothing from the file but ids and digests that have the form of one. */
  readonly what: string;
  /** A path such as `items[3].item.body`, a byte, or a file. */
  readonly where: string;
  /** What to do next. */
  readonly fix: string;
}

/**
 * `warning`: nothing is wrong, but something is not proved with what the verifier was given. A check that could not be
 * made because of an earlier problem has `failed`, with NOT_CHECKED.
 */
export type CheckResult = 'ok' | 'failed' | 'warning';

export interface Check {
  readonly check: CheckName;
  readonly result: CheckResult;
  /** There unless `ok`. */
  readonly problem?: Problem;
}

/** What is known about something that is good; from signed bytes alone. */
export type VerifiedFacts = EvidenceFacts | ReceiptFacts | DisclosureFacts | KeyHistoryFacts;

interface SignedFacts {
  readonly tenant: string;
  /** `keyId()` of the trusted key that signed. */
  readonly signedBy: string;
  /** When a timestamp authority that is trusted saw the signature; null when none did. */
  readonly signedAt: string | null;
  /** When, as the signer says. */
  readonly createdAt: string;
  readonly log: LogFacts;
}

/** Where the signature stands in the agent's log. */
export interface LogFacts {
  readonly origin: string;
  /** From 0. */
  readonly index: number;
  /** Leaves of the tree that the checkpoint is about. */
  readonly size: number;
  /** Whether a trusted key signed that checkpoint. */
  readonly proved: boolean;
}

export interface ReceiptFacts extends SignedFacts {
  readonly kind: 'receipt';
  /** Digest of the receipt. */
  readonly receipt: string;
  readonly by: string;
  readonly reason: string;
  /** In one line. */
  readonly what: string;
}

export interface DisclosureFacts extends SignedFacts {
  readonly kind: 'disclosure';
  /** Digest of the manifest that the items are of; it is not in the disclosure. */
  readonly manifest: string;
  readonly sequence: number;
  readonly purpose: 'run' | 'bundle';
  readonly window: { readonly from: string; readonly to: string };
  /** Disclosed. */
  readonly items: number;
  /** Items of the manifest. */
  readonly of: number;
  readonly ids: readonly string[];
}

/** Of a key history, which no log has: each of its versions is signed by a key of the one before. */
export interface KeyHistoryFacts {
  readonly kind: 'key-history';
  readonly tenant: string;
  /** Of the newest version, like all that follows. */
  readonly sequence: number;
  readonly digest: string;
  readonly createdAt: string;
  readonly keys: readonly KeyFacts[];
}

interface KeyFacts {
  readonly keyId: string;
  readonly purpose: 'evidence' | 'checkpoint';
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly revokedAt: string | null;
}

/** Of the newest manifest, in a chain. */
export interface EvidenceFacts extends SignedFacts {
  readonly kind: 'bundle' | 'manifest' | 'chain';
  /** Digest of the manifest. */
  readonly manifest: string;
  readonly sequence: number;
  readonly window: { readonly from: string; readonly to: string };
  readonly items: number;
  /** Manifests looked at. */
  readonly manifests: number;
}

/** Plain JSON, in the order of `CHECK_NAMES`. A check that found several problems is there once for each. */
export interface VerifyReport {
  /** No check failed. Warnings say what this does not mean. */
  readonly good: boolean;
  readonly checks: readonly Check[];
  /** Null unless good. */
  readonly facts: VerifiedFacts | null;
}

/** A file can be wrong in a million places; past this many per check the rest is counted. */
const MAX_PROBLEMS = 1_000;

export const GET_AGAIN = 'Do not rely on this copy; get the file again from the agent that made it.';

export class CheckList {
  readonly #checks = new Map<CheckName, Check[]>();

  /** Files the outcome of one check and says whether it was good. */
  record(check: CheckName, problems: readonly Problem[]): boolean {
    if (problems.length === 0) this.#add({ check, result: 'ok' });
    for (const problem of problems.slice(0, MAX_PROBLEMS)) this.#add({ check, result: 'failed', problem });
    if (problems.length > MAX_PROBLEMS) {
      const what = `${problems.length - MAX_PROBLEMS} more problems of this kind`;
      const problem: Problem = { code: 'MORE', what, where: check, fix: GET_AGAIN };
      this.#add({ check, result: 'failed', problem });
    }
    return problems.length === 0;
  }

  /** Nothing is wrong, but something is not proved. */
  warn(check: CheckName, problem: Problem): void {
    this.#add({ check, result: 'warning', problem });
  }

  /** A check that could not be made is not good. Does nothing when it was made. */
  skip(check: CheckName, because: string): void {
    if (this.#checks.has(check)) return;
    const problem: Problem = {
      code: 'NOT_CHECKED',
      what: `not checked, because ${because}`,
      where: check,
      fix: 'Solve the problem named before this one.',
    };
    this.#add({ check, result: 'failed', problem });
  }

  /** Nothing was found wrong so far. */
  get good(): boolean {
    return [...this.#checks.values()].flat().every(({ result }) => result !== 'failed');
  }

  report(facts: VerifiedFacts | null): VerifyReport {
    const good = this.good && facts !== null;
    const checks = CHECK_NAMES.flatMap((name) => this.#checks.get(name) ?? []);
    return { good, checks, facts: good ? facts : null };
  }

  #add(check: Check): void {
    const same = this.#checks.get(check.check) ?? [];
    // What is good in one respect and bad in another is bad.
    if (check.result !== 'ok') this.#checks.set(check.check, [...same.filter(isNotOk), check]);
    else if (same.length === 0) this.#checks.set(check.check, [check]);
  }
}

function isNotOk({ result }: Check): boolean {
  return result !== 'ok';
}

/** Problems of shape, in the words of the schema; names and values that the file made up are not repeated. */
export function shapeProblems(code: ProblemCode, error: z.ZodError, base: string): readonly Problem[] {
  return error.issues.map((issue) => ({
    code,
    what: issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys) : issue.message,
    where: pathText(issue.path, base),
    fix: GET_AGAIN,
  }));
}

function unknownKeys(keys: readonly string[]): string {
  const names = keys.filter(isPlainName).slice(0, 5);
  return `${keys.length} unknown ${keys.length === 1 ? 'property' : 'properties'}${names.length > 0 ? `: ${names.join(', ')}` : ''}`;
}

export function pathText(path: readonly PropertyKey[], base = ''): string {
  let text = base;
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'string' && isPlainName(step)) text += text === '' ? step : `.${step}`;
    else text += '[…]';
  }
  return text;
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(name);
}

export function one(
  code: ProblemCode,
  what: string,
  where: string,
  fix: string = GET_AGAIN,
): readonly [Problem] {
  return [{ code, what, where, fix }];
}
