import { type Detector, spansOfAll } from '../detector.ts';

const PATTERNS = [
  /\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|argon2(?:id?|d)|pbkdf2(?:-sha(?:1|256|512))?|scrypt|apr1|P|H)\$[A-Za-z0-9./+=,$-]{16,512}/dg,
  // PostgreSQL: pg_authid.rolpassword
  /SCRAM-SHA-256\$[0-9]{1,10}:[A-Za-z0-9+/=]{8,128}\$[A-Za-z0-9+/=:]{8,256}/dg,
  /(?<![A-Za-z0-9])md5[0-9a-f]{32}(?![0-9A-Za-z])/dg,
  /\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[A-Z0-9-]{0,16})\}[A-Za-z0-9./+=$-]{16,256}/dgi,
  /\*[0-9A-F]{40}(?![0-9A-Za-z])/dg, // MySQL mysql_native_password
];

export const detector: Detector = {
  id: 'password-hash',
  title: 'Hashed password',
  docs: 'crypt(5); https://www.postgresql.org/docs/current/catalog-pg-authid.html; RFC 2307; RFC 5803',
  net: 'all',
  keywords: [
    '$1$',
    '$2$',
    '$2a$',
    '$2b$',
    '$2x$',
    '$2y$',
    '$5$',
    '$6$',
    '$7$',
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
    '*',
  ],
  shapes: [],
  patterns: PATTERNS,
  find: (text) => spansOfAll(text, PATTERNS),
};
