import type { Observed, ReadRequest, Timestamp } from '../../../connectors/sdk/index.ts';
import type { ClearedRecord } from '../../../policies/cleared.ts';
import type { LoadedPolicy } from '../../../policies/load.ts';

/** Policies, as they lie in files, and one record that a read comes across. */
export interface Situation {
  readonly now: Timestamp;
  /** In order of layering. */
  readonly layers: readonly { readonly file: string; readonly text: string; readonly loaded: LoadedPolicy }[];
  readonly request: ReadRequest;
  readonly record: Observed;
  /** Rights that the account of the connection holds and no read needs. */
  readonly excess: readonly string[];
}

/** What was decided: at the first gate, at the second, or what left and why. */
export type Decided =
  | { readonly refused: string }
  | { readonly withheld: string }
  | Pick<ClearedRecord, 'body' | 'fields' | 'redactions' | 'dropped'>;

/** One of the ways in which a policy comes to a decision. */
export interface Evaluator {
  readonly name: string;
  decide(situation: Situation): Promise<Decided>;
}

export function left({
  body,
  fields,
  redactions,
  dropped,
}: Exclude<Decided, { refused: string } | { withheld: string }>): Decided {
  return { body, fields, redactions, dropped };
}
