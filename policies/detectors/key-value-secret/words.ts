/** Words that can be joined by nothing, `_`, `-`, `.` or a space. */
function joined(...words: readonly string[]): string[] {
  return ['', '_', '-', '.', ' '].map((separator) => words.join(separator));
}

function compounds(heads: string, tail: string): string[] {
  return heads.split(' ').flatMap((head) => joined(...head.split('+'), tail));
}

/** Whose value is a secret whatever it looks like. */
export const STRONG: readonly string[] = [
  ...'identified password passwd passwrd passphrase passcode pwd pswd pword secret credential credentials creds pasword paswd passowrd passwrod'.split(
    ' ',
  ),
  ...'erlangcookie erlang_cookie erlang.cookie'.split(' '),
  'erlang cookie',
  ...compounds('otp totp hotp mfa', 'seed'),
  ...compounds('secret security', 'answer'),
  ...joined('pass', 'phrase'),
  ...joined('pass', 'word'),
  ...compounds(
    'api access secret private account encryption signing auth authentication authorization master shared+access session service license licence webhook deploy storage app application client consumer subscription ingestion instrumentation shared pre+shared host admin server crypto cipher hmac aes jwt cookie integration developer merchant secret+access api+secret signature unlock decryption symmetric wrapping vault wifi wi-fi wpa wep genie',
    'key',
  ),
  ...compounds(
    'access api auth refresh bot personal+access oauth security deploy client app application secret private registration',
    'token',
  ),
  ...compounds('secret+key secret+token', 'base'),
];

/** “Password” elsewhere; the parts before a letter outside ASCII are left out. */
export const FOREIGN: readonly string[] =
  'passwort kennwort motdepasse senha wachtwoord parola clave salasana heslo adgangskode adgangskoden passord passordet contrasena contrase senord'
    .split(' ')
    .concat(['mot de passe', 'mot_de_passe', 'zugangsdaten']);

/** Whose value is a secret when it looks like one. */
export const WEAK: readonly string[] = [
  ...'token pass passw pk pw psw psk pat cred bearer auth authorization authtoken tkn jwt otp pin puk sig sas dsn pepper requirepass masterauth'.split(
    ' ',
  ),
  ...compounds(
    'activation product recovery backup write ingest network device provisioning management project partner',
    'key',
  ),
  ...compounds(
    'recovery backup activation pin otp 2fa mfa verification security one-time login auth sms unlock access',
    'code',
  ),
  ...compounds('reporter session', 'id'),
  ...compounds('app', 'certificate'),
  // WordPress
  ...compounds('auth nonce logged+in signing hash password', 'salt'),
  // AppRole of Vault
  ...compounds('secret', 'id'),
  // PKCE, RFC 7636
  ...compounds('code', 'verifier'),
  // Consul
  ...compounds('initial', 'management'),
];

/** Of all these, the ones for a password, which may be a word that is easy to remember. */
export const PASSWORDS: ReadonlySet<string> = new Set(
  [...STRONG, ...FOREIGN, ...WEAK].filter((word) =>
    /^(?:pass|pasw|pwd|pw$|psw$|pswd|pword|kennwort|mot|senha|wachtw|parola|clave|salas|heslo|adgang|contras|senord|wi-?fi|wpa|wep)/.test(
      word,
    ),
  ),
);

/** As a word of its own it says nothing: only a generated value is a secret. */
export const BARE_KEY = 'key';

/** Short or ordinary enough to be the end of another word (`compass`, `enclave`). */
export const WHOLE_WORDS: ReadonlySet<string> = new Set([
  'pass',
  'pw',
  'psw',
  'psk',
  'pin',
  'puk',
  'otp',
  'auth',
  'bearer',
  'jwt',
  'pat',
  'passw',
  'pword',
  'pk',
  'cred',
  'sig',
  'sas',
  'dsn',
  'pepper',
  'pwd',
  'clave',
  'parola',
  'senha',
  'heslo',
  'creds',
  BARE_KEY,
]);

