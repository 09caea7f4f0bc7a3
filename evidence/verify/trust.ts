import type { KeyObject } from 'node:crypto';
import { EvidenceError } from '../errors.ts';
import { keyId, readPublicKey } from '../sign/key.ts';

/** What the person who verifies believes in. Never taken from what is verified. */
export interface Trust {
  /** Public keys in PEM form. Several, while keys are rotated. */
  readonly publicKeyPem: readonly string[];
}

/** By key id. Throws KEY when there is none or one is unusable: that is misuse, not a bad file. */
export function trustedKeys(trust: Trust): ReadonlyMap<string, KeyObject> {
  const keys = trust.publicKeyPem.map(readPublicKey);
  if (keys.length > 0) return new Map(keys.map((key) => [keyId(key), key]));
  throw new EvidenceError('KEY', 'there is no public key to verify with', {
    hint: "Give the agent's public key, from a source other than the file that is verified.",
  });
}
