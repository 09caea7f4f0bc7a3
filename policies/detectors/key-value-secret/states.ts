import { STATUS } from './words.ts';

/** What is given in place of a password and is none, whoever gives it: switches, rules, states, kinds of storage. */
const STATES: ReadonlySet<string> = new Set(
  'tbd tba todo n/a yes no true false on off none null nil undefined required optional mandatory disabled enabled unchanged unset changed expired invalid missing incorrect wrong prompt interactive always never ask opaque files compat systemd sss nis unix winbind pam ldap mysql_native_password caching_sha2_password obligatorisch erforderlich falsch abgelaufen ungültig gesperrt geändert leer vergessen expiré requis invalide incorrect obligatoire oublié requerida requerido incorrecta incorrecto caducada obligatoria inválida vencida obrigatória obrigatório incorreta expirada verplicht verlopen ongeldig onjuist vereist wymagane nieprawidłowe błędne wygasło'.split(
    ' ',
  ),
);

/** What a sentence says of a password: “the password is …”, “password: …”. */
const PROSE: ReadonlySet<string> = new Set(
  'expire expires continue comply access unlock proceed match work connect authenticate avoid prevent allow enable ensure protect restore recover complete finish verify confirm register activate stale obvious trivial guessable sequential faster slower primaria foránea única pública privada write read-write github google apple facebook twitter azure okta gitlab jenkins weak strong short long simple complex unique random secure safe unsafe insecure secret sent here below above later soon tomorrow today again also always never often just still already almost enough right correct fine good bad okay easy hard difficult empty blank null ready available unavailable necessary needed present absent visible invisible temporary permanent different identical similar equal unequal sensitive insensitive confidential private public shared common stale fresh current previous next first last initial final original existing latest active inactive dead alive broken compromised leaked lost gone stolen known unknown what where there elsewhere nothing something anything everything same someone anyone none whatever whichever yours mine ours theirs his hers todo pending tbd tba see vault keepass lastpass bitwarden onepassword 1password below attached enclosed wrong true false okay only written kept made given shown taken hidden forgotten chosen broken typed string number boolean object array literal constant variable parameter argument field value header body cookie property attribute option flag column prompt form login page screen dialog box label text input button link email e-mail username user account admin root database server client service host cluster protocol driver plugin module library package class function method mode scheme mechanism format encoding base policy policies rule rules rotation expiry expiration reset recovery change update check manager management generator generators hash hashes hashing salt vaults store storage file files path environment config configuration settings default defaults minimum maximum length strength complexity history requirements authentication authorization verification validation confirmation encryption protection security access failure failures success error errors mismatch attempt attempts retry guess guessing cracking spraying sync synchronization spray attack attacks breach breaches dump leak prompts dialogs fields auth credentials credential tokens keys certificate certificates https http oauth kerberos important required-at-least alphanumeric numeric plain plaintext cleartext up-to-date optional-but-recommended case-sensitive case-insensitive one-way read-only about after before because between both could during either every having instead maybe might neither other perhaps please quite rather really several should since somehow somewhat soon than their these those though through together tonight under until unless usually very while within without would'.split(
    ' ',
  ),
);
/** How words end that say how something is or what is done. */
const ENDING =
  /(?:[a-z]{3}ed|[a-z]{3}ing|able|ible|ally|ctly|tely|tion|tions|sion|ment|ments|metrics|ness|ance|ence|ility|ility|ivity|arity|ously|less|ized|ised|rypt|crypted|lich|iert|werden|worden)$/;
/** Parts of names that programs give to what they handle. */
const NAMED =
  /passw|pwd|secret|username|user$|^user|login|token|config|valid|auth|crypt|param|string|field|input|value|credential|account|admin|client|server|service|request|response|object|manager|provider|handler|exception|error|example|placeholder|redact|variable|database/;
/** Mechanisms and formats: `SHA-256`, `utf8`. */
const TECHNIQUE =
  /^(?:sha|md|aes|utf|base|pbkdf|scram|rsa|tls|ssl|oauth|ntlm|http|ipv|bcrypt|argon|x|v|p|pkcs|rfc|cve|iso|tcp|udp|rc|hs|rs|es|eddsa|crc|latin|cp|mysql|windows|ec|h|base64|ripemd|blake)[-_.]?[0-9]{1,5}(?![^-_/.,;)])/i;
/** In a file of accounts, one that nobody logs in to. */
const LOCKED = /^[!*]{1,2}$/;
const LETTERS = /^\p{L}{5,64}$/u;
const WORDS = /^[a-z]{4,16}(?:([-_.])[a-z]{4,16}){2,5}$/i;
/** Of words with dots between them, what hosts and members of programs end in or start with. */
const HOST =
  /(?:^|\.)(?:com|org|net|internal|local|localhost|example|test|svc|cluster|corp|default|password|name|text|html|json|yaml|java|this|self|config|process|request|options|args|params|props|module|exports|settings)(?:\.|$)/i;

export const STATE_PATTERNS: readonly RegExp[] = [ENDING, NAMED, LOCKED, TECHNIQUE, LETTERS, WORDS, HOST];

/** `ALLOW_EMPTY_PASSWORD=yes`, `password: disabled`, `passwd: files systemd`. */
export function isState(value: string): boolean {
  return LOCKED.test(value) || STATES.has(value.toLowerCase().replace(/[),.:;]{1,4}$/, ''));
}

/** `SHA-256`, `utf8`: what passwords are stored or sent in. */
export function isTechnique(value: string): boolean {
  return TECHNIQUE.test(value);
}

/** A word that a sentence has here. */
export function isOfProse(word: string): boolean {
  const small = word.toLowerCase();
  return STATUS.has(small) || STATES.has(small) || PROSE.has(small) || ENDING.test(small);
}

/** A word of its own that nobody says of a password: what is left is one. */
export function isChosenWord(word: string): boolean {
  return LETTERS.test(word) && !isOfProse(word) && !NAMED.test(word.toLowerCase());
}

/** Three words or more, joined by one kind of sign, that name no member of a program and no host. */
export function isJoinedWords(value: string): boolean {
  if (!WORDS.test(value) || HOST.test(value)) return false;
  const words = value.toLowerCase().split(/[-_.]/);
  const isOfOneSign = ['-', '_', '.'].some((sign) => value.split(sign).length === words.length);
  return (
    isOfOneSign &&
    words.every((word) => !NAMED.test(word) && !STATES.has(word) && !STATUS.has(word) && !PROSE.has(word))
  );
}
