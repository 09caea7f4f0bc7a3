import { type Detector, type Span, spansOf } from '../detector.ts';
import { isReference } from '../key-value-secret/value.ts';

// .netrc: fields in any order, over lines or not
const NETRC =
  /(?:\bmachine[ \t]{1,8}\S{1,256}|\bdefault(?=\s{1,32}login))\s{1,32}(?:(?:login|user|account)\s{1,32}\S{1,256}\s{1,32}){0,2}(?:password|passwd)\s{1,32}(?<secret>\S{1,256})/dg;
// .pgpass: host, port, database, user, password
const PGPASS =
  /(?:^|[\n"'])[ \t]{0,8}(?:[\w.*-]{1,256}|\[[0-9A-Fa-f:]{2,64}\]):(?:[0-9]{1,5}|\*):(?:[\w$.-]{1,64}|\*):(?:[\w$@.-]{1,64}|\*):(?<secret>(?:\\[:\\]|[^\s:\\"']){1,256})[ \t]{0,8}(?=\r?\n|$|\\{0,2}["']|\\[nr])/dg;
// .npmrc and .yarnrc
const NPMRC =
  /(?:^|[\s:])_(?:auth|password)[ \t]{0,4}[=:][ \t]{0,4}["']?(?<secret>[A-Za-z0-9+/=_-]{6,2048})/dg;
// .docker/config.json and the secrets made of it
const DOCKER =
  /\\?"(?:auth|identitytoken|registrytoken)\\?"[ \t]{0,8}:\s{0,16}\\?"(?<secret>[A-Za-z0-9+/=_.-]{8,8192})/dg;
// kubeconfig
const KUBECONFIG = /client-key-data["']?[ \t]{0,8}:[ \t]{0,8}["']?(?<secret>[A-Za-z0-9+/=]{16,16384})/dg;
// shadow(5) and htpasswd with crypt(3)
const SHADOW = /(?:^|\n)[a-z_][\w.-]{0,31}:(?<secret>!{0,2}\$[0-9a-z]{1,8}\$[^\s:]{8,512}):/dg;
const DES =
  /(?:^|\n)[\w.-]{1,64}:(?<secret>(?=[A-Za-z./]{0,12}[0-9])(?=[a-z0-9./]{0,12}[A-Z])[A-Za-z0-9./]{13})(?=\s|$)/dg;
// htdigest: user, realm, MD5
const DIGEST = /(?:^|\n)[\w.@-]{1,64}:[^:\n]{1,64}:(?<secret>[0-9a-f]{32})(?=\s|$)/dg;
// Postfix; .curlrc
const STATIC = /\bstatic:[\w.@-]{1,128}:(?<secret>[^\s:]{1,256})/dg;
const CURLRC =
  /(?:^|\n)[ \t]{0,8}-{0,2}(?:proxy-)?user[ \t]{0,4}[=: ][ \t]{0,4}"[^\s:"]{1,128}:(?<secret>[^\s"/]{1,256})"/dg;
// rclone, wireguard, wpa_supplicant, strongSwan
const PRIVATE_KEY_LINE =
  /(?:^|\s)(?:PrivateKey|PresharedKey|private_key|preshared_key)[ \t]{0,8}=[ \t]{0,8}(?<secret>[A-Za-z0-9+/]{42,44}=?)/dg;
const IPSEC = /:\s{0,4}(?:PSK|XAUTH|EAP)\s{1,8}["'](?<secret>[^"'\n]{1,256})/dg;
// Jenkins and Ansible vaults; beside values that are not encrypted, one that is stays
const JENKINS = /\{(?<secret>AQAAABAAA[A-Za-z0-9+/=]{16,2048})\}/dg;
const ANSIBLE =
  /(?<!!vault[ ]{1,4}[|>][+-]?\s{0,40})\$ANSIBLE_VAULT;[0-9.]{3,5};AES(?:256)?[^\n]{0,64}\n(?<secret>(?:[ \t]{0,32}[0-9a-f]{16,80}\s{0,2}){1,512})/dg;
const SERVICE_ACCOUNT = /private_key_id\\?["']?[ \t]{0,8}[:=][ \t]{0,8}\\?["']?(?<secret>[0-9a-f]{32,64})/dg;

const PATTERNS = [
  NETRC,
  PGPASS,
  NPMRC,
  DOCKER,
  KUBECONFIG,
  SHADOW,
  DES,
  DIGEST,
  STATIC,
  CURLRC,
  PRIVATE_KEY_LINE,
  IPSEC,
  JENKINS,
  ANSIBLE,
  SERVICE_ACCOUNT,
];

function* credentials(text: string): Generator<Span> {
  for (const pattern of PATTERNS) {
    for (const span of spansOf(text, pattern)) {
      if (!isReference(text.slice(span.start, span.end))) yield span;
    }
  }
}

/** What the files go on with, where the keyword is a word of prose, a port or a name. */
function mayBegin(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (text.startsWith('static', start)) return NAME[text.charCodeAt(end)] === 1;
  if (text.charCodeAt(end - 1) !== COLON)
    return !NETRC_HEADS.has(first | 32) || text.charCodeAt(end) <= SPACE;
  return first === COLON ? isAfterPort(text, end) : isBeforeHash(text, end) || isBeforeDigest(text, end);
}

/** `machine` and `default`; the other keywords begin with other letters. */
const NETRC_HEADS: ReadonlySet<number> = new Set([0x6d, 0x64]);

/** Database and user, each with its colon. */
function isAfterPort(text: string, from: number): boolean {
  const database = endOfWord(text, from);
  if (database === from || text.charCodeAt(database) !== COLON) return false;
  const user = endOfWord(text, database + 1);
  return user > database + 1 && text.charCodeAt(user) === COLON;
}

const COLON = 0x3a;
const LONGEST_NAME = 64;
const NAME = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w$@.*-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function endOfWord(text: string, from: number): number {
  let end = from;
  while (end - from < LONGEST_NAME && NAME[text.charCodeAt(end)] === 1) end++;
  return end;
}

/** A realm, and another colon that a hexadecimal digit follows. */
function isBeforeDigest(text: string, from: number): boolean {
  const realm = endOfRealm(text, from);
  return realm > from && text.charCodeAt(realm) === COLON && HEX[text.charCodeAt(realm + 1)] === 1;
}

function endOfRealm(text: string, from: number): number {
  let end = from;
  while (end - from < LONGEST_NAME && (NAME[text.charCodeAt(end)] === 1 || text.charCodeAt(end) === SPACE))
    end++;
  return end;
}

const HEX = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Thirteen characters up to a space. */
function isBeforeHash(text: string, from: number): boolean {
  for (let at = from; at < from + 13; at++) {
    const code = text.charCodeAt(at);
    if (code !== SLASH && NAME[code] !== 1) return false;
  }
  return from + 13 === text.length || text.charCodeAt(from + 13) <= 0x20;
}

const SLASH = 0x2f;
const SPACE = 0x20;

/** Whom a line with a hash of crypt(3) is often about; its thirteen characters say nothing by themselves. */
const USERS: readonly string[] =
  'root admin user test guest demo operator backup deploy manager nagios svn git ftp jenkins www-data'.split(
    ' ',
  );

export const detector: Detector = {
  id: 'credentials-file',
  title: 'Line of a file that programs keep credentials in',
  docs: 'netrc(5), shadow(5), wg(8); https://www.postgresql.org/docs/current/libpq-pgpass.html; https://docs.npmjs.com/cli/configuring-npm/npmrc; https://docs.docker.com/reference/cli/docker/login/',
  net: 'all',
  keywords: [
    'machine',
    'default',
    'static:',
    'user = "',
    'user="',
    'user "',
    'user: "',
    ':*:',
    ':####:',
    ':#####:',
    ...USERS.flatMap((user) => [`${user}:`, `${user}#:`]),
    '_auth',
    '_password',
    '"auth',
    'identitytoken',
    'registrytoken',
    'client-key-data',
    ':$',
    ':!',
    'privatekey',
    'presharedkey',
    'private_key',
    'preshared_key',
    'psk',
    'xauth',
    'aqaaabaaa',
    '$ansible_vault',
    '"auth\\',
  ],
  accepts: mayBegin,
  shapes: [],
  patterns: PATTERNS,
  find: credentials,
};
