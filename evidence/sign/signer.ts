import type { NoteSigner } from '../log/note.ts';

/** A key that signs evidence: a file, a KMS, a token. Only ECDSA P-256 with SHA-256 is accepted by every verifier. */
export interface Signer {
  /** `keyId()` of the public key; written into every signature as the hint which key to take. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKeyPem: string;
  /** Signs the SHA-256 of these bytes; returns the ASN.1 DER form of the ECDSA signature. */
  sign(pae: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** What an agent signs with. */
export interface SigningKeys {
  readonly signer: Signer;
  /** Ed25519; signs the log's checkpoints and is named by the log's origin. */
  readonly checkpointSigner: NoteSigner;
}
