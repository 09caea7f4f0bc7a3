import { isLetterOrDigit } from '../../ascii.ts';
import { cutEnd } from '../cut-off.ts';
import type { Detector, Span } from '../detector.ts';

const LOCAL = /(?:"[^"\r\n]{1,64}"|[^\s@()<>[\]{}\\,;:"'`|=/]{1,64})(?:=\r?\n)?$/;
const DOMAIN =
  /^(?:[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9\u00a1-\uffff-]{0,62}[A-Za-z0-9\u00a1-\uffff])?\.){1,8}(?:[A-Za-z\u00a1-\uffff]{2,24}|xn--[A-Za-z0-9-]{2,59})/;
/** `jane.roe`: hardly a program, a host or a file. */
const PERSON =
  /^[a-z]{2,24}\.(?!(?:ya?ml|json|toml|[cm]?[jt]sx?|io|py|go|rb|rs|sh|so|jar|md|lock|service|socket|slice|timer|scope|mount|target|local|internal|com|net|org|dev)$)[a-z]{2,24}[0-9]{0,4}$/i;
const PLAIN = /^[A-Za-z0-9._%+-]{1,64}$/;
/** A host that ends too early, and one that has got as far as the last dot. */
const HOST = /^(?:[A-Za-z][A-Za-z0-9-]{0,62}(?:\.[A-Za-z][A-Za-z0-9-]{0,62}){0,3}\.?)?$/;
const LAST_LETTER = /\.[A-Za-z]$/;
/** Behind the name of a package, an image or an object: a version, a digest, an address in memory. */
const TAG = /^(?:v[0-9]|sha[0-9]|latest|next|canary|beta|alpha|rc|stable|main|master|[0-9a-f]{6,64}$)/i;
/** `getty@tty1.service`: an instance of a unit of systemd. */
const UNIT =
  /^[A-Za-z0-9:_.\\-]{1,128}\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
/** `jane.roe [at] example [dot] org`, `jane dot roe at example dot org`: the sign, and what stands on both sides. */
const SPELT_SIGN = / at | ?[[({](?:at|@)[\])}] ?/gi;
const SPELT_LOCAL = /[A-Za-z0-9_%+-]{1,64}(?:(?:\.| ?[[({]dot[\])}] ?| dot )[A-Za-z0-9_%+-]{1,64}){0,3}$/i;
const SPELT_DOMAIN =
  /^[A-Za-z0-9-]{1,63}(?:(?:\.| ?[[({](?:dot|\.)[\])}] ?| dot )[A-Za-z0-9-]{2,63}){1,3}(?![A-Za-z0-9])/i;
/** Behind a bare ` at `, which is prose as often as not. */
const SPELT_OUT = /^[A-Za-z0-9-]{1,63}(?: dot [A-Za-z0-9-]{2,63}){1,3}(?![A-Za-z0-9])/i;
/** Behind the name of a field for it, an address that was cut off needs no other sign. */
const MAIL_FIELD = /mail(?:[_ -]?addr(?:ess)?)?["']?[ ]?[:=][ ]?["']?$/i;
const MAIL_FIELD_MAX = 24;
/** The sign of quoted-printable for a line that goes on (RFC 2045 section 6.7). */
const SOFT_BREAK = /=\r?\n/;
/** `actions/cache@v3.` and `react@18.2.` before the first word of a line. */
const VERSIONED =
  /^(?:v?[0-9]{1,6}(?:[-+][A-Za-z0-9-]{1,32})?|main|master|latest|next|stable|canary|beta|alpha)(?:\.v?[0-9]{1,6}(?:[-+][A-Za-z0-9-]{1,32})?){0,4}\.(?!(?:com|net|org|cn|io|de|co|edu|gov)$)[A-Za-z]{1,24}$/;
/** The end of a sentence and the start of the next. */
const NEXT_SENTENCE = /^(?<host>[^A-Z]{1,254})\.[A-Z][a-z]{1,23}$/;
const PART_OF_LOCAL = /[A-Za-z0-9._%+-]/;
const LOCAL_MAX = 66;
const DOMAIN_MAX = 255;
const HOST_MAX = 64;

/** Reads outwards from each `@`, so that time does not depend on what stands between. */
function* addresses(text: string, starts?: readonly number[]): Generator<Span> {
  if (starts?.length !== 0) yield* speltOut(text);
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = LOCAL.exec(text.slice(Math.max(0, at - LOCAL_MAX), at))?.[0];
    if (local === undefined) continue;
    const domain = domainAt(text, at + 1);
    if (domain !== undefined && VERSIONED.test(domain)) continue;
    if (isCutOff(text, at, local, domain)) yield { start: at - local.length, end: cutEnd(text) };
    if (domain === undefined || UNIT.test(domain)) continue;
    if (!isGitRemote(local, text, at + 1 + domain.length)) {
      yield { start: at - local.length, end: at + 1 + domain.length };
    }
  }
}

