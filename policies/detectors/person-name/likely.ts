import { FIRST_NAMES } from './first-names.ts';
import { SURNAMES } from './surnames.ts';

/** How surnames end in the languages of Europe and Asia, and hardly any word for a thing. */
const SURNAME_ENDS =
  /(?:[nmktdbl]son|[a-z]{2}rson|[sndrlkt]sen|smith|wright|worth|shaw|mann|bacher|berger|burger|steiner|meier|meyer|maier|ström|strom|[qk]vist|quist|gaard|gård|ski|ska|skaya|cki|cka|ńska|czyk|czak|wicz|vić|vich|enko|chuk|[a-z]{2}(?:ov|ova|ev|eva|ová)|inen|[nrqud]ez|eira|eiro|ães|elli|etti|otti|ucci|acci|azzi|poulos|[a-z]idis|akis|oğlu|oglu|demir|dze|shvili|[jkln]stra|escu|eanu|aswamy|nathan|murthy|moto|mura|yama|kawa|guchi|shima|hashi|[sz]aki|ssi|nchi|gnoli|acroix|[^i][a-z]berg|[cs]ký|ák|[a-z]vić|nkwo|raman|sundaram|krishnan|allister|gerald|sdóttir|ünal|[a-z]oğlu|[rs]yan|nwala|[a-z]uddin|kowska|owski)$/;
/** Surnames that name a father or a house, initials, and particles between. */
const SURNAME_STARTS =
  /(?:^|[ ])(?:O['’]\p{Lu}|D['’]\p{Lu}|Ma?c(?!Book)\p{Lu}\p{Ll}|Al-\p{Lu}|El-\p{Lu}|\p{Lu}\.(?=[ ])|(?:van|von|van de[nr]?|dos|ter|zu)[ ]\p{Lu})/u;
const EASTERN = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Korean given names of two syllables, as they are written in Latin letters: `Min-jun`, `Seo-Yeon`. */
const KOREAN =
  /^(?:a|ae|bo|byung|chae|chan|chang|choong|chul|dae|do|dong|eun|ga|gi|gun|gwang|gyu|ha|hae|hee|ho|hong|hwa|hwan|hye|hyeon|hyo|hyuk|hyun|hyung|il|in|ja|jae|ji|jin|jong|joo|joon|ju|jun|jung|kang|ki|kwang|kyeong|kyu|kyung|mi|min|moon|mu|myung|na|nam|ra|rin|ro|sa|san|sang|seo|seok|seon|seong|seul|seung|shin|si|so|sol|soo|sook|su|suk|sun|sung|tae|u|uk|un|wan|won|woo|wook|ye|yeon|yeong|yong|yoo|yoon|you|young|yu|yul|yun)-(?:ah|ae|bae|beom|bin|chan|chul|eun|gi|gyu|ha|hee|heon|ho|hoon|hun|hwa|hwan|hye|hyeok|hyeon|hyuk|hyun|il|in|ja|jae|ji|jin|joo|joon|ju|jun|jung|ki|kyu|kyung|mi|min|na|nam|ra|rim|rin|seo|seok|seon|seong|seung|sik|so|sol|soo|sook|su|suk|sun|sung|tae|uk|wan|won|woo|wook|ye|yeon|yeong|yong|yoon|young|yul|yun)$/;
const MARKS = /\p{M}/gu;
/** Letters that no mark comes off. */
const BARRED: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  ð: 'd',
  þ: 'th',
};
const IS_BARRED = /[łøđıßæðþ]/g;
const IS_ASCII = /^[a-z'’-]{1,64}$/;

/** In small letters and without marks, as names are listed and logins are made. */
function plain(word: string): string {
  const small = word.toLowerCase();
  if (IS_ASCII.test(small)) return small;
  return small
    .normalize('NFD')
    .replaceAll(MARKS, '')
    .replaceAll(IS_BARRED, (letter) => BARRED[letter] ?? letter);
}

const GIVEN_NAMES: ReadonlySet<string> = new Set([...FIRST_NAMES].map(plain));

export function isGivenName(word: string): boolean {
  const [first = ''] = word.split('-', 1);
  return (
    GIVEN_NAMES.has(plain(word)) ||
    (first !== word && (GIVEN_NAMES.has(plain(first)) || KOREAN.test(plain(word))))
  );
}

/** One of the commonest, or one that ends as surnames do. */
export function isSurname(word: string): boolean {
  return SURNAMES.has(plain(word)) || SURNAME_ENDS.test(word.toLowerCase());
}

export const LIKELY_PATTERNS: readonly RegExp[] = [
  SURNAME_ENDS,
  SURNAME_STARTS,
  EASTERN,
  KOREAN,
  MARKS,
  IS_BARRED,
  IS_ASCII,
];

/** What is written like any title of a team or product is a name of a person where a word in it says so. */
export function isLikelyPerson(found: string): boolean {
  const words = found.split(/[ \u3000,]/);
  if (words.some((word) => isGivenName(word))) return true;
  const last = words[words.length - 1] ?? '';
  return isSurname(last) || SURNAME_STARTS.test(found) || EASTERN.test(found);
}
