import { isCapital, isDigit, isSmall } from '../../ascii.ts';
import type { Detector, Span } from '../detector.ts';
import { ENCRYPTED_PATTERNS, isEncrypted } from '../encrypted.ts';
import { CAPITAL, DIGIT as DIGIT_SIGN, makeRunReader, RUN, type Runs, SMALL } from '../runs.ts';

const SHORTEST = 20;
/**
 * Ids of Elasticsearch and Kafka (a UUID in base64url), of builds of Next.js and of MD5 in base64 have 20 to 24 characters;
 * from here on a word is longer than those, and random enough without a word in front of it that says what it is.
 */
const TELLING = 25;
/** What makes a shorter one a secret: what stands before it in the text, or how it starts. */
const CUE =
  /pass|secret|token|key|auth(?!or)|cred|bearer|pepper|salt|login|log in|cookie|session|jwt|sso|saml|pwd|signature|magic|invite|otp|hmac|random_|"result"/i;
const PREFIXED =
  /^(?!(?:node|task|pod|id|job|run|req|trace|span|build|index|shard)[_-])[a-z]{2,8}[_-][A-Za-z0-9]{12,22}$/;
const CUE_REACH = 96;
/** A string that goes on in the next line. */
const CONTINUED = /["']\s{0,4}[+.&\\]?\s{0,4}\r?\n\s{0,32}["']$/;
const CANDIDATE = /[A-Za-z0-9+/_-]{20,512}={0,2}/g;
/** The least that any part of it must have. */
const MIXED = /^(?=[^0-9]{0,512}[0-9])(?=[^A-Z]{0,512}[A-Z])(?=[^a-z]{0,512}[a-z])/;
const SEGMENT = /[A-Za-z0-9+_=-]{20,512}/g;
/** The first segments of a path: base64 hardly ever starts so. */
const PATH_START = /^\w{0,16}\/(?:[a-z_][a-z_-]{1,24}\/){1,8}/;
const IN_URL = /[a-z]:\/\/[^\s"'<>]{1,256}$/;
/** And names of C++ as linkers have them. */
const HEX_OR_UUID =
  /^(?:_{1,3}Z[A-Z][A-Za-z0-9_]{1,509}|[0-9a-f]{1,512}|[0-9A-F]{1,512}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;
// Node ids of the GitHub API: a type, an underscore and base64url that starts with k.
const GITHUB_NODE = /^[A-Z]{1,6}_k[A-Za-z0-9_-]{1,128}$/;
// Names of what is meant to be known: ids, digests, signatures of public things.
const PUBLIC_NAME =
  /(?:(?:\bbh|id|md5|uid|uuid|sha|sha-?[0-9]{1,3}|peer|hash|digest|checksum|etag|fingerprint|thumbprint|integrity|revision|commit|pub(?:lic)?[_ -]?key|cursor|continue|page[_ -]?token|next[_ -]?token|continuation[_ -]?token|nonce|trace|span|request|correlation|invocation|ray|kid|jti|x5t(?:#S256)?|modulus|amz[_ -]?id[_ -]?2|site[_ -]?key|public[_ -]?token|publishable[_ -]?key|code[_ -]?sha256|resource[_ -]?version|certificate|cert|ca[_ -]?data|authority[_ -]?data|ca[_ -]?bundle)\\?["']?\s{0,4}[:=]{1,2}\s{0,4}(?:W\/)?\\?["']?(?:sha[0-9]{3}[-:])?|\bsite[_ -]?key |\|1\||\|1\|[A-Za-z0-9+/]{27}=\||\bh1:|;base64,|\b(?:nanoid|cuid2?|ksuid|ulid|shortid) |\b(?:org|user|account|client|request|trace|event|customer|device|resource|object|node|group|team|project|tenant|run|job|build)[ _-]?id )$/i;
/** What digests, public keys of SSH, pictures and archives start with. */
const PUBLIC_START =
  /^(?:sha(?:1|256|384|512)-|pk_(?:live|test)_|MI[A-Za-z0-9+/]{2,4}(?:MA0GCSqGSIb3DQEBAQUAA4|jANBgkqhkiG9w0BAQEFAAO)|MFkwEwYHKoZIzj0|MCowBQYDK2Vw|MII[A-Za-z0-9+/]{3}CC[A-Za-z0-9+/]{4}AwIBAg|AAAA[BCE][0-9A-Za-z]{2}[Vz][a-zA-Z]|iVBORw0KGgo|\/9j\/4AAQ|R0lGOD|PHN2Zy|H4sI|UEsDB|JVBERi0|d09GMg|AAEAAAA)/;
/** Of a public JWK (RFC 7518): the modulus, the coordinates of a point. */
const COORDINATE = /\\?"[nxy]\\?"\s{0,4}:\s{0,4}\\?"$/;
/** Content ids of IPFS, peers of libp2p, `did:key`: base58 of a hash or of a public key. */
const BASE58 =
  /^(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|12D3KooW[1-9A-HJ-NP-Za-km-z]{44}|16Uiu2HA[1-9A-HJ-NP-Za-km-z]{45,46}|zQ3s[1-9A-HJ-NP-Za-km-z]{40,48}|z6[LM][A-Za-z][1-9A-HJ-NP-Za-km-z]{44,46}|zb2rh[1-9A-HJ-NP-Za-km-z]{44})$/;
/** LVM: of a volume, and of a device that is one. */
const LVM =
  /^(?:(?:lvm-pv-uuid-)?[A-Za-z0-9]{6}(?:-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}|(?:dm-uuid-)?(?:LVM|CRYPT|part[0-9]{1,3})-[A-Za-z0-9_-]{32,128})$/;
/** What is published for all to read: keys of DKIM, proofs that a domain is one's own, certificates in a JWK (RFC 7517). */
const PUBLISHED =
  /(?:\b(?:v=DKIM1|k=(?:rsa|ed25519))\b[^\n]{0,120}\bp=\s{0,4}|[._-](?:verification|verify|challenge|validation)\\?["']?\s{0,2}(?:[:=]|content=|value=)\s{0,2}\\?["']?|\bx5c\\?["']?\s{0,4}:\s{0,4}\[[^\]{}]{0,200}|\bsec-websocket-(?:key|accept):\s{0,4}|\bdid:[a-z]{2,16}:)$/i;
const NEXT_IN_LIST = /^={0,2}\\?["'],\s{0,24}\\?["']$/;
const LONGEST_GAP = 32;
/** How far in front of its parts a JWK says of what type it is: certificates may stand between. */
const JWK = 8192;
/** SOPS: nonce and tag beside the ciphertext; eyaml. */
const ENCRYPTED = /ENC\[(?:[A-Z0-9_]{3,16},data:|PKCS7,|GPG,|KMS,)[^\]\s]{0,220}$/;
/** Of signatures in XML: digests and certificates. */
const ELEMENT = /<(?:[A-Za-z0-9]{1,12}:)?(?:DigestValue|X509Certificate|X509SKI|Modulus)>\s{0,24}$/;
const MINISIGN = /^RW[A-Za-z0-9+/]{54}$/;
const PUBLIC_BLOCK =
  /-----BEGIN (?:[A-Z0-9 ]{0,32}CERTIFICATE|[A-Z0-9 ]{0,32}PUBLIC KEY|[A-Z0-9 ]{0,32}REQUEST|X509 CRL|DH PARAMETERS|PGP (?:MESSAGE|SIGNATURE))[^\n-]{0,32}-----/g;

/** What eyaml encrypted, and a certificate of a signature in XML: over several lines. */
const BASE64_HEADS = ['ENC[PKCS7,', 'X509Certificate>'];
const BASE64_BEGIN = /ENC\[PKCS7,|<(?:[A-Za-z0-9]{1,12}:)?X509Certificate>/g;
const BASE64_LINES = /[A-Za-z0-9+/=\s]{0,16384}/y;

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
    blocks ??= publicBlocks(text);
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
    if (isMoreOf(text, publicEnd, index) || isPublic(text, match[0], index, before, blocks)) {
      publicEnd = index + match[0].length;
      continue;
    }
    // In the path of a URL each segment has its own meaning; elsewhere a slash is a digit of base64.
    const isPath =
      match[0].includes('/') && (IN_URL.test(before) || before.endsWith(':') || PATH_START.test(match[0]));
    for (const word of isPath ? match[0].matchAll(SEGMENT) : [{ 0: match[0], index: 0 }]) {
      const start = index + word.index;
      if (isSecretWord(word[0]) && isTelling(word[0], before))
        spans.push({ start, end: start + word[0].length });
    }
  }
  return publicEnd;
}

/** Long, or with something before it that says what it is. */
function isTelling(word: string, before: string): boolean {
  return (
    word.length >= TELLING ||
    PREFIXED.test(word) ||
    CONTINUED.test(before) ||
    CUE.test(before.slice(-CUE_REACH))
  );
}

/** Directly behind a public word, or the next in a list of such. */
function isMoreOf(text: string, publicEnd: number, index: number): boolean {
  if (index === publicEnd) return true;
  return (
    publicEnd !== -1 && index - publicEnd <= LONGEST_GAP && NEXT_IN_LIST.test(text.slice(publicEnd, index))
  );
}

function isPublic(text: string, word: string, at: number, before: string, blocks: readonly Span[]): boolean {
  if (COORDINATE.test(before.slice(-16)) && text.slice(Math.max(0, at - JWK), at).includes('"kty'))
    return true;
  if (ELEMENT.test(before.slice(-40)) || isEncrypted(text, word, at)) return true;
  if (ENCRYPTED.test(before) || (MINISIGN.test(word) && before.includes('public key'))) return true;
  if (PUBLIC_START.test(word) || PUBLIC_NAME.test(before.slice(-48)) || PUBLISHED.test(before)) return true;
  return blocks.some(({ start, end }) => at >= start && at < end);
}

/** Certificates and public keys, one of which that is not closed goes to the end; what eyaml encrypted. */
function publicBlocks(text: string): readonly Span[] {
  const blocks = BASE64_HEADS.some((head) => text.includes(head)) ? base64Blocks(text) : [];
  return text.includes('-----BEGIN ') ? [...blocks, ...armouredBlocks(text)] : blocks;
}

/** Nothing but base64 up to its end, or to that of the text. */
function base64Blocks(text: string): Span[] {
  const blocks: Span[] = [];
  for (const { index, 0: begin } of text.matchAll(BASE64_BEGIN)) {
    BASE64_LINES.lastIndex = index + begin.length;
    BASE64_LINES.test(text);
    const end = BASE64_LINES.lastIndex;
    if (end === text.length || '<]'.includes(text.charAt(end))) blocks.push({ start: index, end });
    if (blocks.length === MAX_BLOCKS) break;
  }
  return blocks;
}

function armouredBlocks(text: string): Span[] {
  const blocks: Span[] = [];
  for (const { index, 0: begin } of text.matchAll(PUBLIC_BLOCK)) {
    const end = text.indexOf('-----END ', index + begin.length);
    blocks.push({ start: index, end: end === -1 ? text.length : end });
    if (blocks.length === MAX_BLOCKS || end === -1) break;
  }
  return blocks;
}

function isSecretWord(word: string): boolean {
  return (
    !HEX_OR_UUID.test(word) &&
    !GITHUB_NODE.test(word) &&
    !BASE58.test(word) &&
    !LVM.test(word) &&
    isRandom(word) &&
    !isReadableBase64(word)
  );
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
  if (isSmall(code)) return LOWER;
  if (isCapital(code)) return UPPER;
  return isDigit(code) ? DIGIT : 0;
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
    ...ENCRYPTED_PATTERNS,
    ELEMENT,
    BASE64_BEGIN,
    BASE64_LINES,
    BASE58,
    LVM,
    PUBLISHED,
    NEXT_IN_LIST,
    CUE,
    PREFIXED,
    CONTINUED,
    CANDIDATE,
    MIXED,
    SEGMENT,
    IN_URL,
    PATH_START,
    HEX_OR_UUID,
    GITHUB_NODE,
    PUBLIC_NAME,
    READABLE,
  ],
  find: randomWords,
};
