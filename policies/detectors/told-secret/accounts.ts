import type { Span } from '../detector.ts';
import { strengthOf } from './token.ts';

const LINE = 96;
/** `admin / x`, `Administrator/x`: an account that every system has, and what stands behind the stroke. */
const PAIR =
  /(?<![\w./@:#-])["'\x60(]{0,2}(?<user>[A-Za-z][\w.@\\-]{1,40})["'\x60]?(?<joint>[ ]\/[ ]|\/)["'\x60]?(?<secret>[^\s"'\x60<>]{6,128}?)(?=["'\x60)\],;.]{0,3}(?:\s|$))/dg;
const ACCOUNT =
  /^(?:(?:[a-z]{1,12}[._-]?)?admin(?:istrator)?[0-9]{0,2}|root|sa|sys|system|sysadmin|sysdba|postgres|oracle|mysql|ubuntu|ec2-user|pi|cisco|ubnt|guest|operator|superuser|su|manager|maint(?:enance)?|support|service|svc[\w.-]{0,32}|deploy(?:er)?|backup|jenkins|nagios|zabbix|grafana|elastic|kibana|rabbit|app|test|tester|demo|user[0-9]{0,3}|vagrant|ftp|git|tomcat|monitor(?:ing)?)$/i;
const CUE =
  /(?:log(?:ged|ging)?[ -]?(?:in|on)|sign(?:ed|ing)?[ -]?in|creds?|credentials?|passw\w{0,8}|account|access|console|router|switch|firewall|gateway|vpn|wi-?fi|ilo|idrac|ipmi|bmc|esxi|vcenter|nas|ssh|rdp|portal|zugang|anmeld\w{0,8}|přístup|přihl\w{0,12}|acceso|acesso|accès|identifiants?|dostęp|toegang|доступ|логин)(?![\p{L}\p{N}])/iu;

export const ACCOUNT_PATTERNS: readonly RegExp[] = [PAIR, ACCOUNT, CUE];

/** Names of accounts and what stands behind them, beside a stroke. */
export function* pairsIn(text: string): Generator<Span> {
  for (const match of text.matchAll(PAIR)) {
    const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
    const strength = strengthOf(text.slice(start, end));
    if (strength === 'none') continue;
    const isAccount = ACCOUNT.test(match.groups?.['user'] ?? '');
    const isFree = match.groups?.['joint'] !== '/';
    const before = text.slice(Math.max(0, match.index - LINE), match.index);
    const isTold = CUE.test(before.slice(before.lastIndexOf('\n') + 1));
    if (isFree ? isAccount || isTold : isTold && strength === 'strong') yield { start, end };
    else if (isAccount && strength === 'strong') yield { start, end };
  }
}

/** A stroke with something on either side of it. */
export function mayBePair(text: string, start: number, end: number): boolean {
  if (text.charAt(end - 1) === '/') return isWord(text.charCodeAt(end));
  return isWord(text.charCodeAt(start - 1)) && text.charCodeAt(end) > SPACE;
}

const SPACE = 0x20;

/** A letter, a digit or what may end a name in quotes. */
function isWord(code: number): boolean {
  return code > 0x2f || code === 0x27 || code === 0x22;
}
