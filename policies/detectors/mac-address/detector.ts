import type { Detector, Span } from '../detector.ts';
import { BEYOND_HEX, makeRunReader, RUN, type Runs } from '../runs.ts';

const PAIRS =
  /(?<![0-9A-Fa-f:.-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}(?:(?::[0-9A-Fa-f]{2}){2})?|(?:-[0-9A-Fa-f]{2}){5}(?:(?:-[0-9A-Fa-f]{2}){2})?)(?![0-9A-Fa-f]|[:-][0-9A-Fa-f])/y;
const DOTTED =
  /(?<![0-9A-Za-z.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z]|\.[0-9A-Za-z])/y;
const NAME =
  /(?:\bmac|hwaddr|hardware address|ethernet|bssid|lladdr)(?:[ _-]?addr(?:ess)?)?["']?[ ]?[:=]?[ ]?(?:is )?["']?$/i;
const NAME_REACH = 48;
/** All zeros, all ones, multicast groups of the protocols. */
const SPECIAL = /^(?:(?:00){6}|(?:ff){6}|01005e[0-9a-f]{6}|3333[0-9a-f]{8}|0180c2[0-9a-f]{6})$/i;
const SEPARATORS = /[:.-]/g;
/**
 * Of the addresses that are administered locally, those that software gives to interfaces of its own: Docker, Kubernetes
 * (both with the address in the cluster behind two bytes), KVM, Calico, Xen. Phones choose such addresses by chance as
 * well and keep them for a network, so the bit alone says nothing.
 */
const VIRTUAL = /^(?:0242|0a58|525400|eeeeeeeeeeee|feffffffffff)/i;
const LOCAL = /^[0-9a-f][26ae]/i;
/** What the kernel tells of the interfaces of the machine itself, and names of those that are no device. */
const INTERFACE =
  /(?:(?<![a-z])(?:link\/ether|lladdr|ether|hwaddr)[ ]|(?<![a-z])(?:veth|cali|cni|docker|flannel|cilium|lxc|virbr|br-[0-9a-f]{6}|vnet|tap|tun|dummy|ovs|vxlan|kube-)[a-z0-9.-]{0,15}(?![a-z])[^\n]{0,32})$/i;
const AFTER_INTERFACE =
  /^[^\n]{0,40}(?<![a-z])(?:link-netns|veth|cali|cni|docker|flannel|cilium|virbr|br-[0-9a-f]{6}|vnet|tap|tun|vxlan)/i;
const AFTER_REACH = 52;

const HEX = ['#', ...'abcdef'];
/** Two digits or letters between dashes: the addresses that are not written with colons. Days of months have no letters. */
const SIGNS = [
  '-##-##-',
  ...HEX.flatMap((first) => HEX.map((second) => `-${first}${second}-`)).filter((sign) => sign !== '-##-'),
];

const NOTHING: readonly Span[] = [];
const readRuns = makeRunReader();
const PAIR = 2;
const PAIRS_MIN = 6;
const FOUR = 4;
const WHOLE = 12;

function addresses(text: string, starts?: readonly number[], runs: Runs = readRuns(text)): readonly Span[] {
  const { table, length } = runs;
  let found: Span[] | undefined;
  for (let run = 0; run < length; run += RUN) {
    if (((table[run + 2] as number) & BEYOND_HEX) !== 0) continue;
    const start = table[run] as number;
    const size = (table[run + 1] as number) - start;
    let end = -1;
    if (size === PAIR) {
      if (isFollowed(runs, run, PAIRS_MIN)) end = endOf(PAIRS, text, start);
    } else if (size === FOUR) {
      if (isFollowed(runs, run, 3)) end = endOf(DOTTED, text, start);
    } else if (size === WHOLE && starts?.length !== 0) {
      if (NAME.test(text.slice(Math.max(0, start - NAME_REACH), start))) end = start + WHOLE;
    }
    if (end !== -1 && isDevice(text.slice(start, end)) && !isVirtual(text, start, end))
      (found ??= []).push({ start, end });
  }
  return found ?? NOTHING;
}

/** Whether so many runs stand there with one character between two of them. */
function isFollowed({ table, length }: Runs, run: number, count: number): boolean {
  const last = run + (count - 1) * RUN;
  if (last >= length) return false;
  for (let at = run; at < last; at += RUN) {
    if (table[at + RUN] !== (table[at + 1] as number) + 1) return false;
  }
  return true;
}

/** -1 where it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Three groups of four decimal digits are a number or a version as well. */
function isDevice(address: string): boolean {
  const digits = address.replaceAll(SEPARATORS, '');
  return !SPECIAL.test(digits) && (!address.includes('.') || /[A-Fa-f]/.test(digits));
}

/** Of no device that somebody holds. */
function isVirtual(text: string, start: number, end: number): boolean {
  const digits = text.slice(start, end).replaceAll(SEPARATORS, '');
  if (!LOCAL.test(digits)) return false;
  if (VIRTUAL.test(digits)) return true;
  return (
    INTERFACE.test(text.slice(Math.max(0, start - NAME_REACH), start)) ||
    AFTER_INTERFACE.test(text.slice(end, end + AFTER_REACH))
  );
}

/** A word; or among five dashes that stand three characters apart. */
function isNameOrPair(text: string, start: number): boolean {
  if (text.charCodeAt(start) !== DASH) return true;
  let first = start;
  while (first > start - PAIRS_MIN * STEP && text.charCodeAt(first - STEP) === DASH) first -= STEP;
  for (let at = first; at < first + (PAIRS_MIN - 1) * STEP; at += STEP)
    if (text.charCodeAt(at) !== DASH) return false;
  return true;
}

const DASH = 0x2d;
const STEP = PAIR + 1;

export const detector: Detector = {
  id: 'mac-address',
  title: 'Hardware address of a network interface',
  docs: 'IEEE 802-2014 section 8; RFC 9542',
  net: 'text',
  keywords: ['mac', 'hwaddr', 'hardware address', 'ethernet', 'bssid', 'lladdr', ...SIGNS],
  accepts: isNameOrPair,
  shapes: ['hex-groups'],
  patterns: [PAIRS, DOTTED, NAME, SPECIAL, SEPARATORS, VIRTUAL, LOCAL, INTERFACE, AFTER_INTERFACE],
  find: addresses,
};
