import { isLikelyPerson } from './likely.ts';
import { MORE_ORDINARY_WORDS } from './more-ordinary-words.ts';
import { ORDINARY_WORDS } from './ordinary-words.ts';
import { FOREIGN_THING_WORDS, THING_WORDS } from './thing-words.ts';
import { mayBePerson } from './words.ts';

/**
 * What stands behind a cue: mostly persons (`customer:`, `Kind regards,`), or teams and programs as often (`owner:`,
 * `called`), or anything (a column `name`), where letters that English has not must speak for a person as well. The names of most persons are in no list, but the words of the others are words.
 */
export type Cue = 'persons' | 'anything' | 'foreign';

const THINGS: ReadonlySet<string> = new Set([...THING_WORDS, ...FOREIGN_THING_WORDS]);
const ORDINARY: ReadonlySet<string> = new Set([...ORDINARY_WORDS, ...MORE_ORDINARY_WORDS]);
const ENDINGS = ['es', 's', 'ly'];
/** Where a word ends in an `e` that is not written twice. */
const ENDINGS_BEHIND_E = ['ing', 'ed', 'er'];
const SHORTEST_STEM = 3;
const SHORT_WORDS: ReadonlySet<string> = new Set(
  'am an as at be by do go he if in is it me my no of ok on or so to up us we'.split(' '),
);

/** How the words of other languages than English for things and what is done end. */
const THING_ENDS =
  /(?:ci[oó]n|ciones|ção|ções|zione|zioni|[a-z]{5}ungs?|ungen|heit|keit|schaft|dienst|[a-z]{4}stelle|abteilung|[a-z]{2}team|[a-z]{3}service|[a-z]{3}amt|tät|ité|idad|idade|ità|iteit|ości|[a-z]{3}ware|[a-z]{2}ops|[a-z]{2}ify|[a-z]{3}hub|[a-z]{4}desk|[a-z]{3}base|[a-z]{3}cloud|[a-z]{3}soft|[a-z]{3}(?:ator|izer|iser|ector|uctor|eptor|etry|acity|ency)|[a-z]{3}(?:bank|sync|flow|stack|proxy|cache|store|queue|mesh|kit|lab|graph|gate|board|guard|watch|tube|book|net|sql|api))$/;
const NAME_WORD = /^\p{Lu}[\p{L}\p{M}]{1,24}(?:['’-]\p{L}[\p{L}\p{M}]{0,24}){0,2}$/u;
const CAPITAL = /^\p{Lu}/u;
const FOREIGN = /[\u00c0-\u024f]/;
const SIGN = /['’-]/;
/** No name by itself: initials, and particles that some write with a capital. */
const BETWEEN = /^(?:\p{Lu}\.?|V[ao]n|D[aeiou]|De[lnr]|Dos|L[aeo]|Ter|Ten|Zu|El|Al|Bin|St\.?)$/u;

export const UNKNOWN_PATTERNS: readonly RegExp[] = [THING_ENDS, NAME_WORD, CAPITAL, FOREIGN, SIGN, BETWEEN];

/** A likely person, or somebody of two words or more who is called like nothing else. */
export function isPersonBehind(cue: Cue, found: string): boolean {
  return mayBePerson(found) && (isLikelyPerson(found) || isUnknownPerson(cue, found));
}

function isUnknownPerson(cue: Cue, found: string): boolean {
  const words = found.split(/,? /).filter((word) => CAPITAL.test(word) && !BETWEEN.test(word));
  if (words.length < 2 || words.some((word) => !NAME_WORD.test(word) || isOfThing(word))) return false;
  if (cue === 'foreign' && !FOREIGN.test(found)) return false;
  return cue === 'persons' ? !words.every(isOrdinary) : !words.some(isOrdinary);
}

function isOfThing(word: string): boolean {
  return partsOf(word).some((part) => THINGS.has(part) || THING_ENDS.test(part));
}

/** `Follow-Up`, `Customer's`: each part is a word. */
function partsOf(word: string): readonly string[] {
  return word.toLowerCase().split(SIGN);
}

function isOrdinary(word: string): boolean {
  return partsOf(word).every(
    (part) =>
      part.length <= 1 ||
      SHORT_WORDS.has(part) ||
      isListed(part) ||
      ENDINGS.some((ending) => part.endsWith(ending) && isListed(part.slice(0, -ending.length))) ||
      ENDINGS_BEHIND_E.some((ending) => part.endsWith(ending) && isStem(part.slice(0, -ending.length))),
  );
}

function isStem(stem: string): boolean {
  return isListed(stem) || isListed(`${stem}e`);
}

function isListed(word: string): boolean {
  return word.length >= SHORTEST_STEM && (ORDINARY.has(word) || THINGS.has(word));
}
