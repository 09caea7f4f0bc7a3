import { EvidenceError } from '../errors.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { openCosigned } from '../log/checkpoint.ts';
import { type NoteKey, parseVkey } from '../log/vkey.ts';
import { readTimestampChain } from '../timestamp/chain.ts';
import type { CheckpointHistoryKey } from '../trust/key-history.ts';
import { type KeyTrust, trustFrom } from '../trust/trust.ts';

/** What the person who verifies believes in. Never taken from what is verified. */
export interface Trust {
  /** Public keys in PEM form. Several, while keys are rotated. */
  readonly publicKeyPem: readonly string[];
  /** As `GET /v1/keys` serves it: when each key was good, and the keys of the log. One of the given keys must have signed it. */
  readonly keyHistory?: Uint8Array | string;
  /** Verifier keys of the agent's log (c2sp.org/signed-note). */
  readonly logKeys?: readonly string[];
  /** Certificates of timestamp authorities, PEM: each one chain, the signing certificate first, the root last. */
  readonly timestampChains?: readonly string[];
  /** Checkpoints of the log that were kept from before, signed notes, oldest first. */
  readonly checkpoints?: readonly string[];
}

/** A key that signs checkpoints, and when it is good, where a key history says so. */
export interface LogKey {
  readonly key: NoteKey;
  readonly window: CheckpointHistoryKey | null;
}

/** `Trust`, read and found usable. */
export interface Believed {
  readonly keys: KeyTrust;
  readonly logKeys: readonly LogKey[];
  /** PEM. */
  readonly timestampChains: readonly string[];
  /** Signed by one of `logKeys`. */
  readonly kept: readonly Checkpoint[];
}

/**
 * Throws KEY when there is no public key or one is unusable, LOG for a verifier key that is none and for a kept
 * checkpoint that no given log signed, TIMESTAMP for certificates that are none: that is misuse, not a bad file.
 */
export function readTrust(trust: Trust): Believed {
  const keys = trustFrom(trust);
  const given = (trust.logKeys ?? []).map((vkey) => parseVkey(vkey));
  const known = keys.checkpoints.map((window) => ({ key: parseVkey(window.vkey), window }));
  const logKeys = [
    ...known,
    ...given.filter((key) => !known.some((other) => isSame(other.key, key))).map(bare),
  ];
  const timestampChains = trust.timestampChains ?? [];
  for (const chain of timestampChains) readTimestampChain(chain);
  const kept = (trust.checkpoints ?? []).map((note) => openKept(note, logKeys));
  return { keys, logKeys, timestampChains, kept };
}

function bare(key: NoteKey): LogKey {
  return { key, window: null };
}

function isSame(a: NoteKey, b: NoteKey): boolean {
  return a.name === b.name && Buffer.compare(a.publicKey, b.publicKey) === 0;
}

function openKept(note: string, logKeys: readonly LogKey[]): Checkpoint {
  const { origin, size, root } = openWith(note, logKeys).checkpoint;
  return { origin, size, root };
}

/** The checkpoint, when one of the keys signed it. Throws LOG otherwise. */
export function openWith(
  note: string,
  logKeys: readonly LogKey[],
): { readonly checkpoint: Checkpoint; readonly by: LogKey } {
  let failure: unknown = new EvidenceError('LOG', 'there is no verifier key to open a checkpoint with', {
    hint: "Give the verifier key of the agent's log.",
  });
  for (const by of logKeys) {
    try {
      return { checkpoint: openCosigned(note, by.key, []), by };
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      failure = error;
    }
  }
  throw failure;
}
