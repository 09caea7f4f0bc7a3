/** A command that takes a password as one of its arguments. */
export interface Command {
  /** Its name, which may be of two words; in small letters. */
  readonly name: string;
  /** Arguments after which the password follows, as the next one or after `=` or `:`. */
  readonly flags?: readonly string[];
  /** What the argument starts with that holds the password. */
  readonly glued?: readonly string[];
  /** The password is the argument with this number after the name, flags left out. */
  readonly place?: number;
  /** In the argument at that place (or after the flag), what stands before the password. */
  readonly after?: string;
  /** What to look for instead of the name and a blank, where ordinary text is full of that. */
  readonly keywords?: readonly string[];
}

function commands(names: string, rest: Omit<Command, 'name'>): Command[] {
  return names.split(' ').map((name) => ({ name: name.replaceAll('_', ' '), ...rest }));
}

/** From the manuals of the commands. */
export const COMMANDS: readonly Command[] = [
  ...commands('mysql mysqldump mysqladmin mysqlimport mysqlcheck mariadb mariadb-dump', { glued: ['-p'] }),
  ...commands('sshpass', { flags: ['-p'], glued: ['-p'] }),
  ...commands(
    'docker_login podman_login buildah_login helm_registry_login nerdctl_login oras_login crane_auth_login',
    {
      flags: ['-p', '--password'],
    },
  ),
  ...commands('skopeo', { flags: ['--creds', '--src-creds', '--dest-creds'], after: ':' }),
  ...commands('redis-cli valkey-cli', { flags: ['-a', '--pass'] }),
  ...commands('mongo mongosh mongodump mongorestore mongoimport mongoexport', {
    flags: ['-p'],
    glued: ['-p'],
  }),
  ...commands('ldapsearch ldapadd ldapmodify ldappasswd ldapwhoami ldapdelete', {
    flags: ['-w', '-s'],
    glued: ['-w'],
  }),
  ...commands('openssl', { flags: ['-k', '-K', '-passin', '-passout', '-pass', '-passwd'] }),
  ...commands('sqlcmd bcp osql isql', { flags: ['-P'], glued: ['-P'] }),
  ...commands('sqlplus rman expdp impdp', { place: 1, after: '/' }),
  ...commands('smbclient smbmap rpcclient mount.cifs', { flags: ['-U', '--user'], after: '%' }),
  ...commands(
    'psexec psexec.exe psexec64 psexec64.exe paexec psexec.py wmic evil-winrm crackmapexec winexe rdesktop hydra secretsdump.py',
    {
      flags: ['-p', '-Password', '/password'],
    },
  ),
  ...commands('xfreerdp wfreerdp mstsc', { glued: ['/p:', '/pass:'] }),
  ...commands('keytool jarsigner apksigner', {
    flags: ['-storepass', '-keypass', '-srcstorepass', '-deststorepass', '-new', '--ks-pass', '--key-pass'],
  }),
  ...commands('gpg gpg2', { flags: ['--passphrase'] }),
  ...commands('zip unzip', { flags: ['-P'], glued: ['-P'] }),
  ...commands('7z', { glued: ['-p', '-hp'], keywords: [...'adeltux'].map((letter) => `7z ${letter} `) }),
  ...commands('7za unrar rar', { glued: ['-p', '-hp'] }),
  ...[
    'add_user',
    'change_password',
    'authenticate_user',
    'wpa_passphrase',
    'mosquitto_pub',
    'mosquitto_sub',
    'mosquitto_rr',
  ].map((name) => (name.startsWith('mosquitto') ? { name, flags: ['-P', '--pw'] } : { name, place: 2 })),
  ...commands('az_login cf_login oc_login ibmcloud_login tctl_login', {
    flags: ['-p', '--password', '-t', '--token'],
  }),
  ...commands('influx cqlsh clickhouse-client vertica vsql', {
    flags: ['-p', '-w', '-password', '--password', '-token'],
  }),
  ...commands('snmpwalk snmpget snmpset', { flags: ['-c', '-A', '-X'] }),
  ...commands('ipmitool', { flags: ['-P'] }),
  ...commands('lftp', { flags: ['-u'], after: ',' }),
  ...commands('http https httpie xh xhs', { flags: ['-a', '--auth'], after: ':' }),
  ...commands('curl', { flags: ['--cert', '-E', '--proxy-cert'], after: ':' }),
  ...commands('wget curl aria2c http https httpie', {
    flags: ['--http-password', '--password', '--http-passwd', '--ftp-password', '--proxy-password', '--pass'],
  }),
  ...commands('security_add-generic-password security_add-internet-password security_unlock-keychain', {
    flags: ['-w', '-p'],
  }),
  ...commands('schtasks', { flags: ['/rp', '/RP', '-rp'] }),
  ...commands('cmdkey', { glued: ['/pass:', '/p:', '-pass:'] }),
  ...commands('useradd usermod', { flags: ['-p', '--password'] }),
  ...commands('plink pscp psftp putty', { flags: ['-pw'] }),
  ...commands('ssh-keygen', { flags: ['-N', '-P'] }),
  ...commands('slappasswd', { flags: ['-s'] }),
  ...commands('kadmin ipa-client-install ipa-replica-install', { flags: ['-w', '-p'] }),
  ...commands('swaks sendemail', { flags: ['-ap', '--auth-password', '-xp'] }),
  ...commands('dsadd dsmod', { flags: ['-pwd'] }),
  ...commands('tsql freebcp', { flags: ['-P'], glued: ['-P'] }),
  ...commands('beeline couchbase-cli rabbitmqadmin arangosh doveadm_pw pdbedit', { flags: ['-p'] }),
  ...commands('mysqlsh mydumper myloader pt-online-schema-change', { flags: ['-p'], glued: ['-p'] }),
  ...commands('redis-benchmark', { flags: ['-a'] }),
  ...commands('certutil', { flags: ['-p'] }),
  ...commands('osslsigncode signtool', { flags: ['-pass', '/p'] }),
  ...commands('nuget_push dotnet_nuget_push', { flags: ['-k', '--api-key', '-ApiKey'] }),
  ...commands('doctl_auth_init flyctl codecov', { flags: ['-t', '--token', '--access-token'] }),
  ...commands('twine_upload', { flags: ['-p', '--password'] }),
  ...commands('radtest', { place: 2 }),
  ...commands(
    'ngrok_authtoken ngrok_config_add-authtoken wandb_login snyk_auth nuget_setapikey rclone_obscure',
    { place: 1 },
  ),
  ...commands('vault_login', { place: 1 }),
  ...commands('mc_alias_set mc_config_host_add', { place: 4 }),
  ...commands('az_keyvault_secret_set', { flags: ['--value'] }),
  ...commands('--auth-user-pass-literal', { place: 2 }),
  ...['aws_secret_access_key', 'aws_session_token', '_authtoken'].map((name) => ({ name, place: 1 })),
  ...commands('requirepass masterauth rootpw snmp-server_community', { place: 1 }),
  ...commands('pre-shared-key', { place: 1 }),
];

