import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Detector, Span } from '../detector.ts';
import { isDigitAt } from '../letters.ts';
import { CUT_PATTERNS, cutAddress } from './cut.ts';
import { isVersion, VERSION_PATTERNS } from './versions.ts';

const V4 = /(?<![A-Za-z0-9_.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![A-Za-z0-9_]|\.[0-9]|-[A-Za-z0-9])/y;
const V6 =
  /(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{0,4}:){2,8}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{1,5})?(?![A-Za-z0-9_:]|\.[0-9])/g;

const NAMES = ['ip-#', 'ec2-#', 'host-#', 'static-#', 'dynamic-#'];
const DASHED =
  /(?<![A-Za-z0-9])(?:ip|ec2|host|static|dynamic)-((?:[0-9]{1,3}-){3}[0-9]{1,3})(?![A-Za-z0-9]|-[A-Za-z0-9])/iy;
const PORT = /^((?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}):[0-9]{2,5}$/;
const COLON = ':';
const HAS_DIGIT = /[0-9]/;
/** In digits, of those that are not special. */
const SHORTEST_V6 = 4;

/** The inner parts of a dotted quad, with a digit on both sides. */
const QUADS = ['#', '##', '###'].flatMap((second) =>
  ['#', '##', '###'].map((third) => `#.${second}.${third}.#`),
);
const QUAD = /[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|(?<![A-Za-z0-9])(?:ip|ec2|host|static|dynamic)-[0-9]/gi;
/** An address without `::` has seven, or six before a dotted quad, with up to four digits between. */
const MIN_COLONS = 6;
const GROUP_MAX = 5;

/** Addresses that name no machine of a person: private, loopback, link-local, documentation, multicast (RFC 6890). */
const SPECIAL: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const special = new BlockList();
for (const [address, prefix, family] of SPECIAL) special.addSubnet(address, prefix, family);

const NOTHING: readonly Span[] = [];

/** Addresses inside a cluster are evidence and stay; those of the outside world tell where people are. */
function publicAddresses(text: string, starts: readonly number[] = quadsIn(text)): readonly Span[] {
  const found: Span[] = [];
  let covered = 0;
  for (const digit of starts) {
    if (digit < covered) continue;
    if (!isDigitAt(text, digit)) {
      addDashed(found, text, digit);
      continue;
    }
    let start = digit;
    while (isDigitAt(text, start - 1) && start > digit - 3) start--;
    V4.lastIndex = start;
    const match = V4.exec(text);
    if (match === null) continue;
    covered = start + match[0].length;
    if (isIPv4(match[0]) && !isSpecial(match[0]) && !isVersion(text, start, match[0]))
      found.push(spanOf(match));
  }
  if (text.includes('::') || hasColons(text)) addV6(found, text);
  const cut = cutAddress(text);
  if (cut !== undefined && !isSpecialStart(text.slice(cut.start, cut.end))) found.push(cut);
  return found.length === 0 ? NOTHING : found;
}

/** Whether the address with zeros for what is missing is none of a person's machine. */
function isSpecialStart(start: string): boolean {
  if (start.includes(':')) return special.check(`${start.replace(/:$/, '')}::`, 'ipv6');
  const numbers = start.split('.').map((number) => (number === '' ? '0' : number));
  return isSpecial([...numbers, '0', '0', '0'].slice(0, 4).join('.'));
}

/** The names that providers of networks and machines give to addresses. */
function addDashed(found: Span[], text: string, start: number): void {
  DASHED.lastIndex = start;
  const address = DASHED.exec(text)?.[1];
  if (address === undefined) return;
  const end = DASHED.lastIndex;
  const dotted = address.replaceAll('-', '.');
  if (isIPv4(dotted) && !isSpecial(dotted)) found.push({ start: end - address.length, end });
}

function quadsIn(text: string): readonly number[] {
  return [...text.matchAll(QUAD)].map(({ index }) => index);
}

/** Whether as many colons as an address without `::` has follow each other closely. */
function hasColons(text: string): boolean {
  let count = 0;
  let last = -GROUP_MAX - 1;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    count = at - last <= GROUP_MAX ? count + 1 : 1;
    if (count === MIN_COLONS) return true;
    last = at;
  }
  return false;
}

/** Apache writes the port of a client behind another colon. */
function addV6(found: Span[], text: string): void {
  for (const match of text.matchAll(V6)) {
    const address = isIPv6(match[0]) ? match[0] : PORT.exec(match[0])?.[1];
    if (address === undefined || !isIPv6(address) || isName(address)) continue;
    if (special.check(address, 'ipv6')) continue;
    found.push({ start: match.index, end: match.index + address.length });
  }
}

/** `d::`, `DB::DB`: options and names of programs. */
function isName(address: string): boolean {
  return address.replaceAll(COLON, '').length < SHORTEST_V6 || !HAS_DIGIT.test(address);
}

/** The most frequent ones by their text alone: looking an address up in the list takes a microsecond. */
function isSpecial(address: string): boolean {
  return address.startsWith('10.') || address.startsWith('192.168.') || special.check(address, 'ipv4');
}

/** A quad; or the name of a machine of the outside world. */
function isQuadOrName(text: string, start: number, end: number): boolean {
  return isDigitAt(text, start) || !isOfCluster(text, end);
}

/** Nodes are named after their addresses: most begin with `10-`. */
function isOfCluster(text: string, end: number): boolean {
  return text.charAt(end - 1) === '1' && text.charAt(end) === '0' && text.charAt(end + 1) === '-';
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}

export const detector: Detector = {
  id: 'ip-address',
  title: 'Public IPv4 or IPv6 address',
  docs: 'RFC 6890 (special-purpose addresses), RFC 4291 section 2.2 (text form)',
  net: 'text',
  wraps: true,
  keywords: [...QUADS, ...NAMES],
  accepts: isQuadOrName,
  shapes: ['colons', 'cut-number'],
  patterns: [QUAD, V4, V6, DASHED, PORT, HAS_DIGIT, ...VERSION_PATTERNS, ...CUT_PATTERNS],
  find: publicAddresses,
};
