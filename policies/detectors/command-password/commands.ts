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
  ...commands('esxcli_system_account_add esxcli_system_account_set', { flags: ['-p', '-c', '--password'] }),
  ...commands('winrm winrs', { flags: ['-p', '-password', '-p:'] }),
  // Nagios and Icinga: of most of their checks `-p` is a port
  ...'check_mysql check_mysql_query check_mysql_health check_mariadb check_pgsql check_postgres check_mongodb check_vmware_api.pl check_wmi_plus.pl check_radius'
    .split(' ')
    .map((name) => ({ name, flags: ['-p', '--password', '--dbpass'] })),
  ...'check_snmp check_snmp_int check_snmp_int.pl check_snmp_load.pl check_snmp_storage.pl check_ifoperstatus snmpbulkwalk snmpbulkget snmptable snmpgetnext snmptrap snmpinform'
    .split(' ')
    .map((name) => ({
      name,
      flags: ['-C', '-c', '--community', '-A', '-X', '--authpasswd', '--privpasswd'],
    })),
];
