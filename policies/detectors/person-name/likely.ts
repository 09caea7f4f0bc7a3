import { FIRST_NAMES } from './first-names.ts';

/** How surnames end in the languages of Europe and Asia, and hardly any word for a thing. */
const SURNAME_ENDS =
  /(?:[nmktdbl]son|[a-z]{2}rson|[sndrlkt]sen|smith|wright|worth|shaw|mann|bacher|berger|burger|steiner|meier|meyer|maier|ström|strom|[qk]vist|quist|gaard|gård|ski|ska|skaya|cki|cka|ńska|czyk|czak|wicz|vić|vich|enko|chuk|[a-z]{2}(?:ov|ova|ev|eva|ová)|inen|[nrqud]ez|eira|eiro|ães|elli|etti|otti|ucci|acci|azzi|poulos|[a-z]idis|akis|oğlu|oglu|demir|dze|shvili|[jkln]stra|escu|eanu|aswamy|nathan|murthy|moto|mura|yama|kawa|guchi|shima|hashi|[sz]aki)$/;
/** Surnames that name a father or a house, initials, and particles between. */
const SURNAME_STARTS =
  /(?:^|[ ])(?:O['’]\p{Lu}|D['’]\p{Lu}|Mc\p{Lu}|Al-\p{Lu}|El-\p{Lu}|\p{Lu}\.(?=[ ])|(?:van|von|de|del|della|di|da|dos|ter|zu)[ ]\p{Lu})/u;
const EASTERN = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

export const LIKELY_PATTERNS: readonly RegExp[] = [SURNAME_ENDS, SURNAME_STARTS, EASTERN];

export function isGivenName(word: string): boolean {
  return FIRST_NAMES.has(word.toLowerCase()) || FIRST_NAMES.has(word.split('-', 1)[0]?.toLowerCase() ?? '');
}

/** What is written like any title of a team or product is a name of a person where a word in it says so. */
export function isLikelyPerson(found: string): boolean {
  const words = found.split(/[ \u3000,]/);
  if (words.some((word) => isGivenName(word))) return true;
  const last = words[words.length - 1] ?? '';
  return SURNAME_ENDS.test(last.toLowerCase()) || SURNAME_STARTS.test(found) || EASTERN.test(found);
}
