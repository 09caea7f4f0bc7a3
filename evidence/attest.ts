import type { Head } from './chain.ts';
import type { DsseEnvelope } from './dsse.ts';
import { type Logged, logNext } from './logged.ts';
import type { SigningKeys } from './sign/signer.ts';
import { attestationOf } from './sigstore.ts';

/** Asks an authority for DER of an RFC 3161 TimeStampResp over a signature; null where there is none. */
export type Timestamping = (signature: Uint8Array) => Promise<Uint8Array | null>;

export interface AttestContext {
  readonly keys: SigningKeys;
  readonly head: Pick<Head, 'log'>;
  readonly timestamp?: Timestamping;
}

export interface AttestedInLog {
  /** Sigstore bundle v0.3, in RFC 8785 form. */
  readonly attestation: string;
  /** The leaf of the log that the attestation proves to be there. */
  readonly logged: Logged;
}

/**
 * A signed envelope with its place in the log, and with the time where somebody vouches for it.
 *
 * @throws EvidenceError LOG when the checkpoint can not be signed
 */
export async function attest(signed: DsseEnvelope, context: AttestContext): Promise<AttestedInLog> {
  const { keys, head, timestamp } = context;
  const { signer, checkpointSigner } = keys;
  const { logged, tlogEntry } = await logNext(signed, signer.publicKeyPem, head.log, checkpointSigner);
  const token = (await timestamp?.(Buffer.from(signed.signatures[0].sig, 'base64'))) ?? null;
  const by = token === null ? { tlogEntry } : { tlogEntry, timestamp: token };
  return { logged, attestation: attestationOf(signed, signer.keyId, by) };
}
