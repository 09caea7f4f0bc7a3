import type { Span } from '../detector.ts';
import { isReference, isStatus } from './value.ts';

/** Behind a value, what says that another one takes its place: `"x" -> "y"`, `'x' to 'y'`, `old=x new=y`. */
const ARROW =
  /^\\{0,2}["'`]?[ \t]{0,8}(?:->|=>|→|⇒|➜)[ \t]{0,8}(?:\\{0,2}["'`](?<quoted>[^"'`\\\n]{1,256})|(?<bare>[^\s"'`()<>{}\\]{4,256})(?=\s|$))/d;
const TO =
  /^\\{0,2}["'`][ ](?:was changed |changed |is )?(?:to|with|by)(?:[ ](?:new|equal|be|match|deeply equal)){0,2}[ ]\\{0,2}["'`](?<quoted>[^"'`\\\n]{1,256})/d;
const NEW =
  /^\\{0,2}["'`]?,?[ ](?:new|after|current)(?:[ _-]?value)?[ ]?[:=][ ]?\\{0,2}["'`]?(?<quoted>[^\s"'`\\,;]{4,256})/d;
/** The added line of a diff, where an entry has its name in a line before. */
const ADDED =
  /^\\{0,2}["'`]?,?[ \t]{0,4}\r?\n\+[ \t]{1,64}(?:value|default|content):[ \t]{1,4}["'`]?(?<quoted>[^"'`\s]{1,256})/d;
const PATTERNS = [ARROW, TO, NEW, ADDED];
const AHEAD = 384;
const NOTHING_KNOWN = /^(?:\(|known after|unknown|unchanged|sensitive)/i;

export const NEXT_VALUE_PATTERNS: readonly RegExp[] = [...PATTERNS, NOTHING_KNOWN];

/** The value that follows in the place of one that ends here; undefined where none does. */
export function valueInItsPlace(text: string, end: number): Span | undefined {
  const after = text.slice(end, end + AHEAD);
  for (const pattern of PATTERNS) {
    const groups = pattern.exec(after)?.indices?.groups;
    const [start, stop] = groups?.['quoted'] ?? groups?.['bare'] ?? [0, 0];
    if (start === stop) continue;
    const value = after.slice(start, stop);
    if (isReference(value) || isStatus(value) || NOTHING_KNOWN.test(value)) return undefined;
    return { start: end + start, end: end + stop };
  }
  return undefined;
}
