import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { JsonValue } from '../connectors/sdk/index.ts';
import { type KeyEpoch, type Keyring, liveEpoch, type UsableEpoch } from './keyring.ts';

/**
 * Keyed, one-way names for values: equal within a tenant and an epoch, meaningless without the epoch's key
 * (HMAC-SHA-256, RFC 2104, cut to 128 bits). The epoch's id stands in every value, so that a rotation is visible.
 */
export interface Keyed {
  /** Id of the epoch whose key is used. */
  readonly keyId: string;
  /** `pseudonym:<key id>:<mac>` */
  pseudonym(value: string): string;
  /** `hmac-sha256:<key id>:<mac>` */
  digest(value: JsonValue): string;
}

/** Keyed names that move on to another epoch while those who use them go on. */
export interface SwitchableKeyed extends Keyed {
  /** From now on with the live epoch of this keyring; what was remembered of another epoch is forgotten. */
  use(keyring: Keyring): void;
}

/** What the name of a value looks like under one epoch. */
export interface LinkedName {
  readonly epoch: string;
  readonly createdAt: string;
  readonly retiredAt: string | null;
  readonly pseudonym: string;
  readonly digest: string;
}

/** Pseudonyms repeat (authors, roles); a small cache spares their HMACs. */
const CACHE_ENTRIES = 10_000;
const KEY_BYTES = 32;

type Purpose = 'pseudonym' | 'digest';
type Mac = (text: string) => string;

/** Names of one tenant under one epoch; other tenants and other epochs get names that can not be compared. */
export function makeKeyed(
  epoch: UsableEpoch,
  tenant: string,
  canonicalize: (value: JsonValue) => string,
): Keyed {
  const name = macOf(epoch, 'pseudonym', tenant);
  const digest = macOf(epoch, 'digest', tenant);
  const pseudonyms = new Map<string, string>();
  return {
    keyId: epoch.id,
    pseudonym(value) {
      const known = pseudonyms.get(value);
      if (known !== undefined) return known;
      if (pseudonyms.size >= CACHE_ENTRIES) pseudonyms.clear();
      const pseudonym = `pseudonym:${epoch.id}:${name(value)}`;
      pseudonyms.set(value, pseudonym);
      return pseudonym;
    },
    digest: (value) => `hmac-sha256:${epoch.id}:${digest(canonicalize(value))}`,
  };
}

/** Names under the live epoch of a keyring, which can be exchanged for a newer keyring. */
export function switchableKeyed(
  keyring: Keyring,
  tenant: string,
  canonicalize: (value: JsonValue) => string,
): SwitchableKeyed {
  let keyed = makeKeyed(liveEpoch(keyring), tenant, canonicalize);
  return {
    get keyId() {
      return keyed.keyId;
    },
    pseudonym: (value) => keyed.pseudonym(value),
    digest: (value) => keyed.digest(value),
    use: (next) => {
      const epoch = liveEpoch(next);
      if (epoch.id !== keyed.keyId) keyed = makeKeyed(epoch, tenant, canonicalize);
    },
  };
}

/** The names of one value under every epoch whose key still exists, newest first. An erased epoch has none. */
export function linkedNames(
  keyring: Keyring,
  tenant: string,
  value: string,
  canonicalize: (value: JsonValue) => string,
): readonly LinkedName[] {
  return keyring.epochs
    .filter(isUsable)
    .map((epoch) => {
      const keyed = makeKeyed(epoch, tenant, canonicalize);
      return {
        epoch: epoch.id,
        createdAt: epoch.createdAt,
        retiredAt: epoch.retiredAt ?? null,
        pseudonym: keyed.pseudonym(value),
        digest: keyed.digest(value),
      };
    })
    .toReversed();
}

function isUsable(epoch: KeyEpoch): epoch is UsableEpoch {
  return epoch.key !== null;
}

/** A key of its own for each purpose and tenant: HKDF-SHA-256 (RFC 5869) of the epoch's key. */
function macOf({ key, shared }: UsableEpoch, purpose: Purpose, tenant: string): Mac {
  if (shared === true) return macWith(createSecretKey(key), `exhibit/v1/${purpose}\0`);
  const derived = hkdfSync('sha256', key, '', `exhibit/v1/${purpose}/${tenant}`, KEY_BYTES);
  return macWith(createSecretKey(Buffer.from(derived)), '');
}

function macWith(key: KeyObject, prefix: string): Mac {
  return (text) =>
    createHmac('sha256', key)
      .update(prefix + text)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
}
