import type { Detector, Span } from '../detector.ts';

const PAIRS =
  /(?<![0-9A-Fa-f:.-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}(?:(?::[0-9A-Fa-f]{2}){2})?|(?:-[0-9A-Fa-f]{2}){5}(?:(?:-[0-9A-Fa-f]{2}){2})?)(?![0-9A-Fa-f]|[:-][0-9A-Fa-f])/g;
const DOTTED =
  /(?<![0-9A-Za-z.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z]|\.[0-9A-Za-z])/g;
const NAMED =
  /(?:\bmac|hwaddr|hardware address|ethernet|bssid|lladdr)(?:[ _-]?addr(?:ess)?)?["']?[ ]?[:=]?[ ]?(?:is )?["']?(?<mac>[0-9A-Fa-f]{12})(?![0-9A-Za-z])/dgi;
/** All zeros, all ones, multicast groups of the protocols. */
const SPECIAL = /^(?:(?:00){6}|(?:ff){6}|01005e[0-9a-f]{6}|3333[0-9a-f]{8}|0180c2[0-9a-f]{6})$/i;
const SEPARATORS = /[:.-]/g;

/** Two digits or letters between dashes: the addresses that are not written with colons. */
const SIGNS = ['#', ...'abcdef'].flatMap((first) =>
  ['#', ...'abcdef'].map((second) => `-${first}${second}-`),
);

function* addresses(text: string): Generator<Span> {
  for (const pattern of [PAIRS, DOTTED]) {
    for (const match of text.matchAll(pattern)) {
      if (isDevice(match[0])) yield { start: match.index, end: match.index + match[0].length };
    }
  }
  for (const match of text.matchAll(NAMED)) {
    const [start, end] = match.indices?.groups?.['mac'] ?? [0, 0];
    if (isDevice(text.slice(start, end))) yield { start, end };
  }
}

/** Three groups of four decimal digits are a number or a version as well. */
function isDevice(address: string): boolean {
  const digits = address.replaceAll(SEPARATORS, '');
  return !SPECIAL.test(digits) && (!address.includes('.') || /[A-Fa-f]/.test(digits));
}

/** Of an address with dashes, the second pair. */
function isNameOrFirstPair(text: string, start: number): boolean {
  if (text.charCodeAt(start) !== DASH) return true;
  for (let at = start + 6; at <= start + 12; at += 3) if (text.charCodeAt(at) !== DASH) return false;
  return true;
}

const DASH = 0x2d;

export const detector: Detector = {
  id: 'mac-address',
  title: 'Hardware address of a network interface',
  docs: 'IEEE 802-2014 section 8; RFC 9542',
  net: 'text',
  keywords: ['mac', 'hwaddr', 'hardware address', 'ethernet', 'bssid', 'lladdr', ...SIGNS],
  accepts: isNameOrFirstPair,
  shapes: ['hex-groups'],
  patterns: [PAIRS, DOTTED, NAMED, SPECIAL, SEPARATORS],
  find: addresses,
};
