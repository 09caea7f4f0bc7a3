import type { Detector, Span } from '../detector.ts';
import { CAPITAL, DIGIT as DIGIT_SIGN, makeRunReader, RUN, type Runs, SMALL } from '../runs.ts';

const SHORTEST = 20;
const CANDIDATE = /[A-Za-z0-9+/_-]{20,512}={0,2}/g;
/** The least that any part of it must have. */
const MIXED = /^(?=[^0-9]{0,512}[0-9])(?=[^A-Z]{0,512}[A-Z])(?=[^a-z]{0,512}[a-z])/;
const SEGMENT = /[A-Za-z0-9+_=-]{20,512}/g;
const IN_URL = /[a-z]:\/\/[^\s"'<>]{1,256}$/;
/** And names of C++ as linkers have them. */
const HEX_OR_UUID =
  /^(?:_{1,3}Z[A-Z][A-Za-z0-9_]{1,509}|[0-9a-f]{1,512}|[0-9A-F]{1,512}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;
// Node ids of the GitHub API: a type, an underscore and base64url that starts with k.
const GITHUB_NODE = /^[A-Z]{1,6}_k[A-Za-z0-9_-]{1,128}$/;
// Names of what is meant to be known: ids, digests, signatures of public things.
const PUBLIC_NAME =
  /(?:(?:id|md5|uid|uuid|sha|sha[0-9]{1,3}|hash|digest|checksum|etag|fingerprint|thumbprint|integrity|revision|commit|pub(?:lic)?[_ -]?key|cursor|continue|page[_ -]?token|next[_ -]?token|continuation[_ -]?token|nonce|trace|span|request|correlation|invocation|ray|kid|jti|x5t(?:#S256)?|modulus|amz[_ -]?id[_ -]?2|site[_ -]?key|public[_ -]?token|publishable[_ -]?key|code[_ -]?sha256|resource[_ -]?version|certificate|cert|ca[_ -]?data|authority[_ -]?data|ca[_ -]?bundle)\\?["']?\s{0,4}[:=]\s{0,4}(?:W\/)?\\?["']?(?:sha[0-9]{3}[-:])?|\bsite[_ -]?key |\|1\||\|1\|[A-Za-z0-9+/]{27}=\||\bh1:|;base64,|\b(?:nanoid|cuid2?|ksuid|ulid|shortid) |\b(?:org|user|account|client|request|trace|event|customer|device|resource|object|node|group|team|project|tenant|run|job|build)[ _-]?id )$/i;
/** What digests, public keys of SSH, pictures and archives start with. */
const PUBLIC_START =
  /^(?:sha(?:1|256|384|512)-|pk_(?:live|test)_|AAAA[BCE][0-9A-Za-z]{2}[Vz][a-zA-Z]|iVBORw0KGgo|\/9j\/4AAQ|R0lGOD|PHN2Zy|H4sI|UEsDB|JVBERi0|d09GMg|AAEAAAA)/;
/** Of a public JWK (RFC 7518): the modulus, the coordinates of a point. */
const COORDINATE = /\\?"[nxy]\\?"\s{0,4}:\s{0,4}\\?"$/;
/** SOPS: nonce and tag beside the ciphertext. */
const ENCRYPTED = /ENC\[[A-Z0-9_]{3,16},data:[^\]\s]{0,220}$/;
const MINISIGN = /^RW[A-Za-z0-9+/]{54}$/;
const PUBLIC_BLOCK =
  /-----BEGIN (?:[A-Z0-9 ]{0,32}CERTIFICATE|[A-Z0-9 ]{0,32}PUBLIC KEY|[A-Z0-9 ]{0,32}REQUEST|X509 CRL|DH PARAMETERS|PGP (?:MESSAGE|SIGNATURE))[^\n-]{0,32}-----/g;

/** Random base62 turns from one kind of character into another at nearly every second place, the humps of camel case
 * left out; names made of words do so at every fifth. */
const MIN_CHANGES = 0.32;
const MIN_DIGITS = 1;
/** Where it turns less often, hardly any vowels: a third to two fifths of the letters of words are vowels. */
const FEW_CHANGES = 0.22;
const FEW_VOWELS = 0.27;
const MAX_BLOCKS = 16;

const NONE: readonly Span[] = [];
const ALL_KINDS = DIGIT_SIGN | SMALL | CAPITAL;
/** Between two runs of letters and digits, what base64 and its URL-safe form have beside them. */
const JOINT = Uint8Array.from({ length: 128 }, (_, code) =>
  '+/_-'.includes(String.fromCharCode(code)) ? 1 : 0,
);
const readRuns = makeRunReader();

/** Stretches of candidates, found in the table of runs; the expressions read only those that have all kinds of signs. */
function randomWords(
  text: string,
  _starts?: readonly number[],
  runs: Runs = readRuns(text),
): readonly Span[] {
  if (text.length < SHORTEST) return NONE;
  const { table, length } = runs;
  let spans: Span[] | undefined;
  let blocks: readonly Span[] | undefined;
  let publicEnd = -1;
  for (let at = 0; at < length; ) {
    let start = table[at] as number;
    let end = table[at + 1] as number;
    let signs = table[at + 2] as number;
    while (JOINT[text.charCodeAt(start - 1)] === 1) start--;
    for (at += RUN; ; at += RUN) {
      while (JOINT[text.charCodeAt(end)] === 1) end++;
      if (at >= length || table[at] !== end) break;
      signs |= table[at + 2] as number;
      end = table[at + 1] as number;
    }
    if (end - start < SHORTEST || (signs & ALL_KINDS) !== ALL_KINDS) continue;
    spans ??= [];
    blocks ??= text.includes('-----BEGIN ') ? publicBlocks(text) : NONE;
    publicEnd = addSecrets(text, { start, end }, blocks, publicEnd, spans);
  }
  return spans ?? NONE;
}

/** What is random in a stretch; returns where the last public word ended. */
function addSecrets(
  text: string,
  stretch: Span,
  blocks: readonly Span[],
  lastPublic: number,
  spans: Span[],
): number {
  let publicEnd = lastPublic;
  // Padding belongs to the candidate that it follows.
  for (const match of text.slice(stretch.start, stretch.end + 2).matchAll(CANDIDATE)) {
    const index = stretch.start + match.index;
    if (!MIXED.test(match[0])) continue;
    const before = text.slice(Math.max(0, index - 256), index);
    // A picture is longer than one candidate: what goes on directly is more of it.
    if (index === publicEnd || isPublic(match[0], index, before, blocks)) {
      publicEnd = index + match[0].length;
      continue;
    }
    // In the path of a URL each segment has its own meaning; elsewhere a slash is a digit of base64.
    const isPath = match[0].includes('/') && (IN_URL.test(before) || before.endsWith(':'));
    for (const word of isPath ? match[0].matchAll(SEGMENT) : [{ 0: match[0], index: 0 }]) {
      const start = index + word.index;
      if (isSecretWord(word[0])) spans.push({ start, end: start + word[0].length });
    }
  }
  return publicEnd;
}

function isPublic(word: string, at: number, before: string, blocks: readonly Span[]): boolean {
  if (COORDINATE.test(before.slice(-16)) && before.includes('"kty')) return true;
  if (ENCRYPTED.test(before) || (MINISIGN.test(word) && before.includes('public key'))) return true;
  if (PUBLIC_START.test(word) || PUBLIC_NAME.test(before.slice(-48))) return true;
  return blocks.some(({ start, end }) => at >= start && at < end);
}

/** Certificates and public keys; one that is not closed goes to the end. */
function publicBlocks(text: string): Span[] {
  const blocks: Span[] = [];
  for (const { index, 0: begin } of text.matchAll(PUBLIC_BLOCK)) {
    const end = text.indexOf('-----END ', index + begin.length);
    blocks.push({ start: index, end: end === -1 ? text.length : end });
    if (blocks.length === MAX_BLOCKS || end === -1) break;
  }
  return blocks;
}

function isSecretWord(word: string): boolean {
  return !HEX_OR_UUID.test(word) && !GITHUB_NODE.test(word) && isRandom(word) && !isReadableBase64(word);
}

function isRandom(word: string): boolean {
  let changes = 0;
  let digits = 0;
  let upper = 0;
  let lower = 0;
  let before = 0;
  for (let i = 0; i < word.length; i++) {
    const kind = kindOf(word.charCodeAt(i));
    if (kind === DIGIT) digits++;
    else if (kind === UPPER) upper++;
    else if (kind === LOWER) lower++;
    if (i > 0 && kind !== before && !(before === UPPER && kind === LOWER)) changes++;
    before = kind;
  }
  if (digits < MIN_DIGITS || upper < 3 || lower < 3) return false;
  if (changes >= MIN_CHANGES * word.length) return true;
  return changes >= FEW_CHANGES * word.length && vowelsOf(word) <= FEW_VOWELS * (upper + lower);
}

const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;

function vowelsOf(word: string): number {
  let vowels = 0;
  for (const letter of word) if ('aeiouyAEIOUY'.includes(letter)) vowels++;
  return vowels;
}

function kindOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return LOWER;
  if (code >= 0x41 && code <= 0x5a) return UPPER;
  return code >= 0x30 && code <= 0x39 ? DIGIT : 0;
}

/** Text in base64 is looked through by the scanner itself and is no secret for its form. */
function isReadableBase64(word: string): boolean {
  const decoded = Buffer.from(word, 'base64').toString('latin1');
  return READABLE.test(decoded);
}

const READABLE = /^[\x20-\x7e\r\n\t]{1,512}.{0,3}$/s;

export const detector: Detector = {
  id: 'high-entropy',
  title: 'Random-looking word of mixed case and digits',
  docs: 'Catches generated credentials that no other detector knows; identifiers in hexadecimal stay.',
  net: 'text',
  keywords: [],
  shapes: ['long-word'],
  patterns: [
    PUBLIC_START,
    PUBLIC_BLOCK,
    COORDINATE,
    ENCRYPTED,
    MINISIGN,
    CANDIDATE,
    MIXED,
    SEGMENT,
    IN_URL,
    HEX_OR_UUID,
    GITHUB_NODE,
    PUBLIC_NAME,
    READABLE,
  ],
  find: randomWords,
};
