import { type Span, spansOf } from '../detector.ts';

const REACH = 4096;
/** The shares of a key of Vault or OpenBao, as `operator init` prints them; in base64 or hexadecimal. */
const SHARE =
  /(?:unseal|recovery)[ _-]key(?:[ ]?[0-9]{1,2})?(?:[ ]?\([^()\n]{1,48}\))?["']?[ ]?[:=][ \t]{0,8}["']?(?<secret>[A-Za-z0-9+/_-]{16,256}={0,2})(?![A-Za-z0-9+/])/dgi;
/** `"keys_base64": ["…", "…"]` */
const SHARES =
  /keys_(?:base64|b64|hex)\\{0,3}["']?\s{0,4}[:=]\s{0,4}\[\s{0,32}\\{0,3}["'](?<secret>[A-Za-z0-9+/_=-]{16,256}(?:\\{0,3}["']\s{0,32},\s{0,32}\\{0,3}["'][A-Za-z0-9+/_=-]{16,256}){0,15})/dgi;

export const UNSEAL_PATTERNS: readonly RegExp[] = [SHARE, SHARES];

export const UNSEAL_WORDS: readonly string[] = [
  'unseal key',
  'unseal_key',
  'recovery key',
  'keys_base64',
  'keys_b64',
  'keys_hex',
];

/** Shares behind the word that starts there. */
export function sharesAt(text: string, start: number): Span[] {
  const stretch = text.slice(start, start + REACH);
  const line = stretch.indexOf('\n');
  const own = line === -1 ? stretch : stretch.slice(0, line);
  const found = stretch.charAt(4) === '_' ? spansOf(stretch, SHARES).slice(0, 1) : spansOf(own, SHARE);
  return found.map((span) => ({ start: start + span.start, end: start + span.end }));
}
