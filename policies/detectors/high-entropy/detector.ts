import type { Detector, Span } from '../detector.ts';

const CANDIDATE = /[A-Za-z0-9+/_-]{20,512}={0,2}/g;
const SEGMENT = /[A-Za-z0-9+_=-]{20,512}/g;
const IN_URL = /[a-z]:\/\/[^\s"'<>]{1,256}$/;
const HEX_OR_UUID =
  /^(?:[0-9a-f]{1,512}|[0-9A-F]{1,512}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;
// Node ids of the GitHub API: a type, an underscore and base64url that starts with k.
const GITHUB_NODE = /^[A-Z]{1,6}_k[A-Za-z0-9_-]{1,128}$/;
// Names of what is meant to be known: ids, digests, signatures of public things.
const PUBLIC_NAME =
  /(?:id|uid|uuid|sha|sha[0-9]{1,3}|hash|digest|checksum|etag|fingerprint|integrity|revision|commit)["']?\s{0,4}[:=]\s{0,4}["']?(?:sha[0-9]{3}-)?$/i;

/** Random base62 turns from one kind of character into another at nearly every second place, the humps of camel case
 * left out; names made of words do so at every fifth. */
const MIN_CHANGES = 0.32;
const MIN_DIGITS = 1;

function* randomWords(text: string): Generator<Span> {
  for (const match of text.matchAll(CANDIDATE)) {
    const before = text.slice(Math.max(0, match.index - 256), match.index);
    if (PUBLIC_NAME.test(before.slice(-48))) continue;
    // In the path of a URL each segment has its own meaning; elsewhere a slash is a digit of base64.
    const isPath = match[0].includes('/') && (IN_URL.test(before) || before.endsWith(':'));
    for (const word of isPath ? match[0].matchAll(SEGMENT) : [{ 0: match[0], index: 0 }]) {
      const start = match.index + word.index;
      if (isSecretWord(word[0])) yield { start, end: start + word[0].length };
    }
  }
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
  return digits >= MIN_DIGITS && upper >= 3 && lower >= 3 && changes >= MIN_CHANGES * word.length;
}

const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;

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
  patterns: [CANDIDATE, SEGMENT, IN_URL, HEX_OR_UUID, GITHUB_NODE, PUBLIC_NAME, READABLE],
  find: randomWords,
};