const IMAP = /(?:^|[\s"])[A-Za-z]{0,4}[0-9]{1,8} LOGIN "?[^\s"]{1,128}"? "?(?<secret>[^\s"]{1,128})/dg;
const STORE =
  /(?:kv|etcdctl) put (?:-[\w-]{1,16}(?:=\S{1,32})? ){0,3}(?=\S{0,96}(?:pass|pwd|secret|token|key))[^\s=]{1,128} ["']?(?![\w.-]{1,64}=)(?<secret>[^\s"'=@-][^\s"']{0,127})/dgi;
const STORES: Readonly<Record<string, RegExp>> = {
  'put-parameter ':
    /put-parameter (?=[^\n]{0,200}(?:SecureString|pass|secret|token))[^\n]{0,200}?--value[ =]["']?(?<secret>[^\s"'$]{1,256})/dgi,
};

/** Forms that are more than a command and its arguments. */
export const FORMS: readonly { readonly word: string; readonly pattern: RegExp }[] = [
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
      `(?:echo|printf)[ \\t]{1,4}(?:-[a-z]{1,3}[ \\t]{1,4})?["']?(?<secret>[^\\s"'|]{1,512})["']?[ \\t]{0,4}\\|[ \\t]{0,4}(?:[\\w-]{1,16}[ ]){0,3}${word}`,
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
  {
    word: 'sudo -s',
    pattern:
      /echo[ \t]{1,4}(?:-[a-z]{1,3}[ \t]{1,4})?["']?(?<secret>[^\s"'|]{1,128})["']?[ \t]{0,4}\|[ \t]{0,4}sudo -S/dg,
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
