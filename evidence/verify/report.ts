import type { z } from 'zod';

/** In the order in which they are made. */
export type CheckName =
  | 'file'
  | 'shape'
  | 'canonical'
  | 'attestation'
  | 'signature'
  | 'payload-type'
  | 'statement'
  | 'subject'
  | 'manifest'
  | 'receipt'
  | 'predicate'
  | 'items-root'
  | 'purpose'
  | 'items'
  | 'item-schema'
  | 'item-order'
  | 'counts'
  | 'parts'
  | 'chain';

export type ProblemCode =
  | 'TOO_LARGE'
  | 'NOT_UTF8'
  | 'TOO_DEEP'
  | 'NOT_JSON'
  | 'SHAPE'
  | 'NOT_CANONICAL'
  | 'ATTESTATION_SHAPE'
  | 'KEY_UNKNOWN'
  | 'SIGNATURE'
  | 'PAYLOAD_TYPE'
  | 'STATEMENT'
  | 'SUBJECT'
  | 'MANIFEST_SHAPE'
  | 'RECEIPT_SHAPE'
  | 'PURPOSE'
  | 'PREDICATE'
  | 'ITEMS_ROOT'
  | 'ITEM_CHANGED'
  | 'ITEM_MISSING'
  | 'ITEM_ADDED'
  | 'ITEM_MOVED'
  | 'ITEM_DOUBLED'
  | 'ITEM_SHAPE'
  | 'ITEM_ORDER'
  | 'COUNTS'
  | 'PART_CHANGED'
  | 'PART_MISSING'
  | 'PART_ADDED'
  | 'CHAIN_MISSING'
  | 'CHAIN_MOVED'
  | 'CHAIN_DOUBLED'
  | 'CHAIN_FORKED'
  | 'CHAIN_BROKEN'
  | 'CHAIN_TENANT'
  | 'NOT_CHECKED'
  | 'MORE';

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence; quotes nothing from the file but ids and digests that have the form of one. */
  readonly what: string;
  /** A path such as `items[3].item.body`, a byte, or a file. */
  readonly where: string;
  /** What to do next. */
  readonly fix: string;
}

export interface Check {
  readonly check: CheckName;
  readonly ok: boolean;
  readonly problem?: Problem;
}

/** What is known about something that is good; from signed bytes alone. */
export type VerifiedFacts = EvidenceFacts | ReceiptFacts;

export interface ReceiptFacts {
  readonly kind: 'receipt';
  readonly tenant: string;
  /** `keyId()` of the trusted key that signed. */
  readonly signedBy: string;
  /** Digest of the receipt. */
  readonly receipt: string;
  readonly createdAt: string;
  readonly by: string;
  readonly reason: string;
  /** In one line. */
  readonly what: string;
}

export interface EvidenceFacts {
  readonly kind: 'bundle' | 'manifest' | 'chain';
  readonly tenant: string;
  /** `keyId()` of the trusted key that signed; of the newest manifest in a chain. */
  readonly signedBy: string;
  /** Digest of the manifest; of the newest one in a chain. */
  readonly manifest: string;
  readonly sequence: number;
  readonly createdAt: string;
  readonly window: { readonly from: string; readonly to: string };
  readonly items: number;
  /** Manifests looked at. */
  readonly manifests: number;
}

/** Plain JSON. A check that found several problems is there once for each. */
export interface VerifyReport {
  readonly good: boolean;
  readonly checks: readonly Check[];
  /** Null unless good. */
  readonly facts: VerifiedFacts | null;
}

/** A file can be wrong in a million places; past this many per check the rest is counted. */
const MAX_PROBLEMS = 1_000;

export const GET_AGAIN = 'Do not rely on this copy; get the file again from the agent that made it.';

export class CheckList {
  readonly #checks: Check[] = [];

  /** Files the outcome of one check and says whether it was good. */
  record(check: CheckName, problems: readonly Problem[]): boolean {
    if (problems.length === 0) this.#checks.push({ check, ok: true });
    for (const problem of problems.slice(0, MAX_PROBLEMS)) this.#checks.push({ check, ok: false, problem });
    if (problems.length > MAX_PROBLEMS) {
      const what = `${problems.length - MAX_PROBLEMS} more problems of this kind`;
      this.#checks.push({ check, ok: false, problem: { code: 'MORE', what, where: check, fix: GET_AGAIN } });
    }
    return problems.length === 0;
  }

  /** A check that could not be made is not good. */
  skip(check: CheckName, because: string): void {
    const problem: Problem = {
      code: 'NOT_CHECKED',
      what: `not checked, because ${because}`,
      where: check,
      fix: 'Solve the problem named before this one.',
    };
    this.#checks.push({ check, ok: false, problem });
  }

  report(facts: VerifiedFacts | null): VerifyReport {
    const good = this.#checks.every(({ ok }) => ok) && facts !== null;
    return { good, checks: this.#checks, facts: good ? facts : null };
  }
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

export function one(code: ProblemCode, what: string, where: string, fix: string): readonly Problem[] {
  return [{ code, what, where, fix }];
}
