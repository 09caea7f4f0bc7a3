import { type Line, line, VALUE, valueOfLength } from './line.ts';

/** Where a line begins. */
const START = String.raw`(?:^|\n)[ \t]{0,16}`;
const EQUALS = String.raw`[ \t]{0,16}[:=][ \t]{0,16}`;
const END = String.raw`(?=[ \t]{0,8}(?:\r?\n|$|#|;))`;

/** Names of settings that hold a password and do not say so by a word of their own. */
const SETTINGS: readonly string[] = [
  'remotepass', // OfflineIMAP
  'remotepasseval',
  'localpass',
  'ldap_default_authtok', // sssd-ldap(5)
  'bindpw', // nslcd.conf(5), pam_ldap
  'rootbindpw',
  'olcrootpw', // slapd-config(5)
  'authpass', // ssmtp
  'imap_pass', // Mutt
  'smtp_pass',
  'ppp_pass',
  'tlspskvalue',
  'md5secret',
  'sae_password', // hostapd
  'wpa_passphrase',
  'ssl_key_pw',
  'krbpass',
  'sqlpass',
  'vncpasswd',
];

/** From the manuals of the daemons. */
export const DAEMONS: readonly Line[] = [
  line(SETTINGS, String.raw`(?<![A-Za-z])(?:${SETTINGS.join('|')})${EQUALS}${VALUE}`),
  // HAProxy
  line(['stats auth '], String.raw`stats[ ]auth[ ]{1,8}[^\s:]{1,64}:(?<secret>\S{1,128})`),
  line(['insecure-password '], String.raw`insecure-password[ ]{1,8}${VALUE}`),
  // Postfix: sasl_passwd
  line(
    [']:##', ']:submission', ':587 ', ':587\t', ':465 ', ':465\t'],
    String.raw`${START}(?:\[[\w.-]{1,128}\](?::\w{2,10})?|[\w.-]{3,128}:(?:25|465|587|2525))[ \t]{1,32}[\w.@+-]{1,128}:(?<secret>[^\s:][^\s]{2,255})${END}`,
  ),
  // Redis: acl file and Sentinel; Bitcoin Core; strongSwan
  line(
    [' on >', ' off >'],
    String.raw`${START}user[ ]\S{1,64}[ ](?:on|off)[^\n>]{0,96}[ ]>(?<secret>\S{3,256})`,
  ),
  line(['sentinel auth-pass '], String.raw`sentinel[ ]auth-pass[ ]\S{1,64}[ ]${VALUE}`),
  line(['rpcauth='], String.raw`rpcauth=[^\s:]{1,64}:(?<secret>\S{16,256})`),
  line([': eap "', ': xauth "', ': psk "', ': ntlm "'], String.raw`:[ ](?:EAP|XAUTH|PSK|NTLM)[ ]${VALUE}`),
  // keepalived, DRBD, corosync
  line(['auth_pass '], String.raw`auth_pass[ \t]{1,16}${VALUE}`),
  line(['shared-secret '], String.raw`shared-secret[ \t]{1,16}${VALUE}`),
  // slapd.conf, ldap.conf
  line(['bindpw ', 'bindpw\t', 'rootbindpw '], String.raw`${START}(?:root)?bindpw[ \t]{1,16}${VALUE}${END}`),
  line(['bindmethod=simple'], String.raw`bindmethod=simple[^\n]{0,160}credentials=${VALUE}`),
  // Monit, Squid, NUT, Exim
  line(
    ['allow '],
    String.raw`${START}allow[ ][\w.@-]{1,32}:(?<secret>(?![0-9.:]{1,40}\s)[^\s:/]{3,128})${END}`,
  ),
  line(['cache_peer '], String.raw`cache_peer[ ][^\n]{1,160}login=[^\s:]{1,64}:(?<secret>\S{1,128})`),
  line(
    ['monitor '],
    String.raw`${START}MONITOR[ ]\S{1,96}@\S{1,96}[ ][0-9][ ]\S{1,64}[ ]${VALUE}[ ](?:master|slave|primary|secondary)`,
  ),
  line(['client_send'], String.raw`client_send[ ]{0,8}=[ ]{0,8}:[ ]\S{1,64}[ ]:[ ](?<secret>\S{1,128})`),
  // Dovecot: a password file; slapd
  line(
    ['{plain}', '{cleartext}', '{clear}'],
    String.raw`\{(?:PLAIN|CLEARTEXT|CLEAR)\}(?<secret>[^\s:"',{}]{3,128})`,
  ),
  // fetchmail, msmtp
  line(
    [' there with password', ' with password', ' pass "', ' password "'],
    String.raw`\buser(?:name)?[ ]["']?[^\s"']{1,64}["']?[ ](?:there[ ])?(?:with[ ])?pass(?:word)?[ ](?:is[ ])?["'](?<secret>[^"'\n]{1,128})["']`,
  ),
  // net-snmp
  line(['rocommunity', 'rwcommunity'], String.raw`${START}r[ow]community6?[ \t]{1,16}${VALUE}`),
  line(['com2sec '], String.raw`com2sec6?[ \t]{1,16}\S{1,64}[ \t]{1,16}\S{1,64}[ \t]{1,16}${VALUE}`),
  line(
    ['createuser '],
    String.raw`createUser[ ](?:-e[ ]\S{1,64}[ ])?\S{1,64}[ ](?:MD5|SHA(?:-[0-9]{3})?)[ ]${VALUE}`,
  ),
  line(['createuser '], String.raw`createUser[ ][^\n]{1,160}[ ](?:DES|AES(?:-?[0-9]{3})?)[ ]${VALUE}`),
  // ntp.keys, chrony.keys
  line(
    ['# md5 ', '# sha1 ', '# m ', '# sha256 '],
    String.raw`${START}[0-9]{1,5}[ \t]{1,8}(?:MD5|M|SHA1?|SHA256|SHA512|AES128)[ \t]{1,8}(?:ASCII:|HEX:)?(?<secret>[^\s#]{4,128})${END}`,
  ),
  // Bundler
  line(
    ['bundle_'],
    String.raw`BUNDLE_[A-Z0-9]{1,32}__[A-Z0-9_]{2,64}["']?[:=][ ]{0,8}["']?(?<secret>[^\s"':/]{3,128}:[^\s"'@/]{3,128})`,
  ),
  // Azure: keys of accounts, which databases have under the same names
  line(
    [
      'primarykey',
      'secondarykey',
      'primarymasterkey',
      'secondarymasterkey',
      'readonlymasterkey',
      'primarysharedkey',
    ],
    String.raw`(?:primary|secondary)(?:Readonly)?(?:Master|Shared|Readonly)?Key\\{0,3}["']?[ \t]{0,8}[:=][ \t]{0,8}\\{0,3}["']?(?<secret>[A-Za-z0-9+/]{42,87}={1,2}|[A-Za-z0-9]{84}|(?=[a-f]{0,31}[0-9])[0-9a-f]{32})(?![A-Za-z0-9])`,
  ),
  // PagerDuty: 32 characters, of which an AMQP routing key has other ones
  line(
    ['routing_key', 'integration_key', 'service_key', 'routingkey', 'servicekey'],
    String.raw`(?:routing|integration|service)_?key\\{0,3}["']?[ \t]{0,8}[:=][ \t]{0,8}\\{0,3}["']?(?<secret>(?=[a-zR]{0,31}[0-9])(?:R[A-Z0-9]{31}|[0-9a-f]{32}))(?![A-Za-z0-9])`,
  ),
  // asterisk, ejabberd, XMPP
  line(
    ['register => ', 'register =>'],
    String.raw`register[ ]=>[ ][^\s:@]{1,64}:(?<secret>[^\s@:]{1,128})[@:]`,
  ),
  // The MySQL driver of Go
  line(['@tcp(', '@unix('], String.raw`(?<![\w/])[\w.-]{1,64}:(?<secret>[^\s"'\x60@]{1,128})@(?:tcp|unix)\(`),
  // Wi-Fi of wpa_supplicant and of netplan
  line(['psk="', 'psk: "', "psk='"], String.raw`psk[:=][ ]?${valueOfLength(8)}`),
];
