const WORD = "\\p{Lu}[\\p{L}\\p{M}]{0,24}(?:['’-]\\p{L}[\\p{L}\\p{M}]{0,24}){0,2}";
const PARTICLE = '(?:van|von|de|del|della|di|da|dos|du|der|den|la|le|bin|al|el|ter|zu)';
const FULL_NAME = `${WORD}(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){1,3}`;
const LAST_FIRST = `(?:${PARTICLE}[ ]){0,2}${WORD}(?:[ ]${WORD})?,[ ]${WORD}(?:[ ](?:${WORD}|\\p{Lu}\\.)){0,2}`;
const TIME = '[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[ \\u202f]?[AaPp]\\.?[Mm]\\.?)?';
const DAY =
  "(?:[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}|Today|Yesterday|Heute|Gestern|Hoy|Ayer|Aujourd[’']hui|Hier|Oggi|Ieri|[A-Z][a-z]{2,8} [0-9]{1,2}(?:, [0-9]{4})?)";
const AGE =
  '[0-9]{1,3} (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)(?:, [0-9]{1,2} months?)? ago';
/** Of accounts that somebody made for a person; below are those of the system, above is nobody. */
const PERSON_ID = '(?:[1-9][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{5,9})';

/** A form, and literals of which one stands in every text that it matches. */
export interface Form {
  readonly pattern: RegExp;
  readonly needs: readonly string[];
}

/**
 * Where the name stands in the lines of chats, of `git log`, of comments and of certificates. What stands there names
 * teams and programs as often, so their words must not be in it.
 */
export const CUED_FORMS: readonly Form[] = [
  // `[09:12] Jane Roe: done`, `[21.11.24, 09:12:33] Jane Roe: done`
  form(`\\[(?:${DAY},? )?${TIME}\\] <?(?<secret>${FULL_NAME})(?=[:>]|$|[\\r\\n])`, ['] ']),
  // `21/11/24, 09:12 - Jane Roe: done`, `09:12 <Jane Roe> done`, `09:12:33 From Jane Roe to Everyone:`
  form(`${TIME} (?:- |<|From )(?<secret>${FULL_NAME})(?=[:>]| to )`, [' - ', ' <', 'From ']),
  // `Jane Roe 9:12 AM`, `Jane Roe  09:12`, `Jane Roe — Today at 9:12 AM`, `Jane Roe [9:12 AM]`
  form(
    `(?:^|\\n)[ \\t>*]{0,8}(?<secret>${FULL_NAME})(?: \\([^()\\n]{1,40}\\))?[ \\t]{0,4}(?:[,|•·—–-] ?)?[ \\[]{1,2}(?:${DAY},?(?: at)? )?${TIME}\\]?:?[ \\t]{0,4}(?=[\\r\\n]|$)`,
    [':'],
  ),
  form(`(?:^|\\n)[ \\t>]{0,8}(?<secret>${FULL_NAME}), \\[${DAY},? ${TIME}\\]`, [', [']),
  // `3cf6b54 Jane Roe 3 days ago`, `(Jane Roe, 3 days ago)`
  form(`(?<![\\p{L}\\p{N}])(?<secret>${FULL_NAME})[,)]? [(-]{0,2} ?${AGE}`, [' ago']),
  // `(Jane Roe 2024-01-02 10:11:12 +0100 12)`
  form(
    `\\((?<secret>${FULL_NAME}) {1,40}[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} [+-][0-9]{4} {1,8}[0-9]{1,7}\\)`,
    [' +', ' -'],
  ),
  form(`(?:TODO|FIXME|XXX|HACK|NOTE|todo|fixme)\\((?<secret>${FULL_NAME})\\)`, ['(']),
  // Behind the two dashes and a space in front of a signature (RFC 3676 section 4.3).
  form(`(?:^|\\n)-- ?\\r?\\n[ ]{0,4}(?<secret>${FULL_NAME})(?:,[^\\r\\n]{0,80})?[ ]{0,4}(?=[\\r\\n]|$)`, [
    '--\n',
    '-- \n',
    '--\r',
    '-- \r',
  ]),
];

