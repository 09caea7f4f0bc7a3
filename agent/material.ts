import type { JsonObject } from '../connectors/sdk/index.ts';
import { VERIFY_TEXT } from '../evidence/bundle/verify-text.ts';
import { type TimestampAuthority, trustedRoot } from '../evidence/trust/trusted-root.ts';
import type { AgentKeys } from './secrets/keys.ts';

/** What helps to check evidence: public keys, their history, and the trusted root of stock verifiers. */
export interface Material {
  /** As part of a bundle. Nobody has to believe it. */
  inBundle(): JsonObject;
  /** trusted_root.json, RFC 8785. */
  trustedRoot(): string;
}

export function materialOf(keys: AgentKeys, authorities: readonly TimestampAuthority[]): Material {
  const root = () => trustedRoot(keys.history.history, authorities);
  return {
    inBundle: () => ({
      keyHistory: JSON.parse(keys.history.text) as JsonObject,
      logKey: keys.checkpointSigner.vkey,
      publicKeys: [keys.signer.publicKeyPem],
      trustedRoot: JSON.parse(root()) as JsonObject,
      verify: VERIFY_TEXT,
    }),
    trustedRoot: root,
  };
}