/** With what breaks the line in it. */
function domainAt(text: string, from: number): string | undefined {
  const rest = text.slice(from, from + DOMAIN_MAX);
  const soft = SOFT_BREAK.exec(rest);
  if (soft === null || soft.index > HOST_MAX) return hostOf(DOMAIN.exec(rest)?.[0]);
  const joined = DOMAIN.exec(rest.replace(soft[0], ''))?.[0];
  if (joined === undefined || joined.length <= soft.index) return joined;
  return rest.slice(0, joined.length + soft[0].length);
}

/** Without the first word of the next sentence, where lines were joined. */
function hostOf(domain: string | undefined): string | undefined {
  const host = domain === undefined ? undefined : NEXT_SENTENCE.exec(domain)?.groups?.['host'];
  return host === undefined ? domain : DOMAIN.exec(host)?.[0];
}

function* speltOut(text: string): Generator<Span> {
  for (const { 0: sign, index } of text.matchAll(SPELT_SIGN)) {
    const local = SPELT_LOCAL.exec(text.slice(Math.max(0, index - DOMAIN_MAX), index))?.[0];
    if (local === undefined || PART_OF_LOCAL.test(text.charAt(index - local.length - 1))) continue;
    const end = index + sign.length;
    const form = sign.toLowerCase() === ' at ' ? SPELT_OUT : SPELT_DOMAIN;
    const domain = form.exec(text.slice(end, end + DOMAIN_MAX))?.[0];
    if (domain !== undefined) yield { start: index - local.length, end: end + domain.length };
  }
}

/** An address whose host the end of the text cut off. */
function isCutOff(text: string, at: number, local: string, domain = ''): boolean {
  if (!isNearEnd(text, at, at + 1) || text.charAt(at - local.length - 1) === '/') return false;
  const host = text.slice(at + 1, cutEnd(text));
  if (!HOST.test(host) || TAG.test(host) || (domain !== '' && host.length <= domain.length + 1)) return false;
  if (MAIL_FIELD.test(text.slice(Math.max(0, at - local.length - MAIL_FIELD_MAX), at - local.length)))
    return true;
  return PERSON.test(local) || (LAST_LETTER.test(host) && PLAIN.test(local) && local !== 'git');
}

/** Whether nothing but a part of a host stands between the sign and the end of the text. */
function isNearEnd(text: string, _: number, end: number): boolean {
  if (text.length > end + HOST_MAX) return false;
  const last = cutEnd(text);
  for (let at = end; at < last; at++) if (!isInHost(text.charCodeAt(at))) return false;
  return true;
}

function isInHost(code: number): boolean {
  return isLetterOrDigit(code) || code === 0x2d || code === 0x2e;
}

/** `git@github.com:acme/shop.git` names a repository. */
function isGitRemote(local: string, text: string, end: number): boolean {
  return local === 'git' && (text[end] === ':' || text[end] === '/');
}

export const detector: Detector = {
  id: 'email',
  title: 'E-mail address',
  docs: 'RFC 5321 section 4.1.2, RFC 6531',
  net: 'all',
  wraps: true,
  keywords: ['@', '[at]', '(at)', '{at}', '[@]', '(@)', ' dot '],
  accepts: (text, start, end) => end - start > 1 || isNearEnd(text, start, end),
  shapes: ['at-then-dot'],
  patterns: [
    SPELT_SIGN,
    SPELT_LOCAL,
    SPELT_DOMAIN,
    SPELT_OUT,
    PART_OF_LOCAL,
    UNIT,
    LOCAL,
    DOMAIN,
    PERSON,
    PLAIN,
    HOST,
    LAST_LETTER,
    TAG,
    MAIL_FIELD,
    SOFT_BREAK,
    VERSIONED,
    NEXT_SENTENCE,
  ],
  find: addresses,
};
