/** A string, of which a name beside it says that it is a secret. */
export interface Form {
  /** What the detector is woken by, in small letters. */
  readonly words: readonly string[];
  readonly pattern: RegExp;
}

/** Names of keys that are secret whatever they hold. */
const KEY = String.raw`(?:signing|secret|jwt|hmac|aes|enc(?:ryption)?|session|auth|hash|block|api|private|cookie|csrf|master|shared|token|server|crypto|crypt|app)_?-?key`;
const NAME = String.raw`(?:${KEY}|secret|passw(?:or)?d|passphrase|pwd|pepper)\w{0,12}`;
const STRING = String.raw`(?:"(?<secret>[^"\n]{4,256})"|'(?<single>[^'\n]{4,256})'|\x60(?<raw>[^\x60\n]{4,256})\x60)`;

/** From the documentation of the libraries: PowerShell, requests, Go, .NET, JNDI, pexpect, Capybara, Cypress, Selenium, Cucumber. */
export const FORMS: readonly Form[] = [
  {
    words: ['convertto-securestring'],
    pattern:
      /ConvertTo-SecureString\s{1,8}(?:-(?:String|AsPlainText|Force)\s{1,8}){0,3}(?:"(?<secret>[^"\n$]{1,256})"|'(?<single>[^'\n]{1,256})')/dgi,
  },
  {
    words: ['convertto-securestring'],
    pattern:
      /ConvertTo-SecureString\s{1,8}(?:-(?:String|AsPlainText|Force)\s{1,8}){0,3}(?<secret>[^\s"'$(){}-][^\s"'(){}]{2,128})(?=\s{1,8}-(?:AsPlainText|Force)|\s{0,8}\))/dgi,
  },
  {
    words: ['auth=(', 'auth = ('],
    pattern:
      /\bauth\s{0,4}=\s{0,4}\(\s{0,8}["'][^"'\n]{0,128}["']\s{0,4},\s{0,8}["'](?<secret>[^"'\n]{1,256})["']/dg,
  },
  {
    words: ['hmac.new('],
    pattern: new RegExp(String.raw`hmac\.New\([\w.]{1,24},\s{0,8}\[\]byte\(\s{0,4}${STRING}`, 'dg'),
  },
  {
    words: ['[]byte("', '[]byte(`'],
    pattern: new RegExp(
      String.raw`${NAME}\s{0,4}(?:\[\]byte\s{0,4})?(?::?=|:)\s{0,4}\[\]byte\(\s{0,4}${STRING}`,
      'dgi',
    ),
  },
  {
    words: ['.getbytes("'],
    pattern: new RegExp(
      String.raw`${NAME}\s{0,4}=\s{0,4}(?:System\.Text\.)?Encoding\.\w{1,12}\.GetBytes\(\s{0,4}${STRING}`,
      'dgi',
    ),
  },
  {
    words: ['security_credentials,', 'security_credentials",'],
    pattern: new RegExp(String.raw`SECURITY_CREDENTIALS["']?\s{0,4},\s{0,8}${STRING}`, 'dg'),
  },
  // A user and a password, to be sent as RFC 7617 says
  {
    words: [
      'btoa(',
      'encode_base64(',
      'b64encode(',
      'base64_encode(',
      'encode64(',
      'base64encode(',
      'encodetostring(',
      'base64.encode(',
    ],
    pattern:
      /(?:btoa|encode_?base64|b64encode|base64_encode|encode64|base64encode|EncodeToString|base64\.encode)\(\s{0,4}(?:\[\]byte\()?b?["'\x60][^\s"'\x60:$]{1,64}:(?<secret>[^"'\x60\s]{3,128})["'\x60]/dgi,
  },
  // Character by character
  {
    words: ['char[]{', 'char[] {', '[] = {', '[]={', 'char[', "] = {'"],
    pattern:
      /(?:pass|(?<![A-Za-z])pw|secret|key|token)[^\n;{]{0,64}\{\s{0,8}(?<secret>'[^'\n\\]'(?:\s{0,4},\s{0,4}'[^'\n\\]'){3,128})/dgi,
  },
  // Java keeps passwords in arrays, and alphabets
  {
    words: ['".tochararray()'],
    pattern: /"(?![0-9]{10}|[A-Ca-c]{3}|[A-Za-z]-)(?<secret>[^"\n]{4,256})"\.toCharArray\(\)/dg,
  },
  {
    words: ['sendline('],
    pattern: new RegExp(
      String.raw`(?:assword|assphrase|asscode)[^\n]{0,24}(?:\n[^\n]{0,32}){0,2}?\.send(?:line)?\(\s{0,4}b?${STRING}`,
      'dg',
    ),
  },
  // Into the field of a form
  {
    words: ['fill_in ', 'fill in '],
    pattern: new RegExp(
      String.raw`fill[_ ]in[ (]{1,2}["'][^"'\n]{0,48}passw(?:or)?d[^"'\n]{0,24}["'],?[ ]with:?[ ]${STRING}`,
      'dgi',
    ),
  },
  {
    words: ['" into the "', '" in the "', '" into "', '" in "', "' into '", '" for "', '" as "'],
    pattern:
      /\b(?:enters?|types?|inputs?|fills?|provides?|sets?)(?:[ ]in)?[ ](?:"(?<secret>[^"\n]{4,128})"|'(?<single>[^'\n]{4,128})')[ ](?:in|into|as|for)[ ](?:the[ ])?["'][^"'\n]{0,32}passw(?:or)?d[^"'\n]{0,24}["']/dgi,
  },
  {
    words: ['.type(', '.fill(', 'send_keys(', 'sendkeys(', 'setvalue(', '.typetext(', 'pressSequentially('],
    pattern: new RegExp(
      String.raw`pass(?:word|wd|code|phrase)[\w-]{0,16}["'\])]{1,6}(?:\.\w{1,16}\(\)){0,2}\.(?:type|fill|send_?keys|setValue|typeText|pressSequentially)\(\s{0,4}${STRING}`,
      'dgi',
    ),
  },
  {
    words: ['.type(', '.fill('],
    pattern: new RegExp(
      String.raw`\.(?:type|fill)\(\s{0,4}["'][^\n,]{0,48}passw(?:or)?d[^\n,]{0,24}["'],\s{0,8}${STRING}`,
      'dg',
    ),
  },
].map(({ words, pattern }) => ({ words: words.map((word) => word.toLowerCase()), pattern }));
