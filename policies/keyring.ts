import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Timestamp } from '../connectors/sdk/index.ts';

/**
 * The keys behind pseudonyms and digests, one for each epoch. The newest is live; older ones are kept so that a person
 * can be found in older evidence, until they are erased: then nobody can, whatever else is left.
 *
 * The salt key stands beside them and outlives them all: it salts the leaves of manifests over items in which values
 * are pseudonyms already, so that holding it tells nothing about what they stand for.
 */
export interface Keyring {
  /** 32 bytes. */
  readonly saltKey: Uint8Array;
  /** Oldest first; the last one is live. Never empty. */
  readonly epochs: readonly KeyEpoch[];
}

export interface KeyEpoch {
  /** Derived from the key, says nothing about it; stands in every name made with it. */
  readonly id: string;
  readonly createdAt: Timestamp;
  /** When another epoch took over. */
  readonly retiredAt?: Timestamp;
  /** When its key was destroyed. */
  readonly erasedAt?: Timestamp;
  /** 32 bytes; null when erased. */
  readonly key: Uint8Array | null;
  /** From the time when a key file held one key for all tenants, used without deriving others. */
  readonly shared?: true;
}

export type UsableEpoch = Pick<KeyEpoch, 'id' | 'createdAt' | 'retiredAt' | 'shared'> & {
  readonly key: Uint8Array;
};

/** Why a change of the keyring was refused. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  readonly code: 'EPOCH_UNKNOWN' | 'EPOCH_ERASED' | 'EPOCH_LIVE' | 'NO_KEYRING';

  constructor(code: KeyringError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const KEY_BYTES = 32;
const KEYRING_SCHEMA = 'exhibit.keyring/v1';
/** One more each day for 13 years; keeps a file that grows by mistake from being carried on. */
const MAX_EPOCHS = 5_000;

export function newKeyring(now: Timestamp): Keyring {
  return { saltKey: randomBytes(KEY_BYTES), epochs: [newEpoch(now)] };
}

/** Ids are given to commands, where a dash in front would make them options. */
function newEpoch(now: Timestamp): KeyEpoch {
  for (;;) {
    const epoch = epochOf(randomBytes(KEY_BYTES), now);
    if (!epoch.id.startsWith('-')) return epoch;
  }
}

/** The epoch of a key. The id is 48 bits of a MAC under it, so that it can be shown to anybody. */
export function epochOf(key: Uint8Array, createdAt: Timestamp): UsableEpoch {
  const id = createHmac('sha256', key).update('exhibit/v1/key-id\0').digest('base64url').slice(0, 8);
  return { id, createdAt, key };
}

/**
 * What the key file was before there were epochs: one key. Names made with it stay what they are, until the first
 * rotation. The salt key is the one that was derived from it; the derivation can not be run backwards.
 */
export function keyringOfOneKey(key: Uint8Array, createdAt: Timestamp): Keyring {
  const saltKey = Buffer.from(hkdfSync('sha256', key, '', 'exhibit/v1/leaf-salt', KEY_BYTES));
  return { saltKey, epochs: [{ ...epochOf(key, createdAt), shared: true }] };
}

export function liveEpoch({ epochs }: Keyring): UsableEpoch {
  const epoch = epochs.at(-1);
  if (epoch === undefined || epoch.key === null)
    throw new KeyringError('NO_KEYRING', 'the keyring has no live epoch');
  return { ...epoch, key: epoch.key };
}

/** A new live epoch; the one before it is kept for finding people in older evidence. */
export function rotated(keyring: Keyring, now: Timestamp): Keyring {
  const live = liveEpoch(keyring);
  const before = keyring.epochs.slice(0, -1);
  return { ...keyring, epochs: [...before, { ...live, retiredAt: now }, newEpoch(now)] };
}

/** Whether the live epoch is older than `maxAge` milliseconds. */
export function dueForRotation(keyring: Keyring, now: Timestamp, maxAge: number): boolean {
  return Date.parse(now) - Date.parse(liveEpoch(keyring).createdAt) >= maxAge;
}

/**
 * The keyring without the key of an epoch. The live epoch can only go when another one takes over in the same step.
 * Throws KeyringError.
 */
export function erased(
  keyring: Keyring,
  id: string,
  now: Timestamp,
  options: { readonly rotate?: boolean } = {},
): Keyring {
  const epoch = keyring.epochs.find((one) => one.id === id);
  if (epoch === undefined) throw new KeyringError('EPOCH_UNKNOWN', 'the keyring has no such epoch');
  if (epoch.key === null) throw new KeyringError('EPOCH_ERASED', `the key of epoch ${id} is erased already`);
  if (liveEpoch(keyring).id === id && options.rotate !== true)
    throw new KeyringError('EPOCH_LIVE', `epoch ${id} is the live one: names are being made with it`);
  const from = options.rotate === true ? rotated(keyring, now) : keyring;
  const epochs = from.epochs.map((one) => (one.id === id ? { ...one, key: null, erasedAt: now } : one));
  return { ...from, epochs };
}

const bytes = z
  .base64url()
  .length(43)
  .transform((text, context) => {
    const key = Buffer.from(text, 'base64url');
    if (key.length === KEY_BYTES && key.toString('base64url') === text) return key;
    context.addIssue({ code: 'custom', message: 'must be 32 bytes' });
    return z.NEVER;
  });
const time = z.iso.datetime({ precision: 3 });

const keyEpoch = z
  .strictObject({
    id: z.string().regex(/^[\w-]{8}$/),
    createdAt: time,
    retiredAt: time.exactOptional(),
    erasedAt: time.exactOptional(),
    key: bytes.nullable(),
    shared: z.literal(true).exactOptional(),
  })
  .refine(({ key, erasedAt }) => (key === null) === (erasedAt !== undefined))
  .refine(({ id, key, createdAt }) => key === null || epochOf(key, createdAt).id === id);

const keyringFile = z
  .strictObject({
    schema: z.literal(KEYRING_SCHEMA),
    saltKey: bytes,
    epochs: z.array(keyEpoch).min(1).max(MAX_EPOCHS),
  })
  .refine(({ epochs }) => new Set(epochs.map(({ id }) => id)).size === epochs.length)
  .refine(({ epochs }) => epochs.every((epoch, at) => isRetired(epoch) === at < epochs.length - 1));

function isRetired({ retiredAt, key }: KeyEpoch): boolean {
  return retiredAt !== undefined || key === null;
}

/** What `formatKeyring` wrote, or a file with one bare key. Null for anything else; says nothing about why. */
export function parseKeyring(text: string, createdAt: Timestamp): Keyring | null {
  const bare = bytes.safeParse(text.trim());
  if (bare.success) return keyringOfOneKey(bare.data, createdAt);
  try {
    const { data } = keyringFile.safeParse(JSON.parse(text));
    return data === undefined ? null : { saltKey: data.saltKey, epochs: data.epochs };
  } catch {
    return null;
  }
}

export function formatKeyring({ saltKey, epochs }: Keyring): string {
  const file: z.input<typeof keyringFile> = {
    schema: KEYRING_SCHEMA,
    saltKey: Buffer.from(saltKey).toString('base64url'),
    epochs: epochs.map(({ key, ...epoch }) => ({
      ...epoch,
      key: key === null ? null : Buffer.from(key).toString('base64url'),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
