import { type Line, line, VALUE, valueOfLength } from './line.ts';

/** The number or name of an encryption, in front of a key of a router or switch; `0` and `simple` are plain. */
const HOW = String.raw`(?:(?:[0-9]{1,2}|simple|cipher|irreversible-cipher|plaintext|plain|clear|encrypted|cleartext|ascii-text|ascii|hex|hexadecimal|ENC|sha1|sha256|sha512|md5|auto|hashed|secret)[ \t]{1,4}){0,2}`;
const KEY = `${HOW}${VALUE}`;
const HOST = String.raw`[ \t]{1,4}[\w.:-]{1,128}`;

/** Options of a server between its name and its key. */
const OPTIONS = String.raw`(?:[ \t]{1,4}(?:auth-port|acct-port|timeout|retransmit|retries|port|vrf|weight|priority|test|use-vrf|deadtime|alias|authentication|accounting|single-connection)(?:[ \t]{1,4}[\w.:-]{1,48})?){0,6}`;

/** From the command references of Cisco, Arista, Juniper, HPE, Huawei, H3C, Aruba, Fortinet, MikroTik, VyOS and FRRouting. */
export const DEVICES: readonly Line[] = [
  // AAA
  ...['radius-server host', 'tacacs-server host', 'radius-server', 'tacplus-server', 'ldap-server host'].map(
    (word) =>
      line([`${word} `], `${word}${HOST}${OPTIONS}[ \\t]{1,4}(?:key|secret|shared-secret)[ \\t]{1,4}${KEY}`),
  ),
  line(
    ['key # '],
    String.raw`(?:^|\n)[ \t]{0,16}(?:(?:server|set|radius|tacacs|aaa)[^\n]{0,96}[ ])?key[ ][05678][ ]${VALUE}(?=[ \t]{0,8}(?:\r?\n|$))`,
  ),
  line(
    ['key authentication ', 'key accounting ', 'shared-key '],
    String.raw`(?:key[ ](?:authentication|accounting|authorization)|shared-key)[ ]${KEY}`,
  ),
  line(
    ['local-user ', 'local user '],
    String.raw`local[- ]user[ ]\S{1,64}[ ](?:class[ ]\S{1,16}[ ])?password[ ]${KEY}`,
  ),
  line(
    ['password simple ', 'password cipher ', 'password irreversible-cipher ', 'password plaintext '],
    String.raw`password[ ](?:simple|cipher|irreversible-cipher|plaintext)[ ]${VALUE}`,
  ),
  line(
    ['password manager ', 'password operator '],
    String.raw`password[ ](?:manager|operator)[ ](?:user-name[ ]\S{1,64}[ ])?(?:plaintext|sha1|sha256)[ ]${VALUE}`,
  ),
  line(
    [
      ' secret # ',
      ' secret sha512 ',
      ' password # ',
      ' password sha512 ',
      ' password encrypted ',
      ' password hash ',
    ],
    String.raw`\buser(?:name)?[ ]\S{1,64}[ ](?:(?:privilege|role|class|nopassword|algorithm-type)[ ]\S{1,24}[ ]){0,3}(?:secret|password)[ ](?:(?:[0-9]{1,2}|sha512|sha256|sha1|md5|encrypted|plain|scrypt|cipher|simple|hash)[ ])${VALUE}`,
  ),
  line(
    ['enable algorithm-type'],
    String.raw`enable[ ]algorithm-type[ ]\S{1,16}[ ](?:secret|password)[ ](?:level[ ][0-9]{1,2}[ ])?${KEY}`,
  ),
  // Keys of protocols
  line(
    ['tacacs server ', 'radius server '],
    String.raw`(?:tacacs|radius)[ ]server[ ]\S{1,64}\r?\n(?:[ \t][^\n]{0,96}\n){0,5}[ \t]{1,8}key[ ]${KEY}`,
  ),
  line(['super password '], String.raw`super[ ]password[ ](?:(?:level|role)[ ]\S{1,16}[ ])?${KEY}`),
  line(
    ['chap-secret ', 'chap-password ', 'pap-password ', 'pre-shared-secret '],
    String.raw`(?:chap-secret|(?:chap|pap)-password|pre-shared-secret)[ ]${KEY}`,
  ),
  line(
    ['authentication-key', 'authentication-keyid', 'message-digest-key', 'authentication-mode'],
    String.raw`(?:authentication-key(?:id)?|message-digest-key)[ ](?:[0-9]{1,10}[ ])?(?:authentication-mode[ ])?(?:hmac-)?(?:md5|sha1?|sha256|sha-256|sha2-256|aes128|cmac-aes-128|sha512)[ ]${KEY}`,
  ),
  line(
    [
      'ospf authentication-key',
      'rip authentication',
      'isis password',
      'isis authentication',
      'area-password',
      'domain-password',
      '# authentication ',
      'authentication-mode ',
    ],
    String.raw`(?:ospf[ ]authentication-key|(?:rip|isis)[ ](?:authentication[ ](?:key|string)|password)|area-password|domain-password|(?:vrrp|standby|glbp)[ ][0-9]{1,4}[ ]authentication(?:[ ](?:text|md5))?(?:[ ]key-string)?|authentication-mode[ ](?:md5|sha[0-9]{0,3}|hmac-md5|hmac-sha256|simple|password)(?:[ ][0-9]{1,4})?)[ ]${KEY}`,
  ),
  line(['neighbor '], String.raw`neighbor[ ][\w.:%-]{1,64}[ ]password[ ]${KEY}`),
  line([' peer '], String.raw`peer[ ][\w.:%-]{1,64}[ ]password[ ]${KEY}`),
  line(
    ['authentication-key "', 'authentication-key $', ' authentication-key '],
    String.raw`(?:^|\n)[ \t]{0,32}(?:set[ ][^\n]{0,160}[ ])?authentication-key[ ]${valueOfLength(6)}(?=["']?[ \t]{0,8}(?:;|\r?\n|$))`,
  ),
  line(
    ['plain-text-password-value', 'plaintext-password', 'encrypted-password'],
    String.raw`(?:plain-text-password-value|plaintext-password|encrypted-password)[ ]${VALUE}`,
  ),
  line(
    ['pre-shared-'],
    String.raw`pre-shared-(?:key|secret)[ ](?:(?:local|remote|address|hostname)[ ](?:[\w.-]{1,64}[ ](?:mask[ ]\S{1,16}[ ])?key[ ])?)?${KEY}`,
  ),
  line(['crypto isakmp key', 'isakmp key'], String.raw`isakmp[ ]key[ ]${KEY}`),
  line(['ike secret'], String.raw`ike[ ]secret[ ]${KEY}`),
  // WLAN
  line(
    ['wpa-psk', 'wpa-passphrase', 'psk ascii', 'set-key ascii', 'psk set-key', 'pass-phrase '],
    String.raw`(?:(?:^|\n)[ \t]{0,16}(?:wpa-psk|wpa-passphrase|wpa2-psk)[ ]|(?:psk|pass-phrase)[ ](?=set-key|ascii|hex|key-type)(?:(?:set-key|ascii|hex|key-type)[ ]){1,2})${KEY}`,
  ),
  // SNMP
  line(
    ['snmp-agent community', 'snmp community', 'snmp-server community'],
    String.raw`snmp(?:-agent|-server)?[ ]community[ ](?:(?:read|write|simple|cipher|ro|rw|[0-9])[ ]){0,2}${VALUE}`,
  ),
  line(
    ['snmp-server host', 'snmp host', 'snmp-agent target-host'],
    String.raw`snmp(?:-server)?[ ]host[ ][\w.:-]{1,64}(?:[ ](?:traps|informs|trap|inform))?(?:[ ]version)?[ ](?:1|2c|v1|v2c)[ ]${VALUE}`,
  ),
  line(
    ['snmp-server user', 'snmp-agent usm-user', ' auth sha ', ' auth md5 ', ' priv aes ', ' priv des '],
    String.raw`(?:snmp|v3)[^\n]{0,96}[ ]auth[ ](?:md5|sha(?:-?[0-9]{1,3})?)[ ]${KEY}`,
  ),
  line(
    [' priv aes ', ' priv des ', ' priv aes-'],
    String.raw`[ ]priv[ ](?:3?des|aes(?:[ -]?(?:128|192|256))?)[ ]${KEY}`,
  ),
  // Fortinet
  line(
    [
      'set psksecret',
      'set passwd',
      'set password',
      'set passphrase',
      'set auth-pwd',
      'set priv-pwd',
      'set secret',
      'set sae-password',
      'set secondary-secret',
      'set radius-secret',
    ],
    String.raw`(?:^|\n)[ \t]{0,16}set[ ](?:psksecret|passwd|password|passphrase|auth-pwd|priv-pwd|secret|sae-password|secondary-secret|radius-secret)[ ](?:ENC[ ]|(?=["']|\S{0,64}[0-9!@#$%^&*]))${valueOfLength(6)}(?=[ \t]{0,4}(?:\r?\n|$))`,
  ),
];
