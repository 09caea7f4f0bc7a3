import { isHexDigit } from '../../ascii.ts';
import { type Detector, type Rule, type Span, spansOfRules } from '../detector.ts';
import { mayGoOn } from '../prefixed-token.ts';

const RULES: readonly Rule[] = [
  {
    pattern:
      /\$(?:1|2[abxy]?|3|5|6|7|8|9|sm3|y|gy|sha1|argon2(?:id?|d)|pbkdf2(?:-sha(?:1|256|512))?|scrypt|apr1|P|H)\$[A-Za-z0-9./+=,$-]{16,512}/dg,
    needs: ['$'],
  },
  // PostgreSQL: pg_authid.rolpassword
  {
    pattern: /SCRAM-SHA-256\$[0-9]{1,10}:[A-Za-z0-9+/=]{8,128}\$[A-Za-z0-9+/=:]{8,256}/dg,
    needs: ['SCRAM-SHA'],
  },
  { pattern: /(?<![A-Za-z0-9])md5[0-9a-f]{32}(?![0-9A-Za-z])/dg, needs: ['md5'] },
  {
    pattern: /\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[A-Z0-9-]{0,16})\}[A-Za-z0-9./+=$-]{16,256}/dgi,
    needs: ['{'],
  },
  // Kerberos and cached domain credentials, Django, Atlassian, Drupal, macOS
  {
    pattern: /\$(?:krb5(?:tgs|asrep|pa)|DCC2|mysql\$A|ml|bcrypt-sha256|S)\$[^\s"']{16,4096}/dg,
    needs: ['$'],
  },
  {
    pattern: /\bpbkdf2_sha(?:1|256|512)\$[0-9]{1,10}\$[A-Za-z0-9+/=.]{4,128}\$[A-Za-z0-9+/=]{16,256}/dg,
    needs: ['pbkdf2_sha'],
  },
  { pattern: /\{PKCS5S2\}[A-Za-z0-9+/=]{40,256}/dg, needs: ['{PKCS5S2}'] },
  // LM and NT hashes as account dumps print them
  { pattern: /:[0-9]{1,10}:(?<secret>[0-9a-fA-F]{32}:[0-9a-fA-F]{32}):/dg, needs: [':'] },
  // The LM hash of nothing, and the NT hash beside it
  { pattern: /aad3b435b51404eeaad3b435b51404ee:[0-9a-fA-F]{32}/dgi, needs: ['aad3b435b5', 'AAD3B435B5'] },
  // Werkzeug: method, salt and hash
  {
    pattern:
      /(?<![\w:])(?:scrypt:[0-9]{1,8}:[0-9]{1,4}:[0-9]{1,4}|pbkdf2:sha(?:1|256|512)(?::[0-9]{1,8})?)\$[A-Za-z0-9./+=-]{4,64}\$[0-9a-fA-F]{32,256}/dg,
    needs: ['scrypt:', 'pbkdf2:'],
  },
  { pattern: /\*[0-9A-F]{40}(?![0-9A-Za-z])/dg, needs: ['*'] }, // MySQL mysql_native_password
];

// What is put to a password before it is hashed: letters and digits mixed
const SALT: Rule = {
  pattern:
    /(?<![A-Za-z])(?:salt|pepper|Salt|Pepper|SALT|PEPPER)(?:[_-]?(?:hex|HEX|value|base64|b64|key|KEY))?\\{0,3}["']?[ \t]{0,8}(?::?=|:|=>)[ \t]{0,8}\\{0,3}["']?(?<secret>[A-Za-z0-9+/_!@#$%^&*?~]{12,256}={0,2})(?=\\{0,3}["']?(?:[\s,;)}\]]|$))/dg,
  needs: ['salt', 'Salt', 'SALT', 'pepper', 'Pepper', 'PEPPER'],
};
const SALT_IN_NAME: Rule = {
  pattern:
    /(?<=[a-z0-9])(?:Salt|Pepper)\\{0,3}["']?[ \t]{0,8}(?::?=|:|=>)[ \t]{0,8}\\{0,3}["']?(?<secret>[A-Za-z0-9+/_!@#$%^&*?~]{12,256}={0,2})(?=\\{0,3}["']?(?:[\s,;)}\]]|$))/dg,
  needs: ['Salt', 'Pepper'],
};
const SALTS: readonly Rule[] = [SALT, SALT_IN_NAME];

function* hashes(text: string): Generator<Span> {
  yield* spansOfRules(text, RULES);
  for (const span of spansOfRules(text, SALTS)) {
    const salt = text.slice(span.start, span.end);
    if (/[0-9]/.test(salt) && /[A-Za-z]/.test(salt)) yield span;
  }
}

const STAR = 0x2a;
const COLON = 0x3a;
const SMALL_M = 0x6d;
/** How many digits of a hash are looked at. */
const LOOK = 6;

/** Behind `*`, `md5` and `:500:`, which ordinary text has, hexadecimal digits; or a line break, over which it goes on. */
function mayBegin(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first !== STAR && first !== COLON && (first | 32) !== SMALL_M) return true;
  for (let at = end; at < end + LOOK; at++) {
    if (!isHexDigit(text.charCodeAt(at))) return mayGoOn(text, at);
  }
  return true;
}

export const detector: Detector = {
  id: 'password-hash',
  title: 'Hashed password',
  docs: 'crypt(5); https://www.postgresql.org/docs/current/catalog-pg-authid.html; RFC 2307; RFC 5803',
  net: 'all',
  wraps: true,
  keywords: [
    '$1$',
    '$2$',
    '$2a$',
    '$2b$',
    '$2x$',
    '$2y$',
    '$5$',
    '$6$',
    '$3$',
    '$7$',
    '$8$',
    '$9$',
    '$sm3$',
    '$y$',
    '$gy$',
    '$sha1$',
    '$argon2',
    '$pbkdf2',
    '$scrypt',
    '$apr1$',
    '$p$',
    '$h$',
    'scram-sha-256$',
    'md5',
    '{ssha',
    '{sha',
    '{smd5',
    '{crypt',
    '{pbkdf2',
    ...[...'0123456789abcdef'].map((digit) => `*${digit}`),
    '$krb5',
    '$dcc2$',
    '$mysql$a$',
    '$ml$',
    '$bcrypt-sha256$',
    '$s$',
    'pbkdf2_sha',
    'aad3b435b51404ee',
    'scrypt:',
    'pbkdf2:sha',
    'salt=',
    'salt:',
    'salt =',
    'salt"',
    "salt'",
    'salt_hex',
    'salt_value',
    'salt_base64',
    'salt\\',
    'pepper=',
    'pepper:',
    'pepper =',
    'pepper"',
    "pepper'",
    'pepper\\',
    '{pkcs5s2}',
    ':###:',
    ':####:',
    ':#####:',
    ':######:',
  ],
  accepts: mayBegin,
  shapes: [],
  patterns: [...RULES, ...SALTS].map(({ pattern }) => pattern),
  find: hashes,
};
