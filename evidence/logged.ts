import { sha256 } from './digest.ts';
import { type DsseEnvelope, pae, payloadBytes } from './dsse.ts';
import { signCheckpoint } from './log/checkpoint.ts';
import { leafHashOfEntry, logEntry, type TlogEntry, tlogEntry } from './log/entry.ts';
import { appendLeaf, type Frontier, frontierRoot, proofOfLast } from './log/frontier.ts';
import type { NoteSigner } from './log/note.ts';
import { keyIdBytes, noteKey } from './log/vkey.ts';
import { publicKeyDer } from './sign/key.ts';

/** What the store adds to the log, in the same transaction as that which was signed. */
export interface Logged {
  /** Position of the leaf, from 0. */
  readonly index: number;
  /** The leaf's data, RFC 8785 JSON. */
  readonly entry: string;
  readonly leaf: Uint8Array;
  /** Leaves with this one. */
  readonly size: number;
  /** The checkpoint of the tree of that size; a C2SP signed note. */
  readonly note: string;
}

export interface InLog {
  readonly logged: Logged;
  readonly tlogEntry: TlogEntry;
}

/**
 * The entry of an envelope as the next leaf of the log, with the proof that it is there. Nobody may see the checkpoint
 * before the leaf is durable: two checkpoints of one size would be a fork.
 *
 * @throws EvidenceError LOG when the checkpoint can not be signed
 */
export async function logNext(
  envelope: DsseEnvelope,
  publicKeyPem: string,
  log: Frontier,
  signer: NoteSigner,
): Promise<InLog> {
  const entry = logEntry({
    paeDigest: sha256(pae(envelope.payloadType, payloadBytes(envelope))),
    signature: Buffer.from(envelope.signatures[0].sig, 'base64'),
    publicKey: publicKeyDer(publicKeyPem),
  });
  const leaf = leafHashOfEntry(entry);
  const grown = appendLeaf(log, leaf);
  const root = frontierRoot(grown);
  const note = await signCheckpoint({ origin: signer.name, size: grown.size, root }, signer);
  return {
    logged: { index: log.size, entry, leaf, size: grown.size, note },
    tlogEntry: tlogEntry({
      entry,
      index: log.size,
      size: grown.size,
      root,
      proof: proofOfLast(log),
      checkpoint: note,
      logId: keyIdBytes(noteKey(signer.name, 'ed25519', signer.publicKey)),
    }),
  };
}
