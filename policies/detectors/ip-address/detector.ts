import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Detector, Span } from '../detector.ts';

const V4 = /(?<![A-Za-z0-9_.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![A-Za-z0-9_]|\.[0-9]|-[A-Za-z0-9])/g;
const V6 =
  /(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![A-Za-z0-9_:])/g;

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
function* publicAddresses(text: string): Generator<Span> {
  for (const match of text.matchAll(V4)) {
    if (isIPv4(match[0]) && !special.check(match[0], 'ipv4')) yield spanOf(match);
  }
  for (const match of text.matchAll(V6)) {
    if (isIPv6(match[0]) && !special.check(match[0], 'ipv6')) yield spanOf(match);
  }
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}

export const detector: Detector = {
  id: 'ip-address',
  title: 'Public IPv4 or IPv6 address',
  docs: 'RFC 6890 (special-purpose addresses), RFC 4291 section 2.2 (text form)',
  net: 'text',
  keywords: [],
  shapes: ['dotted-digits', 'colons'],
  patterns: [V4, V6],
  find: publicAddresses,
};
