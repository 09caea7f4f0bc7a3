/**
 * How sure the syntax is that a value follows: `sure` for an assignment in a programming or configuration language,
 * `likely` where prose could read the same (`password: expired`), `vague` where only the value can tell, `bare` where
 * nothing but a space stands between, `told` where a sentence has a quoted value, `said` where it has another one,
 * `bracket` where nothing but a bracket stands between, as in a call.
 */
export type Certainty = 'sure' | 'likely' | 'vague' | 'bare' | 'told' | 'bracket' | 'said';

/** What stands between a name and its value. */
export interface Operator {
  readonly pattern: RegExp;
  readonly certainty: Certainty;
  /** Whether an unquoted value may follow. */
  readonly bare: boolean;
  /** Where an unquoted value ends, if not at the end of the word: at the next tag, or with the line. */
  readonly until?: 'tag' | 'block';
  /** What must stand directly before the key's identifier. */
  readonly before?: RegExp;
}

const CLOSE = String.raw`(?:\\{0,3}["'\x60]|\])?\]?(?:\[[0-9]{0,8}\])?`;
const QUOTE_AHEAD = String.raw`(?=(?:@|[bruf]{1,2})?\\?["'\x60])`;

/** `for the user bob`, `for root on db-1`, `(ask Ann before)`; the same in a few other languages */
const QUALIFIER = String.raw`[ ](?:for|of|on|in|at|with|f[uü]r|auf|von|bei|vom|pour|de|du|des|sur|para|en|do|da|del|van|voor|op|dla|na|per|di|su)[ ](?:(?:the|our|my|your|this|that|user|username|account|den|die|das|dem|der|la|le|el|los|les|o|a|de|het|il|l')[ ]){0,3}["'\x60]?[\w@./:-]{1,48}["'\x60]?(?:[ ](?:user|account|login|role|key|db|database|server|host|box|cluster|console|instance|vm|node|env|environment|keystore|backup|portal|service|repo|bucket))?`;
const QUALIFIED = String.raw`(?:${QUALIFIER}|[ ]\([^()\n]{1,48}\)|[ ]\[[\w@. -]{1,32}\])`;
/** What joins a password and the one that is told; “set to”, “changed to” need no other verb. */
const IS = String.raw`(?:is|was|are|ist|war|lautet|est|es|é|è|jest|er|är|je|este|equals|becomes)`;
const LINK = String.raw`(?:(?:(?:has|have|had)[ ]been|is|was|are|got|gets|now|wurde|a été|fue)?[ ]?(?:now[ ])?(?:(?:re)?set|changed|rotated|updated|switched|defaulted|geändert|gesetzt|changé|cambiada|alterada)[ ](?:to|as|auf|en|a|para)|${IS}(?:[ ](?:now|still|currently|just|simply|set[ ]to|jetzt|nun|aktuell|maintenant|ahora|agora|nu|teraz))?)`;

/** Between the name of an entry and its value: a comment, or other fields of the entry. */
const FIELDS = String.raw`(?:(?:#[^\n]{0,128}\n|\\?["']?(?!(?:name|key|default|content)\b|val)[A-Za-z_]{1,24}\\?["']?[ ]?[:=][ ]?(?:\\?"[^"\\\n]{0,128}\\?"|'[^'\n]{0,128}'|(?!["'\\])[^\s"'\\,{}]{1,64}(?=[\s,])))[\s,]{0,64}){1,3}`;
/** What the value of an entry is called. */
const VALUE = String.raw`(?:(?:parameter|param|setting|option|property|attribute|variable|env|secret|string|field|header|config|new)[_-]?)?(?:value|default|content|val)`;
/** Elements around the value in the element that is named, or the marks of a literal one. */
const WITHIN = String.raw`(?:<(?:value|string|data)>\s{0,64})?(?:<!\[CDATA\[\s{0,8})?`;

function operator(source: string, certainty: Certainty, rest: Partial<Operator> = {}): Operator {
  return { pattern: new RegExp(`^(?:${source})`, 'i'), certainty, bare: true, ...rest };
}

