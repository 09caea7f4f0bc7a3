import type { Span } from '../detector.ts';
import { isReference } from '../key-value-secret/value.ts';

const MOST_ROWS = 256;
const MOST_BETWEEN = 4;
const LONGEST_ROW = 512;
const REACH = 256;
/** Files and fields that hold an account and its password in each line. */
export const LISTS: readonly string[] = [
  'chpasswd:',
  'chpasswd <<',
  'basic_auth_users:',
  'basicauthusers:',
  'rsyncd.secrets',
  'rsync.secrets',
  'htpasswd',
  'userlist.txt',
  'userlist',
  'users.txt',
  'creds.txt',
  'credentials.txt',
  'logins.txt',
  'passwords.txt',
  'sasl_passwd',
  'passwd.client',
  'newusers',
];
const ROW =
  /^[ \t]{0,32}(?:-[ ])?(?:["']?[\w.@\\*-]{1,64}["']?:[ \t]{0,4}["']?(?<secret>[^\s"':][^\s"':]{2,256})["']?|"[\w.@*-]{1,64}"[ \t]{1,4}"(?<quoted>[^"\n]{3,256})")[ \t\r]{0,8}$/d;
const PARTLY = /^[ \t]{0,32}(?:-[ ])?["']?[\w.@*-]{1,64}["']?[: ][ \t]{0,4}["']?\[REDACTED:/;
/** Between the header and the first row. */
const BETWEEN = /^[ \t]{0,32}(?:#[^\n]{0,128}|(?:list|users|expire|data|content)[^\n]{0,32}|)[ \t\r]{0,4}$/i;
/** Keys of a file, whose values are no passwords. */
const SETTING =
  /^[ \t]{0,32}(?:-[ ])?["']?(?:name|type|kind|expire|list|users|groups?|path|file|port|host|image|version|enabled|mode|state|owner|uid|gid|shell|home|sudo|lock_passwd|size|status|url|timeout|level|mountPath|secretName|subPath|key|namespace|labels|app)["']?:/i;

export const LIST_PATTERNS: readonly RegExp[] = [ROW, PARTLY, BETWEEN, SETTING];

/** The second halves of the lines below a header that says that they are passwords. */
export function* rowsBelow(text: string, at: number): Generator<Span> {
  const isField = /^[a-z_]{1,20}:/i.test(text.slice(at, at + 24));
  const first = text.slice(at, at + REACH).indexOf('\n');
  if (first === -1) return;
  let from = at + first + 1;
  let isIn = false;
  let between = 0;
  for (let row = 0; row < MOST_ROWS && from < text.length; row++) {
    const ahead = text.slice(from, from + LONGEST_ROW);
    const found = ahead.indexOf('\n');
    const line = found === -1 ? ahead : ahead.slice(0, found);
    const span = SETTING.test(line) ? undefined : rowIn(line, isField);
    if (span !== undefined) yield { start: from + span.start, end: from + span.end };
    else if (!PARTLY.test(line) && (isIn || ++between > MOST_BETWEEN || !BETWEEN.test(line))) return;
    isIn ||= span !== undefined;
    from += line.length + 1;
  }
}

/** In a file of its own, nothing stands behind the colon but the password. */
function rowIn(line: string, isField: boolean): Span | undefined {
  const groups = ROW.exec(line)?.indices?.groups;
  const [start, end] = groups?.['secret'] ?? groups?.['quoted'] ?? [0, 0];
  const value = line.slice(start, end);
  if (!isField && groups?.['secret'] !== undefined && /[:]["']?[ \t]/.test(line.slice(0, start)))
    return undefined;
  if (
    value === '' ||
    isReference(value) ||
    /^(?:true|false|null|[0-9]{1,5}|[|>]-?)$|^\/|:\/\/|^\[REDACTED/.test(value)
  )
    return undefined;
  return { start, end };
}
