import type { Span } from '../detector.ts';
import { isChosenWord, isJoinedWords, isTechnique } from './states.ts';
import { isReference, isSecretLooking, isStatus } from './value.ts';

/** Behind a value, what says that another one takes its place: `"x" -> "y"`, `'x' to 'y'`, `old=x new=y`. */
const ARROW =
  /^\\{0,2}["'`]?[ \t]{0,8}(?:->|=>|→|⇒|➜)[ \t]{0,8}(?:\\{0,2}["'`](?<quoted>[^"'`\\\n]{1,256})|(?<bare>[^\s"'`()<>{}\\]{4,256})(?=\s|$))/d;
const TO =
  /^\\{0,2}["'`][ ](?:was changed |changed |is )?(?:to|with|by)(?:[ ](?:new|equal|be|match|deeply equal)){0,2}[ ]\\{0,2}["'`](?<quoted>[^"'`\\\n]{1,256})/d;
const NEW =
  /^\\{0,2}["'`]?,?[ ](?:new|after|current)(?:[ _-]?value)?[ ]?[:=][ ]?\\{0,2}["'`]?(?<quoted>[^\s"'`\\,;]{4,256})/d;
/** `from x to y`, without quotes; `expected token x, got y`. */
const TO_BARE =
  /^["'`]?[ ](?:(?:was changed |changed |is )?to|with)[ ](?:the new )?["'`]?(?<bare>[^\s"'`()<>{}\\]{5,256}?)(?=[.,;!)"'`]{0,2}(?:\s|$))/d;
const GOT =
  /^["'`]?,?[ ](?:but )?(?:got|received|found|was|actual(?: value)?(?: is| was)?)[ ]?:?[ ]["'`]?(?<bare>[^\s"'`()<>{}\\]{8,256}?)(?=[.,;!)"'`]{0,2}(?:\s|$))/d;
/** `{"password": "x", "confirm": "y"}` */
const CONFIRMED =
  /^\\{0,2}["'],\s{0,16}\\{0,2}["'](?:confirm(?:ed|ation)?|repeat(?:ed)?|retype|again|verify)\\{0,2}["']\s?:\s?\\{0,2}["'](?<quoted>[^"'`\\\n]{1,256})/d;
/** The added line of a diff, where an entry has its name in a line before. */
const ADDED =
  /^\\{0,2}["'`]?,?[ \t]{0,4}\r?\n\+[ \t]{1,64}(?:value|default|content):[ \t]{1,4}["'`]?(?<quoted>[^"'`\s]{1,256})/d;
const PATTERNS = [ARROW, TO, NEW, ADDED, CONFIRMED, TO_BARE, GOT];
const AHEAD = 384;
const NOTHING_KNOWN = /^(?:\(|known after|unknown|unchanged|sensitive)/i;

export const NEXT_VALUE_PATTERNS: readonly RegExp[] = [...PATTERNS, NOTHING_KNOWN];

function isTold(value: string): boolean {
  if (isChosenWord(value)) return value.length >= 8;
  return isJoinedWords(value) || (isSecretLooking(value, 6) && /[A-Za-z]/.test(value) && !isTechnique(value));
}

/** The value that follows in the place of one that ends here; undefined where none does. */
export function valueInItsPlace(text: string, end: number): Span | undefined {
  const after = text.slice(end, end + AHEAD);
  for (const pattern of PATTERNS) {
    const groups = pattern.exec(after)?.indices?.groups;
    const [start, stop] = groups?.['quoted'] ?? groups?.['bare'] ?? [0, 0];
    if (start === stop) continue;
    const value = after.slice(start, stop);
    // In prose, only what could not go on with it.
    if ((pattern === TO_BARE || pattern === GOT) && !isTold(value)) return undefined;
    if (isReference(value) || (isStatus(value) && !isChosenWord(value)) || NOTHING_KNOWN.test(value))
      return undefined;
    return { start: end + start, end: end + stop };
  }
  return undefined;
}
