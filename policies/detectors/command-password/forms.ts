const IMAP = /(?:^|[\s"])[A-Za-z]{0,4}[0-9]{1,8} LOGIN "?[^\s"]{1,128}"? "?(?<secret>[^\s"]{1,128})/dg;
const STORE =
  /(?:kv|etcdctl) put (?:-[\w-]{1,16}(?:=\S{1,32})? ){0,3}(?=\S{0,96}(?:pass|pwd|secret|token|key))[^\s=]{1,128} ["']?(?![\w.-]{1,64}=)(?<secret>[^\s"'=@-][^\s"']{0,127})/dgi;
const STORES: Readonly<Record<string, RegExp>> = {
  'put-parameter ':
    /put-parameter (?=[^\n]{0,200}(?:SecureString|pass|secret|token))[^\n]{0,200}?--value[ =]["']?(?<secret>[^\s"'$]{1,256})/dgi,
};

/** What an option has in its name whose argument is a secret. */
const SECRET_OPTION = String.raw`-{1,2}[\w-]{0,32}(?:pass(?:word|wd|phrase)?|requirepass|masterauth|pwd|secret|token|api-?key|secret-?key)`;
/** What `echo` and `printf` write, behind their options and formats. */
const WRITTEN = String.raw`(?:echo|printf)[ \t]{1,4}(?:-[a-z]{1,3}[ \t]{1,4})?(?:["']%s(?:\\n)?["'][ \t]{1,4})?(?:'(?<single>[^'\n]{1,512})'|"(?<double>[^"\n]{1,512})"|(?<secret>[^\s"'|<>();&$\x60]{1,512}))`;

const WRITTEN_WORD = WRITTEN.replaceAll(String.raw`'\n]{1,512}`, String.raw`'\s]{1,512}`).replaceAll(
  String.raw`"\n]{1,512}`,
  String.raw`"\s]{1,512}`,
);

/** A pattern with the groups `secret`, `single` and `double`, and what it is looked for by. */
export interface Form {
  readonly word: string;
  readonly pattern: RegExp;
}

/** Forms that are more than a command and its arguments. */
export const FORMS: readonly Form[] = [
  // Secrets that a shell hands over as a file or as standard input
  ...['<(echo ', '<(printf '].map((word) => ({
    word,
    pattern: new RegExp(
      String.raw`(?:pass|pwd|secret|token|key|cred)[\w.=:/-]{0,48}[= ]<\(${WRITTEN}`,
      'dgi',
    ),
  })),
  {
    word: '<<<',
    pattern:
      /(?:\b(?:login|passwd|cryptsetup|secrets?|htpasswd|vault|kinit|su|sudo|unlock)\b[^\n<|;]{0,96}|stdin|-with-token|-fd[ =]0)[ ]{0,2}<<<[ ]?(?:\$?'(?<single>[^'\n]{1,256})'|"(?<double>[^"\n]{1,256})"|(?<secret>[^\s"'$(\\]{1,256}))/dgi,
  },
  ...["printf '%s' ", 'printf "%s" ', 'echo -n ', 'echo "', "echo '", '> /run/secrets', '> ~/.'].map(
    (word) => ({
      word,
      pattern: new RegExp(
        String.raw`${WRITTEN_WORD}[ \t]{0,4}(?:>{1,2}|\|[ \t]{0,4}(?:sudo[ ])?tee(?:[ ]-a)?)[ \t]{0,4}["']?(?=[^\s"']{0,96}(?:pass|pwd|secret|token|cred|\.key))`,
        'dgi',
      ),
    }),
  ),
  ...['| passwd', '| smbpasswd', '| sudo passwd', '| sudo smbpasswd'].map((word) => ({
    word,
    pattern: new RegExp(String.raw`${WRITTEN}(?=[^\n|]{0,64}\|[ \t]{0,4}(?:sudo[ ])?(?:smb)?passwd\b)`, 'dg'),
  })),
  // Arguments as `exec` and containers have them
  ...['pass", ', 'pass","', 'word", ', 'word","', "pass', ", "word', ", 'token", ', 'token","'].map(
    (word) => ({
      word,
      pattern: new RegExp(
        String.raw`["']${SECRET_OPTION}["'],\s{0,8}(?:"(?!-)(?<double>[^"\n$]{1,256})"|'(?!-)(?<single>[^'\n$]{1,256})')`,
        'dgi',
      ),
    }),
  ),
  {
    word: 'redis-cli ',
    pattern:
      /(?:redis|valkey)-cli[ ](?:[^\n|;&"']{1,128}[ ])?AUTH[ ](?:[\w-]{1,32}[ ](?=\S))?["']?(?<secret>[^\s"'$]{1,256})/dg,
  },
  // What a job asks its runner to mask
  { word: '::add-mask::', pattern: /::add-mask::(?<secret>[^\s"'$]{1,256})/dg },
  {
    word: 'user set password ',
    pattern: /user set password[ ][0-9]{1,3}[ ]["']?(?<secret>[^\s"'$<]{1,64})/dgi,
  },
  {
    word: 'check_command',
    pattern:
      /check_command\s{1,16}check_(?:mysql|pgsql|mongodb|snmp)\w{0,16}!(?:[\w.-]{1,32}!)?(?<secret>[^\s!$]{4,128})/dg,
  },
  {
    word: 'sp_addlogin',
    pattern:
      /sp_addlogin\s{1,8}(?:@\w{1,32}\s{0,4}=\s{0,4})?N?'[^'\n]{1,128}'\s{0,4},\s{0,4}(?:@\w{1,32}\s{0,4}=\s{0,4})?N?'(?<secret>[^'\n]{1,128})/dgi,
  },
  {
    word: 'reg add',
    pattern:
      /reg add [^\n]{0,160}?\/v[ \t]{1,4}\w{0,32}(?:pass|pwd|secret|key)\w{0,16}[^\n]{0,64}?\/d[ \t]{1,4}["']?(?<secret>[^\s"'/]{1,128})/dgi,
  },
  // Keys of routers and switches, some of them behind the number of their encryption
  ...[
    'tacacs-server key',
    'radius-server key',
    'isakmp key',
    'key-string',
    'chap password',
    'pppoe password',
  ].map((word) => ({
    word,
    pattern: new RegExp(`${word}[ \\t]{1,4}(?:[0-9][ \\t]{1,4})?(?<secret>\\S{3,128})`, 'dgi'),
  })),
  { word: 'pac key', pattern: /pac key[ \t]{1,4}(?:[0-9][ \t]{1,4})?(?<secret>\S{3,128})/dgi },
  {
    word: 'htpasswd',
    pattern:
      /htpasswd[ \t]{1,4}(?:-[A-Za-z0-9]{1,8}[ \t]{1,4}){0,4}-[a-z]{0,4}b[a-z]{0,4}[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4}){0,2}\S{1,128}[ \t]{1,4}\S{1,64}[ \t]{1,4}["']?(?<secret>[^\s"']{1,128})/dg,
  },
  {
    word: 'net use',
    pattern: /net use [^\n]{0,128}?\/user:\S{1,64}[ \t]{1,4}(?<secret>[^\s/*]\S{0,128})/dgi,
  },
  {
    word: 'net use',
    pattern:
      /net use (?:[A-Za-z*]:?[ \t]{1,4})?\\\\\S{1,128}[ \t]{1,4}(?<secret>[^\s/*]\S{0,128})[ \t]{1,4}\/u/dgi,
  },
  {
    word: 'sp_addlinkedsrvlogin',
    pattern:
      /sp_addlinkedsrvlogin\b[^\n;]{0,160}?,\s{0,4}N?'[^'\n]{1,64}'\s{0,4},\s{0,4}N?'(?<secret>[^'\n]{1,128})/dgi,
  },
  {
    word: 'net user',
    pattern: /net user[ \t]{1,4}[\w.-]{1,64}[ \t]{1,4}(?<secret>[^\s/*]\S{0,128})[ \t]{1,4}\/add/dgi,
  },
  {
    word: 'chpasswd',
    pattern:
      /echo[ \t]{1,4}(?:-[a-z]{1,3}[ \t]{1,4})?["']?[\w.-]{1,64}:(?<secret>[^\s"'|]{1,128})["']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo )?(?:\/usr\/sbin\/)?chpasswd/dg,
  },
  {
    word: 'chpasswd',
    pattern: /chpasswd[ \t]{0,4}<<<[ \t]{0,4}["']?[\w.-]{1,64}:(?<secret>[^\s"']{1,128})/dg,
  },
  {
    word: '-stdin',
    pattern:
      /echo[ \t]{1,4}(?:-[a-z]{1,3}[ \t]{1,4})?["']?(?<secret>[^\s"'|]{1,512})["']?[ \t]{0,4}\|[^\n|]{0,128}--(?:password-)?stdin/dg,
  },
  // What another command reads from its standard input
  ...['cryptsetup', 'secrets create', 'secrets versions add', 'secret create'].map((word) => ({
    word,
    pattern: new RegExp(
      `(?:echo|printf)[ \\t]{1,4}(?:-[a-z]{1,3}[ \\t]{1,4})?(?:["']%s(?:\\\\n)?["'][ \\t]{1,4})?["']?(?!%s)(?<secret>[^\\s"'|]{1,512})["']?[ \\t]{0,4}\\|[ \\t]{0,4}(?:[\\w-]{1,16}[ ]){0,3}${word}`,
      'dg',
    ),
  })),
  {
    word: 'secret create',
    pattern: /secret create [^\n<]{1,96}<<<[ ]?\\{0,2}["']?(?<secret>[^\s"'\\]{1,256})/dg,
  },
  {
    word: '-command "echo ',
    pattern: /-password-command "(?:echo|printf) (?:-n )?["']?(?<secret>[^\s"'|]{1,128})/dg,
  },
  {
    word: 'encrypt_string ',
    pattern:
      /encrypt_string(?: --?[\w-]{1,24}[ =][^\s'"-]\S{0,63}){0,3} ["']?(?<secret>[^\s"'-][^\s"']{0,127})/dg,
  },
  // Stores of keys and values whose key names a secret
  ...['kv put ', 'etcdctl put ', 'put-parameter '].map((word) => ({ word, pattern: STORES[word] ?? STORE })),
  ...["sed 's", 'sed -'].map((word) => ({
    word,
    pattern:
      /sed (?:-[a-zA-Z]{1,4} ){0,3}["']?s[/|#,](?=[^\s/|#,]{0,48}(?:PASS|PWD|SECRET|TOKEN|_KEY))[^\s/|#,]{1,64}[/|#,](?<secret>[^\s/|#,]{4,128})[/|#,]/dg,
  })),
  // Arguments as a list: only where a user stands beside them
  ...['-u, ', '-u", ', "-u', "].map((word) => ({
    word,
    pattern:
      /[[ ]["']?-u["']?, ?["']?[\w.@-]{1,64}["']?, ?["']?-p["']?, ?["']?(?![0-9]{1,5}[:"',\]])(?<secret>[^\s"',\]]{1,128})/dg,
  })),
  {
    word: 'chpasswd:',
    pattern:
      /chpasswd:\s{1,16}(?:expire: \w{1,8}\s{1,16})?list: ?\|\s{1,16}(?:- )?[\w.-]{1,32}:(?<secret>\S{1,128})/dg,
  },
  {
    word: 'basic.encode(',
    pattern: /basic\.encode\(\s{0,4}["'][^\s"':]{1,64}:(?<secret>[^\s"']{1,128})/dgi,
  },
  // SMTP (RFC 4954): what follows `Password:` in base64; IMAP (RFC 9051); Redis; LDAP; IRC; pppd
  {
    word: '334 ugfzc3dvcmq6',
    pattern:
      /334 UGFzc3dvcmQ6(?:\\r)?(?:\\n)?\s{1,4}(?:[\w<>-]{1,8}[:>]? )?(?<secret>[A-Za-z0-9+/]{2,256}={0,2})/dg,
  },
  ...[...'0123456789'].map((digit) => ({ word: `${digit} login `, pattern: IMAP })),
  { word: 'auth plain ', pattern: /AUTH PLAIN (?<secret>A[A-H][A-Za-z0-9+/]{6,512}={0,2})/dgi },
  { word: '> auth ', pattern: /> AUTH (?:[\w-]{1,32} )?(?<secret>[^\s"']{4,128})(?=\r?\n|$)/dg },
  { word: '"auth" "', pattern: /"AUTH"(?: "[^"\s]{1,64}"(?= "))? "(?<secret>[^"\s]{1,256})"/dgi },
  { word: 'acl setuser', pattern: /ACL SETUSER [^\n>]{1,160}>(?<secret>[^\s"']{1,256})/dgi },
  {
    word: 'authentication: simple',
    pattern: /authentication: simple(?: \(0\)\s{1,16}simple)?: (?<secret>[^\s)]{1,128})/dgi,
  },
  {
    word: 'nickserv',
    pattern:
      /nickserv[ :]{1,4}identify (?:[\w-]{1,32} (?=\S))?(?=[a-z]{0,64}[^a-z\s])(?<secret>\S{4,128})/dgi,
  },
  {
    word: '" * "',
    pattern:
      /"[^"\s]{1,64}"[ \t]{1,4}\*[ \t]{1,4}"(?<secret>[^"\s]{4,64})"[ \t]{1,4}(?:\*|[0-9.]{7,15})(?=[ \t]{0,4}(?:\r?\n|$))/dg,
  },
  // SQL*Plus
  ...['> connect ', '> conn ', '\nconnect ', '\nconn ', 'connect sys/', 'connect system/'].map((word) => ({
    word,
    pattern:
      /\bconn(?:ect)?[ \t]{1,4}[A-Za-z][\w$#]{0,30}\/"?(?<secret>[^\s"@/]{3,64})"?(?:@[\w/.:-]{1,128})?(?=[\s;]|$)/dgi,
  })),
  {
    word: 'sudo -s',
    pattern:
      /(?:echo|printf)[ \t]{1,4}(?:-[a-z]{1,3}[ \t]{1,4})?(?:["']%s(?:\\n)?["'][ \t]{1,4})?["']?(?!%s)(?<secret>[^\s"'|]{1,128})["']?[ \t]{0,4}\|[ \t]{0,4}sudo (?:-[A-RT-Za-z]{1,4} ){0,2}-[a-zA-Z]{0,4}S/dg,
  },
  { word: 'send ', pattern: /\bsend (?:-- )?\\?"(?<secret>[^"\n\\$ ]{4,128})\\{1,2}[rn]/dg },
  {
    word: 'username',
    pattern:
      /username[ \t]{1,4}\S{1,64}[ \t]{1,4}(?:privilege[ \t]{1,4}[0-9]{1,2}[ \t]{1,4})?(?:password|secret)[ \t]{1,4}[0-9][ \t]{1,4}(?<secret>\S{1,128})/dgi,
  },
  {
    word: 'enable ',
    pattern:
      /enable (?:secret|password)[ \t]{1,4}(?:(?:level[ \t]{1,4})?[0-9]{1,2}[ \t]{1,4}){0,2}(?<secret>\S{3,128})/dgi,
  },
];
