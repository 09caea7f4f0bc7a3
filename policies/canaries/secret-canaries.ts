import type { CanaryMarker } from './canaries.ts';

export interface SecretCanaries {
  readonly markers: readonly CanaryMarker[];
  /** Secrets that would be met by chance, and why: too short, or a word or number as others use them. */
  readonly leftOut: readonly { readonly id: string; readonly reason: 'short' | 'ordinary' }[];
}

const MIN_LENGTH = 8;
/** A word of letters, or a number, of up to this length may be a name, a default password, a date or an id. */
const ORDINARY = /^(?:[a-z]{1,15}|[A-Z]{1,15}|[A-Z]?[a-z]{1,15}|[0-9]{1,11})$/;
const USER_INFO = /^[a-z][a-z0-9+.-]{0,31}:\/\/[^\s/?#:@]{0,256}:([^\s/?#]{1,512})@/i;
const LIBPQ = /(?:^|[\s;?&])(?:password|pwd)\s{0,4}=\s{0,4}(?:'([^']{1,512})'|([^\s';&]{1,512}))/i;
const ARMOUR = /^-----/;
const MIN_LINE = 32;
const MAX_LINES = 4;

/**
 * The agent's own passwords, tokens and keys as markers: they are in its memory and in nothing that leaves. Of a
 * connection string it is the password (host and database are evidence), of a key file some lines of its middle.
 */
export function secretCanaries(secrets: readonly CanaryMarker[]): SecretCanaries {
  const markers: CanaryMarker[] = [];
  const leftOut: { id: string; reason: 'short' | 'ordinary' }[] = [];
  for (const { id, value } of secrets) {
    const tellingValues = telling(value.trim());
    for (const part of tellingValues) {
      if (part.length < MIN_LENGTH) leftOut.push({ id, reason: 'short' });
      else if (ORDINARY.test(part) || new Set(part).size <= 2) leftOut.push({ id, reason: 'ordinary' });
      else markers.push({ id, value: part });
    }
  }
  return { markers, leftOut };
}

function telling(value: string): readonly string[] {
  const userInfo = USER_INFO.exec(value)?.[1];
  if (userInfo !== undefined) return [...new Set([userInfo, decoded(userInfo)])];
  const libpq = LIBPQ.exec(value);
  const password = libpq?.[1] ?? libpq?.[2];
  if (password !== undefined) return [password];
  if (!value.includes('\n')) return [value];
  const lines = value.split(/\r?\n/).filter((line) => line.length >= MIN_LINE && !ARMOUR.test(line));
  const middle = Math.max(0, Math.floor((lines.length - MAX_LINES) / 2));
  return lines.length === 0 ? [value] : lines.slice(middle, middle + MAX_LINES).map((line) => line.trim());
}

function decoded(userInfo: string): string {
  try {
    return decodeURIComponent(userInfo);
  } catch {
    return userInfo;
  }
}
