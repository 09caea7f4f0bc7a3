/** A command that prints a secret and nothing else. */
interface Printer {
  /** What the detector is woken by, in small letters. */
  readonly word: string;
  /** What its line must have besides. */
  readonly needs?: RegExp;
}

const SECRET_WORD = /pass|pwd|secret|token|cred|key|login|auth|cert|admin/i;
const RAW =
  /--query|-o(?:utput)?[ =](?:text|tsv)|--output[ =](?:text|tsv)|get-value|\bjq\b|-r\b|--plain|--raw/i;

/** From the manuals of the commands. */
export const PRINTERS: readonly Printer[] = [
  { word: '--with-decryption', needs: RAW },
  { word: 'get-secret-value', needs: RAW },
  { word: 'keyvault secret show', needs: RAW },
  { word: 'secrets versions access' },
  { word: 'get-login-password' },
  { word: 'print-access-token' },
  { word: 'print-identity-token' },
  { word: 'get-access-token' },
  { word: 'generate-db-auth-token' },
  { word: 'initial-password' },
  { word: 'initialadminpassword' },
  { word: 'base64 -d', needs: SECRET_WORD },
  { word: 'base64 --decode', needs: SECRET_WORD },
  { word: 'base64decode', needs: SECRET_WORD },
  { word: '-field=', needs: /vault|bao|secret|token|pass/i },
  { word: '-field ', needs: /vault[ ](?:kv|read)|bao[ ]/i },
  { word: 'openssl rand' },
  { word: '/dev/urandom', needs: /base64|tr[ ]-|xxd|head|od[ ]/ },
  { word: 'pwgen ' },
  { word: 'mkpasswd' },
  { word: 'apg -' },
  { word: 'pass show ' },
  { word: 'gopass show ' },
  { word: 'op read ' },
  { word: 'bw get ', needs: /bw get (?:password|totp|notes)/ },
  { word: 'lpass show ' },
  { word: 'find-generic-password ' },
  { word: 'find-internet-password ' },
  { word: 'secret-tool lookup ' },
  { word: 'keyring get ' },
  { word: 'doppler secrets get ', needs: RAW },
  { word: 'infisical secrets get ', needs: RAW },
  { word: 'chamber read ' },
  { word: 'gh auth token' },
  { word: 'vault token ', needs: RAW },
  { word: 'create token ' },
  { word: 'serviceaccounts get-token ' },
  { word: 'oc whoami -t' },
  { word: 'output -raw ', needs: SECRET_WORD },
  { word: 'config:get ', needs: SECRET_WORD },
  { word: 'consul keygen' },
  { word: 'wg genkey' },
  { word: 'wg genpsk' },
  { word: 'gen-random ' },
  { word: 'rake secret' },
  { word: 'rails secret' },
  { word: 'token_urlsafe(' },
  { word: 'token_hex(' },
  { word: '"randompassword' },
  { word: '.data.password', needs: /base64/ },
  { word: '| jq -r ', needs: /jq -r ["']?[^\n|]{0,64}(?:pass|secret|token|pwd)/i },
];

/** A line that ends so reads a file or a variable whose name says what it holds. */
export const READS =
  /(?:^|[\s;&|$#(])(?:cat|less|more|type|head(?:[ ]-\w{1,4}){0,2}|sudo[ ]cat|Get-Content|gc)[ ]["']?[^\s"'|;<>]{0,160}(?:passw(?:or)?d|passphrase|secret|token|credential|pwd|\.pass|\.pw)s?(?:[._-]?(?:file|txt|value))?["']?[ ]{0,4}$|(?:echo|printenv|print)[ ]["']?(?:\$\{?|%|\$env:)?\w{0,48}(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|API_?KEY|SECRET_?KEY|PWD_?\w{0,8})\w{0,16}(?:\}|%)?["']?[ ]{0,4}$|[ ]\/(?:var\/)?run\/secrets\/[^\s"'|;<>]{1,160}["']?[ ]{0,4}$/i;

/** Its output goes somewhere else. */
export const ELSEWHERE =
  /(?<![-=2&])>{1,2}[ ]?[^\s&>]|\|[ ]{0,2}(?:sudo[ ])?(?:xargs|kubectl|oc|tee|docker|podman|helm|vault|psql|mysql|clip|pbcopy|xclip|xsel|wc|sha[0-9]{1,3}sum|md5sum|openssl[ ](?:x509|req|verify|dgst)|gpg|ssh|nc|curl)\b|\$\([^()\n]{0,400}\)|^[^\n]{0,40}\b[A-Z_]{2,40}=["']?[$`]/;

/** The words that end such a line. */
export const READ_WORDS: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'secrets',
  'token',
  '_token}',
  '_password}',
  'credentials',
  '.txt',
  'pass',
]
  .flatMap((word) => [`${word}\n`, `${word}"\n`, `${word}\r\n`])
  .concat('/run/secrets/');

export const COMMAND_PATTERNS: readonly RegExp[] = [
  SECRET_WORD,
  RAW,
  READS,
  ELSEWHERE,
  ...PRINTERS.flatMap(({ needs }) => (needs === undefined ? [] : [needs])),
];