/** Where firms, machines and programs stand more often. */
export const LIKELY_FORMS: readonly Form[] = [
  form(
    `(?:Copyright|copyright|COPYRIGHT|©|\\([Cc]\\)(?= [0-9]{4}))(?: \\([Cc]\\)| ©)?[ ,]{1,2}(?:[0-9]{4}(?:[-–, ]{1,2}[0-9]{4}){0,6},? )?(?:by )?(?<secret>${FULL_NAME})(?=[ ]{0,4}(?:[\\r\\n<,.;(*]|$|All rights))`,
    ['opyright', 'OPYRIGHT', '©', '(c)', '(C)'],
  ),
  // `CN = Jane Roe, O = …`, `/CN=Jane Roe/`, `CN="Roe, Jane"`
  form(
    `(?<![\\p{L}])(?:CN|cn|commonName) ?= ?"?(?<secret>${FULL_NAME}|(?<=")${LAST_FIRST}|${WORD}(?: ${WORD})?\\\\, ${WORD})(?=[ ]{0,4}(?:[",+/;:()\\r\\n]|$))`,
    ['CN', 'cn', 'commonName'],
  ),
  form(`(?:^|\\n)cn: (?<secret>${FULL_NAME})[ ]{0,4}(?=[\\r\\n]|$)`, ['cn: ']),
];

/** Where nothing but a name of a person stands. */
export const SURE_FORMS: readonly Form[] = [
  // passwd(5): the comment of an account.
  form(
    `:${PERSON_ID}:[0-9]{1,10}:(?<secret>${FULL_NAME}|\\p{Lu}[\\p{L}\\p{M}-]{1,30}(?=,))[^:\\n]{0,120}(?=:)`,
    [':x:', ':*:', ':!:'],
  ),
  // In an address of mail, anywhere.
  form(`"(?<secret>${LAST_FIRST})(?: \\([^()"\\n]{1,40}\\))?"[ ]{0,2}<[^\\s<>@]{1,64}@`, [
    '" <',
    '"<',
    '"  <',
  ]),
  // LDIF (RFC 2849).
  form(
    `(?:^|\\n)(?:sn|surname|givenName|gn|initials)(?:;lang-[a-z-]{2,8})?: (?<secret>(?:${PARTICLE}[ ]){0,2}\\p{Lu}[\\p{L}\\p{M}'’. -]{0,60}\\p{L})[ ]{0,4}(?=[\\r\\n]|$)`,
    ['sn', 'surname', 'givenName', 'gn:'],
  ),
  // SAML 2.0 attributes, by their names and by the numbers of X.500.
  form(
    `Name="(?:[^"\\n]{0,120}[/:])?(?:givenName|given_?name|givenname|sn|surname|firstName|lastName|FirstName|LastName|first_name|last_name|displayName|displayname|fullName|cn|name|2\\.5\\.4\\.(?:3|4|42)|2\\.16\\.840\\.1\\.113730\\.3\\.1\\.241)"[^>]{0,256}>\\s{0,64}<(?:[A-Za-z0-9]{1,16}:)?AttributeValue[^>]{0,256}>\\s{0,64}(?<secret>(?:${PARTICLE}[ ]){0,2}\\p{Lu}[^<\\n]{1,120})<`,
    ['AttributeValue'],
  ),
];

/** `jane.roe`, `@jane.roe`, `jane@roe-laptop`: the parts of a login or of the comment of a key. */
export const LOGINS: readonly Form[] = [
  form(
    `(?:(?<![\\p{L}\\p{N}_@/.:-])@|(?:Account Name|User ?Name|user_?name|login|logon|samaccountname|sAMAccountName|uid|user)["']?[ \\t]{0,2}[:=][ \\t]{0,16}["']?(?:[A-Za-z0-9-]{1,15}\\\\{1,2})?)(?<secret>(?<first>[a-z]{3,24})[._](?<last>[a-z]{3,32})[0-9]{0,3})(?![\\p{L}\\p{N}@_(/]|[.:-][\\p{L}\\p{N}])`,
    ['@', 'ame', 'ogin', 'ogon', 'uid', 'ser'],
  ),
  form(
    `(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]{3}|sk-[a-z0-9-]{1,32}@openssh\\.com) (?:AAAA[A-Za-z0-9+/]{16,2048}={0,3}|\\[REDACTED:[a-z0-9-]{1,40}\\]) (?<secret>(?<first>[a-z]{3,24})[._-][a-z]{2,32}@[A-Za-z0-9][A-Za-z0-9._-]{0,63}|(?<first2>[a-z]{3,24})@(?:[A-Za-z0-9]{1,32}[-.]){1,4}[A-Za-z0-9]{1,32})`,
    ['ssh-', 'ecdsa-', 'sk-'],
  ),
];

/** What programs call things behind a word that is a given name as well. */
export const NO_LOGIN =
  /^(?:ya?ml|json|toml|html?|xml|txt|csv|conf|cfg|log|jpe?g|png|svg|pdf|[cm]?[jt]sx?|com|net|org|dev|app|svc|local|internal|service|name|value|size|length|count|time|type|text|data|file|test|page|user|users|admin|prod|staging|default|config|attempts|retries|memory|connections)$/;

function form(source: string, needs: readonly string[]): Form {
  return { pattern: new RegExp(source, 'dgu'), needs };
}