/** The first that matches decides. */
export const OPERATORS: readonly Operator[] = [
  // Kubernetes and compose {"name": "DB_PASSWORD", "value": "…"}, also over two lines of YAML; Terraform and web.config
  operator(
    String.raw`${CLOSE}(?:\s{0,4}[{,])?[\s,+]{0,64}\\?["']?(?<![A-Za-z0-9_])${VALUE}\\?["']?[ ]{0,40}[:=][ ]{0,40}`,
    'sure',
  ),
  operator(String.raw`${CLOSE}[ \t]{0,8}\r?\n-[ ]{2,64}["']?${VALUE}["']?[ ]{0,40}[:=][ ]{0,40}`, 'sure'),
  operator(String.raw`${CLOSE}[\s,]{1,64}${FIELDS}\\?["']?${VALUE}\\?["']?[ ]{0,40}[:=][ ]{0,40}`, 'sure'),
  // ARM, outputs of Terraform, DynamoDB: the name is that of an object that has the value
  operator(
    String.raw`\\?["']\s{0,4}:\s{0,4}\{\s{0,32}\\?["'](?:value|plaintext|plainText|current|secureValue|S)\\?["']\s{0,4}:\s{0,4}`,
    'sure',
    { bare: false },
  ),
  // Terraform: the default of a variable, with its other arguments before it
  operator(
    String.raw`["'][ ]{0,4}\{[+\s]{0,64}(?:[a-z_]{1,16}[ ]{0,16}=[^\n]{0,128}\n[+\s]{0,64}){0,6}default[ ]{0,16}=[ ]{0,16}`,
    'sure',
  ),
  operator(
    String.raw`["'](?:[ ][\w:.-]{1,32}=["'][^"'<>\n]{0,64}["']){0,4}[ ]{0,4}>\s{0,64}${WITHIN}`,
    'sure',
    {
      until: 'tag',
      // what these have between their tags is read by people
      before: /(?<!<(?:label|a|h[1-6]|button|legend|option|th|summary)[ ][^<>]{0,64})$/i,
    },
  ),
  operator(
    String.raw`<\/(?:[a-z]{1,12}-){0,3}(?:key|name|string)>\s{0,64}(?:<(?:[a-z]{1,12}-){0,3}(?:type|description)>[^<\n]{0,64}<\/[a-z-]{1,36}>\s{0,64}){0,1}<(?:[a-z]{1,12}-){0,3}(?:string|value|data)>\s{0,64}`,
    'sure',
    { until: 'tag' },
  ),
  operator(
    String.raw`(?:["']\])?\s{0,8}:?<\/(?:td|th|dt|strong|b|span|label)>\s{0,64}<(?:td|dd|code|pre|span)(?:[ ][^<>\n]{1,64})?>\s{0,64}(?:<(?:code|pre|tt)>)?`,
    'vague',
    { until: 'tag' },
  ),
  operator(
    String.raw`(?:[ ][\w:.-]{1,32}=(?:["'][^"'<>\n]{0,64}["']|[^\s"'<>=]{1,32})){1,4}[ ]{0,2}>\s{0,64}${WITHIN}`,
    'sure',
    { until: 'tag', before: /<[A-Za-z0-9:_-]{0,32}$/ },
  ),
  operator(String.raw`[ ]{0,2}>\s{0,64}${WITHIN}`, 'sure', {
    until: 'tag',
    before: /<[ ]{0,2}[A-Za-z0-9:_-]{0,32}[ ]{0,1}$/,
  }),
  // `SET PASSWORD FOR 'app'@'%' = '…'`, `#define WIFI_PASS "…"`
  operator(
    String.raw`[ ]for[ ]["'\x60]?[\w.%-]{1,64}["'\x60]?(?:@["'\x60]?[\w.%-]{1,64}["'\x60]?)?[ ]{0,4}=[ ]{0,4}(?:password\([ ]?)?(?=["'])`,
    'sure',
    { bare: false },
  ),
  operator(String.raw`[ \t]{1,32}(?=")`, 'sure', { bare: false, before: /#[ ]?define[ \t]{1,8}$/ }),
  // Erlang; COBOL
  operator(String.raw`["']?,\s{0,8}<<(?=")`, 'sure', { bare: false }),
  operator(
    String.raw`[ ]{1,16}pic(?:ture)?[ ](?:is[ ])?[x9a](?:\([0-9]{1,4}\))?[ ]{1,16}value[ ](?:is[ ])?(?=["'])`,
    'sure',
    { bare: false },
  ),
  // `db_password = <<~EOS.strip`, and the next line
  operator(
    String.raw`[ ]{0,4}=[ ]{0,4}<<[-~]?["']?[A-Za-z_]{1,16}["']?(?:\.[a-z_]{1,16}){0,3}\n[ \t]{0,32}`,
    'sure',
    { until: 'block' },
  ),
  // a schema, and an example of what it describes
  operator(
    String.raw`["']?:[ ]{0,2}\n[ \t]{1,32}(?:(?:type|format|description|title|minLength|maxLength|writeOnly|nullable):[^\n]{0,128}\n[ \t]{1,32}){1,4}(?:x-)?example:[ ]{1,4}`,
    'vague',
  ),
  // JSON in a quoted field of CSV
  operator(String.raw`""[ ]?:[ ]?(?="")`, 'sure', { bare: false }),
  // serialize() and var_dump() of PHP
  operator(String.raw`["']:(?:"[^"\n]{1,64}":)?(?:protected|private)\]=>\s{1,8}`, 'sure', { bare: false }),
  operator(String.raw`\\?["'];s:[0-9]{1,5}:(?=\\?["'])`, 'sure', { bare: false }),
  // a CI job that says what an expression came to
  operator(String.raw`[ \t]{0,4}\r?\n[^\n]{0,40}##\[debug\]=>[ ](?=')`, 'sure', { bare: false }),
  operator(
    String.raw`${CLOSE}\s{0,8}(?:\\\r?\n)?[ \t]{0,40}(?::{1,3}=|\?=|\.=|\+=|={1,2}>|={1,3}|!==?|<-|<=|~>)\s{0,8}[ \t]{0,40}`,
    'sure',
  ),
  operator(
    String.raw`${CLOSE}\?{0,1}[ ]{0,8}:[ ]{0,4}(?!['"])[\w<>.?|[\]&' ]{1,40}?(?:[ ]{1,4}=[ ]{1,8}|=(?=["'\x60]))`,
    'sure',
  ),
  // `DB_PASSWORD: old=x new=y`
  operator(String.raw`${CLOSE}:[ ]{1,4}(?:old|from|before|was|prev(?:ious)?|current)[=:][ ]?`, 'sure'),
  operator(String.raw`[ ]As[ ](?:New[ ])?[A-Za-z][\w.]{0,32}[ ]{0,8}=[ ]{0,8}`, 'sure'),
  operator(
    String.raw`[ ](?:string|String|str|\[\]byte|char|text|secret|varchar)[*?]?[ ]{0,4}:?=[ ]{0,8}`,
    'sure',
  ),
  operator(String.raw`\\{0,3}["'\x60][ ]{0,40}:(?:\s{0,8}|[ ]{0,40})`, 'sure'),
  operator(
    String.raw`${CLOSE}[ ]{0,8}:[ \t]{0,16}(?:!(?:!\w{1,12}|binary|vault|unsafe)[ ])?[|>][+-]?[0-9]?[ ]{0,4}\n[ \t]{1,32}`,
    'sure',
    {
      until: 'block',
    },
  ),
  operator(String.raw`[ ]{0,4}<<[-~]?["']?[A-Za-z_]{1,16}["']?(?:\.[a-z_]{1,16}){0,3}\n[ \t]{0,32}`, 'sure', {
    until: 'block',
  }),
  operator(
    String.raw`${CLOSE}[ ]{0,40}:{1,2}[ \t]{1,40}(?:!(?:!\w{1,12}|binary|vault|unsafe)[ ]|\n\s{0,32})?`,
    'likely',
  ),
  operator(String.raw`${CLOSE}:\n[ \t]{1,32}(?=["']?[^\s:"'-][^\s:]{0,128}\s{0,8}(?:\n|$))`, 'vague'),
  // `{User:app Password:x}` as Go prints a struct; a header alone in its line
  operator(String.raw`:(?=[^\s/:"'{[&<]\S{0,200}(?:[ ]|$))`, 'likely', {
    before: /(?:[{[]|[{ ][A-Z]\w{0,32}:[^\s{}]{0,48} )$/,
  }),
  operator(String.raw`:(?=\\?")`, 'sure', { bare: false, before: /[{,][ ]{0,1}$/ }),
  operator(String.raw`:(?=[^\s/:"'{[&<]\S{2,128}(?:\r?\n|$))`, 'likely', { before: /\n$/ }),
  // `I reset your password, it's x`
  operator(String.raw`,[ ](?:and[ ])?(?:now[ ])?it(?:['’]?s| is)(?:[ ]now)?:?[ ]{1,2}`, 'said'),
  // `is the password still x?`, `password used: x`
  operator(String.raw`[ ](?:still|now)[ ]{1,2}(?!in[ ])`, 'said', {
    before: /\b(?:is|was)[ ](?:(?:the|your|our|my)[ ])?(?:[\w-]{1,16}[ ]){0,2}$/i,
  }),
  operator(
    String.raw`[ ](?:used|set|entered|given|supplied|provided|tried|typed|attempt|attempted|guessed|generated|sent|received|chosen|assigned)[ ]?[:=][ ]{1,2}`,
    'said',
  ),
  // `the default password (x)`
  operator(
    String.raw`[ ]\((?=[^\s()]{0,64}[0-9!@#$%^&*])(?=[^\s()]{5,64}\)(?![ ]?[:=>-]|[ ]--?>)(?:[ .,;!?\n]|$))`,
    'said',
  ),
  // **Password:** x, *Password*: x
  operator(String.raw`(?:[*_]{1,3}[ ]?[:=]|[ ]?:[*_]{1,3})[ ]{1,2}`, 'said'),
  operator(String.raw`::?(?=[^\s/:])`, 'vague'),
  // a constant that an attribute or a macro is given in two kinds of quotes
  operator(String.raw`["'][ ]{1,4},\s{0,8}${QUOTE_AHEAD}`, 'vague', { bare: false }),
  operator(String.raw`\(\s{0,8}${QUOTE_AHEAD}`, 'sure', { bare: false, before: /[=]\s{0,2}$/ }),
  operator(String.raw`\(\s{0,8}${QUOTE_AHEAD}`, 'vague', { bare: false }),
  operator(
    String.raw`\\?["'\x60],\s{0,24}(?=\\?["'\x60])(?!\\?["'\x60][\w.-]{0,128}\\?["'\x60]\s{0,4}:)`,
    'vague',
    { bare: false },
  ),
  operator(String.raw`[ \t]{0,8}${QUOTE_AHEAD}`, 'vague', { bare: false }),
  operator(String.raw`[ ]{0,4}(?:\|{1,2}|->|-|,|:)[ ]{0,4}${QUOTE_AHEAD}`, 'vague', { bare: false }),
  operator(String.raw`[ ]{1,4}`, 'sure', { before: /(?:^|[\s"'])--?$/ }),
  operator(String.raw`[ \t]{1,4}(?!(?:to|for|as|in|on)[ ])`, 'sure', {
    before: /(?:^|\s)(?:ENV|ARG|setx?|setenv|set)[ \t]{1,4}$/,
  }),
  operator(
    String.raw`["'\x60]?${QUALIFIED}{0,3}[ ](?:${LINK}|to|(?:was[ ])?(?:changed|rotated|updated)[ ]from|(?:should|must|will|shall)[ ]be)[ ]?:?[ ]{1,2}${QUOTE_AHEAD}`,
    'told',
    { bare: false },
  ),
  // `use the following password to go on:`, an empty line, and the password
  operator(String.raw`(?:[ ][a-z]{1,16}){1,6}:[ \t]{0,4}(?:\r?\n){1,2}[ \t]{0,8}(?=\S)`, 'bare'),
  // `DB Password ........ : x`
  operator(String.raw`[ ]\.{2,64}[ ]{0,2}:?[ ]{1,2}`, 'said'),
  operator(
    String.raw`(?:[ ](?:is|was|has been))?[ ](?:auto-?)?(?:generated|created|assigned)${QUALIFIED}?[ ]?[:=][ ]{0,2}`,
    'said',
  ),
  operator(
    String.raw`${QUALIFIED}{0,3}(?:[ ]to[ ](?:the[ ])?[\w@.-]{1,40})?[ ]{1,2}${LINK}[ ]?[:=–-]?[ ]{1,2}(?!(?:set|reset|changed|rotated|updated|now|been|has|to|not|no)[ ])`,
    'said',
  ),
  operator(String.raw`${QUALIFIED}{0,2}[ ]{0,2}(?:→|⇒|➜|⟶|➔)[ ]{0,2}`, 'said'),
  operator(
    String.raw`[ ](?:for|of|on|in|at)(?:[ ](?:the|user|username|account)){0,2}[ ]["']?[\w@.-]{1,40}["']?[ ]?[:=](?=\S)`,
    'vague',
  ),
  operator(
    String.raw`${QUALIFIED}{0,3}[ ]?(?:[ ](?:(?:back[ ])?to|auf|from|will be|should be|must be|shall be|(?:you|we|they|u)[ ](?:need|want|should use|wanted|asked for)(?:[ ]is)?)[ ]?:?|:|=)[ ]{1,2}`,
    'vague',
  ),
  operator(String.raw`[ ]{0,2}\|[ ]{0,2}`, 'vague'),
  operator(String.raw`\][ ]{1,2}`, 'vague', { before: /\[$/ }),
  // `ID/PW admin/x`: what the two are is said before what they are
  operator(
    String.raw`\)?[ ]{0,2}(?:for[ ][\w@.-]{1,40}[ ]|-{1,2}>|={1,2}>|[:=(-])?[ ]{0,2}(?:[\w@.-]{1,40}:)?[A-Za-z][\w@.-]{1,40}[ ]{0,2}(?:\/{1,2}|\(|[ ])[ ]{0,2}`,
    'bare',
    { before: /(?:^|[^A-Za-z])(?:id|users?|username|login|account|acct|e-?mail)[ ]?[/&,+( ][ ]?$/i },
  ),
  operator(String.raw`${QUALIFIED}?[ ]{0,2}(?:-{1,2}|={1,2})>[ ]{0,2}|[ ](?:-{1,2}|[–—])[ ]`, 'bare'),
  operator(String.raw`[ ]?\([^()\n]{1,24}\)[ ]{0,2}(?:(?:={1,2}|-{1,2})>|[:=-])?[ ]{0,2}(?=[^\s])`, 'bare'),
  operator(String.raw`\([ ]?(?:[\w-]{1,16}:)?(?=[^"'\s)])`, 'bracket'),
  operator(String.raw`\)[ ]{0,2}[:=]?[ ]{0,2}(?=[^"'\s)])`, 'bracket'),
  operator(String.raw`[ \t]{1,16}(?:-{2,6}[ \t]{1,16})?(?:[0-9][ ])?`, 'bare'),
  operator(String.raw`:?[ \t]{0,8}\r?\n(?:[ \t]{0,8}\r?\n)?[ \t]{0,8}(?=\S)`, 'bare'),
];

export const SQL_PASSWORD =
  /^[ \t]{1,8}(?:(?:with[ \t]{1,8}\S{1,64}[ \t]{1,8})?(?:by|as)[ \t]{1,8})?(?:password[ \t]{1,8})?(?=['"])/i;
export const SQL_WORD = /(?:password|identified)$/i;
