/** A function or constructor that is given a secret as one of its arguments. */
export interface Call {
  /** Its name in small letters, without the bracket. */
  readonly name: string;
  /** Which of the arguments are secret, from 0, or the last one; only those that are string literals count. */
  readonly secret: readonly number[] | 'last';
}

function calls(names: string, ...secret: readonly number[]): Call[] {
  return names.split(' ').map((name) => ({ name, secret }));
}

function lastOf(names: string): Call[] {
  return names.split(' ').map((name) => ({ name, secret: 'last' }));
}

/** From the documentation of the languages' libraries. */
export const CALLS: readonly Call[] = [
  ...calls('networkcredential usernamepasswordcredentials usernamepasswordcredential pscredential', 1),
  ...calls(
    'basicawscredentials awsstaticcredentials basicsessioncredentials newstaticcredentials awscredentials',
    0,
    1,
    2,
  ),
  ...calls(
    'storagesharedkeycredential azurenamedkeycredential namedkeycredential clientsecretcredential',
    1,
    2,
  ),
  ...calls('azurekeycredential keycredential azuresascredential cognitiveservicescredentials', 0),
  ...calls('directoryentry principalcontext', 2, 3),
  ...calls('httpbasicauth httpdigestauth basicauth basic_auth setbasicauth withbasicauth httpproxyauth', 1),
  ...calls('credentials.basic usernamepassword auth.basic basicauthentication', 1),
  ...calls(
    'drivermanager.getconnection pdo->__construct mysqli->__construct mysqli_connect mysql_connect mysql_pconnect mysqli pdo oci_connect ibase_connect',
    2,
  ),
  ...calls('mysqldb.connect pymysql.connect psycopg2.connect oracledb.connect cx_oracle.connect', 2),
  ...calls(
    'login ftp_login ssh2_auth_password imap_open ldap_bind simple_bind_s bind_s ldap3.connection',
    1,
    2,
  ),
  ...calls('imap.authenticate url.userpassword', 1),
  ...lastOf('.auth set_password setpassword keyring.set_password'),
  ...calls('sequelize create_superuser createsuperuser objects.create_user create_user', 2),
  ...calls('createuserwithemailandpassword signinwithemailandpassword signinwithpassword', 1),
  ...calls('credentials', 3),
  ...calls('ssh.connect ssh_client.connect redis.redis redis.strictredis', 3),
  ...calls('auth_password client.authenticate conn.authenticate connection.authenticate addidentity', 1),
  ...calls('user.authenticate admin.authenticate signedstring', 0),
  ...calls('->bind ldap.bind conn.bind encryptor.digest hashlib.pbkdf2_hmac', 1),
  ...calls(
    'crypto.pbkdf2sync crypto.pbkdf2 crypto.scryptsync crypto.scrypt hashlib.scrypt pwd_context.hash pwd_context.verify sha256_crypt.hash sha512_crypt.hash pbkdf2_sha256.hash bcrypt_sha256.hash bcrypt.hashpassword passwordencoder().encode bcryptpasswordencoder().encode',
    0,
  ),
  ...calls('.extractall', 2),
  ...calls('jwt.sign jwt.verify jwt.encode jwt.decode jsonwebtoken.sign', 1),
  ...calls(
    'signwith setsigningkey sign.withsecret algorithm.hmac256 algorithm.hmac384 algorithm.hmac512',
    0,
    1,
  ),
  // What is hashed, and what a hash is compared with
  ...calls(
    'bcrypt.hashsync bcrypt.hash bcrypt.comparesync bcrypt.compare bcrypt.hashpw bcrypt.checkpw bcrypt.generatefrompassword hash::make bcrypt::password.create argon2.hash password_hash password_verify generate_password_hash make_password passwordencoder.encode',
    0,
  ),
  ...calls('check_password_hash hash::check verify_password argon2.verify', 0, 1),
  // Keys and certificates behind a password
  ...calls(
    'x509certificate2 x509certificate load_pem_private_key load_key_and_certificates load_pkcs12 pkcs12.decode pem.decryptpemblock keystore.getkey',
    1,
  ),
  ...calls('symmetricsecuritykey hmacshakeyfor hmacsha256 hmacsha512 hmacsha1', 0),
  ...calls('createhmac createcipher createdecipher createcipheriv createdecipheriv', 1),
  ...calls('hmac.new cookieparser securecookie.new sessions.newcookiestore fernet', 0),
  ...calls('cryptojs.aes.encrypt cryptojs.aes.decrypt cryptojs.hmacsha256 cryptojs.hmacsha1', 1),
  ...calls('secretkeyspec ivparameterspec pbekeyspec rfc2898derivebytes passwordderivebytes', 0),
  ...calls('asciisecretkey keyspec', 0),
  ...calls(
    'usernamepasswordtoken usernamepasswordauthenticationtoken passwordauthentication basiccredentials',
    1,
  ),
  ...calls('aes.new des.new des3.new arc4.new blowfish.new chacha20.new', 0),
  ...calls('wifi.begin wifimulti.addap keystore.load ks.load', 1),
  ...calls('plainauth dbi->connect dbi.connect', 2),
];

/** Constructors of clients and the like: of their string literals, those that a generator made. */
export const CLIENTS: readonly string[] = ['client(', 'api(', 'sdk(', 'withtoken(', 'withapikey('];
