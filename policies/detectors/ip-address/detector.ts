import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Detector, Span } from '../detector.ts';
import { mayGoOn } from '../prefixed-token.ts';
import { CUT_PATTERNS, cutAddress, mayBeCut } from './cut.ts';

const V4 = /(?<![A-Za-z0-9_.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![A-Za-z0-9_]|\.[0-9]|-[A-Za-z0-9])/y;
const V6 =
  /(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![A-Za-z0-9_:])/g;

/** The inner parts of a dotted quad, with a digit on both sides. */
const QUADS = ['#', '##', '###'].flatMap((second) =>
  ['#', '##', '###'].map((third) => `#.${second}.${third}.#`),
);
/** The middle of a quad that was cut off or goes on in the next line. */
const STARTS = ['#', '##', '###'].map((second) => `#.${second}.`);
const QUAD = /[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]/g;
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

/** Addresses inside a cluster are evidence and stay; those of the outside world tell where people are. */
function* publicAddresses(text: string, starts = quadsIn(text)): Generator<Span> {
  let covered = 0;
  for (const digit of starts) {
    if (digit < covered) continue;
    let start = digit;
    while (isDigit(text, start - 1) && start > digit - 3) start--;
    V4.lastIndex = start;
    const match = V4.exec(text);
    if (match === null) continue;
    covered = start + match[0].length;
    if (isIPv4(match[0]) && !isSpecial(match[0])) yield spanOf(match);
  }
  if (text.includes('::') || hasColons(text)) yield* publicV6(text);
  const cut = cutAddress(text);
  if (cut !== undefined && !isSpecialStart(text.slice(cut.start, cut.end))) yield cut;
}

/** Whether the address with zeros for what is missing is none of a person's machine. */
function isSpecialStart(start: string): boolean {
  if (start.includes(':')) return special.check(`${start.replace(/:$/, '')}::`, 'ipv6');
  const numbers = start.split('.').map((number) => (number === '' ? '0' : number));
  return isSpecial([...numbers, '0', '0', '0'].slice(0, 4).join('.'));
}

function quadsIn(text: string): readonly number[] {
  return [...text.matchAll(QUAD)].map(({ index }) => index);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
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

function* publicV6(text: string): Generator<Span> {
  for (const match of text.matchAll(V6)) {
    if (isIPv6(match[0]) && !special.check(match[0], 'ipv6')) yield spanOf(match);
  }
}

/** The most frequent ones by their text alone: looking an address up in the list takes a microsecond. */
function isSpecial(address: string): boolean {
  return address.startsWith('10.') || address.startsWith('192.168.') || special.check(address, 'ipv4');
}

/** A quad; or the start of one, where the text was cut off or a line ends. */
function isQuadOrStart(text: string, _: number, end: number): boolean {
  return text.charCodeAt(end - 1) !== DOT || mayBeCut(text, end) || mayGoOn(text, end);
}

const DOT = 0x2e;

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}

export const detector: Detector = {
  id: 'ip-address',
  title: 'Public IPv4 or IPv6 address',
  docs: 'RFC 6890 (special-purpose addresses), RFC 4291 section 2.2 (text form)',
  net: 'text',
  wraps: true,
  keywords: [...QUADS, ...STARTS],
  accepts: isQuadOrStart,
  shapes: ['colons'],
  patterns: [QUAD, V4, V6, ...CUT_PATTERNS],
  find: publicAddresses,
};
