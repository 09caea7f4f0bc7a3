/**
 * What characters outside ASCII may hide. Folding follows NFKC (UAX #15), the default ignorable and format characters
 * (UAX #44), decimal digits of other scripts, and those look-alikes of ASCII that Unicode's confusables.txt (UTS #39)
 * lists for scripts in use.
 */

/** Not seen, but cuts a secret in two: joiners, direction marks, variation selectors, tags, control characters. */
const INVISIBLE = /^[\p{Cf}\p{Default_Ignorable_Code_Point}[\p{Cc}--[\t\n\r]]]$/v;
const DECIMAL = /^\p{Nd}$/u;

/** For the test that checks that expressions are bounded. */
export const FOLD_PATTERNS: readonly RegExp[] = [INVISIBLE, DECIMAL];

/** Look-alikes, and the ASCII characters that they look like, in the same order. */
const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  // Cyrillic
  ['АВЕЅІЈКМНОРСТУХҮԌԚԜѴӀЬЗ', 'ABESIJKMHOPCTYXYGQWVIb3'],
  ['асеорхуѕіјһԁԛԝѵӏгүв', 'aceopxysijhdqwvlryb'],
  // Greek
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ', 'ABEZHIKMNOPTYXCJ'],
  ['αονρυικγστωϲϳ', 'aovpuikyotwcj'],
  // Armenian, Cherokee, Latin beyond ASCII
  ['օոսհցզՕՍ', 'onuhgqOU'],
  ['ᎪᏴᏟᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ', 'ABCEGHJKLMPRSTVWZ'],
  ['ıɑɡɩʏƖⅼ', 'iagiyll'],
  // dashes and signs
  ['‐‒–−﹘', '-----'],
  ['∶ː꞉⁄∕․‗', '::://._'],
];

/** What a character of the basic plane folds to; undefined where it stands for itself. */
const FOLDED: ReadonlyMap<string, string> = new Map(
  LOOK_ALIKES.flatMap(([alike, ascii]) => [...alike].map((character, at) => [character, ascii[at] ?? ''])),
);

/** The text that one character stands for. */
export function fold(character: string): string {
  if (INVISIBLE.test(character)) return '';
  const known = FOLDED.get(character);
  if (known !== undefined) return known;
  if (DECIMAL.test(character)) return String(decimalOf(character.codePointAt(0) ?? 0));
  return character.normalize('NFKC');
}

/** Decimal digits are encoded in rows of ten that start with zero (Unicode, section 4.6). */
function decimalOf(code: number): number {
  let before = 0;
  while (DECIMAL.test(String.fromCodePoint(code - before - 1))) before++;
  return before % 10;
}

/** How a UTF-16 code unit outside ASCII is to be judged. */
export const HARMLESS = 0;
/** Stands for something in ASCII, wherever it is. */
export const FOLDS = 1;
/** Is ordinary in its own script and in typography; hides something only beside ASCII. */
export const FOLDS_BESIDE_ASCII = 2;

/** Whether a block of characters needs a closer look. */
const SPECIAL = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Nd}]/u;

/** Frequent in prose, and what they fold to hides nothing. */
const ORDINARY = '\u2026\u2122\u00aa\u00ba\u00b4\u00a8\u00af\u00b8';

/** High surrogates before enclosed letters, mathematical letters and digits, and tags and variation selectors. */
const ENCLOSED = 0xd83c;
const MATHEMATICAL = 0xd835;
const TAGS = 0xdb40;

/** The judgement for each code unit. */
export const JUDGEMENTS: Uint8Array = judgements();

function judgements(): Uint8Array {
  const table = new Uint8Array(0x1_0000);
  const BLOCK = 64;
  for (let block = 0x80; block < 0x1_0000; block += BLOCK) {
    if (block >= 0xd800 && block < 0xe000) continue;
    const characters = Array.from({ length: BLOCK }, (_, at) => String.fromCharCode(block + at));
    if (isPlain(characters.join(''))) continue;
    for (const [at, character] of characters.entries()) table[block + at] = judge(character);
  }
  for (const character of FOLDED.keys()) table[character.charCodeAt(0)] = FOLDS_BESIDE_ASCII;
  for (const character of ORDINARY) table[character.charCodeAt(0)] = HARMLESS;
  for (const surrogate of [ENCLOSED, MATHEMATICAL]) table[surrogate] = FOLDS;
  table[TAGS] = FOLDS_BESIDE_ASCII;
  return table;
}

function isPlain(characters: string): boolean {
  return !SPECIAL.test(characters) && characters.normalize('NFKC') === characters;
}

function judge(character: string): number {
  if (INVISIBLE.test(character)) return FOLDS_BESIDE_ASCII;
  return DECIMAL.test(character) || character.normalize('NFKC') !== character ? FOLDS : HARMLESS;
}