/** Of a key or token that is no secret, the word before it. */
export const PUBLIC_BEFORE =
  /(?:did:|pub(?:lic)?(?:[_-]?key)?|publishable|primary|foreign|partition|sort|cache|routing|row|hash|range|idempotency|lookup|index|unique|composite|page|next|continuation|continue|sync|cursor|resume|prev(?:ious)?|map|object|col(?:umn)?|uniq|websocket|x:|group|dedup(?:lication)?|event|message|topic|shard|natural|surrogate|hot|arrow|max|min|num|total|input|output|prompt|completion|stop|eos|bos|pad|sequence|bucket|s3|registry|config|label|annotation|field|tag|context|dict|metadata|meta|host|known|lock|redis|etcd|translation|locale|i18n|react|grouping|aggregation)[_\-. ]?$/i;

/** After the word and before the end of the name; nothing else may follow for a name that is sure. */
export const SUFFIX =
  /^(?:[_.-]?(?:hash|value|val|plain|text|base64|b64|hex|enc|encrypted|raw|string|str|prod|production|dev|development|staging|stage|test|testing|live|qa|uat|old|new|current|default|admin|user|db|ro|rw|base|var|env|[0-9]{1,4})){0,3}(?:__(?![A-Za-z0-9_]))?(?![A-Za-z0-9_])/i;
/** A name that goes on (`apiKeyForShop`): the value has to look generated. */
export const LONGER = /^[A-Za-z0-9_.-]{1,24}(?![A-Za-z0-9_.-])/;
/** What such a name is about when it ends so. */
export const ABOUT =
  /(?:names?|ids?|url|uri|path|file|dir|len|length|size|types?|version|count|expir[a-z]{1,8}|ttl|time|date|at|age|endpoint|host|policy|policies|rules?|status|state|format|algorithm|alg|provider|manager|store|ring|pair|board|word|code|press|frame|fingerprint|thumbprint|checksum|digest|prefix|suffix|label|hint|field|input|placeholder|regex|pattern|arn|ref|reference|key|selector|scope|issuer|audience|usage|limit|index|space|method|class|mode|source|required|enabled|disabled|strength|complexity|history|validity|lifetime|duration|retention|attempts|retries|s)$/i;

/** What prose and logs say of a password instead of telling it, and how code declares one. */
export const STATUS: ReadonlySet<string> = new Set(
  'required optional expired invalid incorrect wrong missing not must should shall may can cannot the a an your my his her our their this that is was has have had been be failed failure empty reset changed change updated rotated set unset mismatch ok yes no on off enabled disabled authentication authenticate for from of to in with and or as by at unexpected unable denied rejected accepted found string str text bool boolean int integer number float any object bytes byte char void unknown varchar uuid date required, optional, none nil null undefined true false default if when then else please enter provide see using use used too only same new old error errors valid verified unknown unauthorized forbidden required. expired. invalid. token secret username user are will would could did does do it all each every sensitive hidden masked redacted encrypted hashed plain strict oauth oauth2 basic bearer digest include omit same-origin manual automatic auto fail passed skip local ldap saml cert sso iam github google cookie session public private realm method type bcrypt argon2 argon2id scrypt base64 utf8 utf-8 ascii hex latin1 pbkdf2 sha1 sha256 sha512 md5 scram-sha-256 md5crypt plaintext'.split(
    ' ',
  ),
);

/** What code takes a value from. */
export const CODE_ROOT =
  /^(?:this|self|cls|config|cfg|conf|settings|options|opts|request|req|params|args|kwargs|process|os|env|props|state|data|user|ctx|context|secrets|vars|var|local|module|input|form|body|event|payload|res|response|session|credentials|row|record|item|obj|object|values|app|service|system|environment|builder|model|nil|await|new|null|undefined|none|true|false|function|lambda|async|return|typeof|str|string|getpass|let|const)(?:[.?[(]|$)/i;

/** Passwords so common that they are told by the word alone. */
export const COMMON: ReadonlySet<string> = new Set(
  'changeme changeit password passw0rd admin administrator root toor letmein welcome qwerty guest secret test default iloveyou monkey dragon master hunter correcthorsebattery correcthorsebatterystaple postgres oracle tiger manager vagrant raspberry minioadmin rabbitmq elastic sa'.split(
    ' ',
  ),
);
