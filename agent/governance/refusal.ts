import type { Problem } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';

/** Why a policy was not put in force; one code for each thing that somebody has to do about it. */
export type RefusalCode =
  | 'PROBLEMS' // it can not be read, or can not mean anything
  | 'UNSETTLED' // its files were being written
  | 'SIGNATURE_ABSENT'
  | 'SIGNATURE_SHAPE' // what lies there is no signature
  | 'SIGNATURE_TYPE' // it signs something that is no policy
  | 'SIGNATURE_INVALID'
  | 'SIGNER_UNKNOWN'
  | 'SIGNATURE_OF_ANOTHER_POLICY'
  | 'SIGNATURE_OF_OTHER_BYTES' // of this policy, before or after an edit
  | 'SIGNATURES_TOO_FEW'
  | 'WIDENING_UNSIGNED'
  | 'VERSION_LOWER'
  | 'VERSION_REUSED'
  | 'LAYERS_CHANGED'
  | 'CHANGED_MEANWHILE'
  | 'NOT_KEPT' // the store could not take it
  | 'INTERNAL';

/** A policy that was not put in force. The one in force stays. */
export class PolicyRefusal extends AgentError {
  readonly refusal: RefusalCode;

  constructor(
    refusal: RefusalCode,
    message: string,
    options: {
      readonly hint?: string;
      readonly problems?: readonly Problem[];
      readonly cause?: unknown;
    } = {},
  ) {
    super('POLICY', message, options);
    this.refusal = refusal;
  }
}
