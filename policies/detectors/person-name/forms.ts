import { ACTIONS, ROLES } from './words.ts';

// A word as names are written: Jane, O'Brien, McDonald, Jean-Luc, Østergård; initials; von, de la, bin between.
const WORD = "\\p{Lu}[\\p{L}\\p{M}]{0,24}(?:['’-]\\p{L}[\\p{L}\\p{M}]{0,24}){0,2}";
const PARTICLE = '(?:van|von|de|del|della|di|da|dos|du|der|den|la|le|bin|al|el|ter|zu)';
const REST = `(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){0,3}`;
const REST_NEEDED = `(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){1,3}`;
const NAME = `${WORD}${REST}`;
const FULL_NAME = `${WORD}${REST_NEEDED}`;
/** Without capitals, and as often as not without a space. */
const EASTERN =
  '[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}]{1,8}[ \\u3000]?[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}]{1,8}';
const ANY_NAME = `(?:${FULL_NAME}|${EASTERN})`;
const START = '(?<![\\p{L}\\p{N}_.-])';
/** A sign of assignment, quotes around it, or the end of a tag. */
const ASSIGNED = '["\']?[ ]?[:=>][ ]?["\']?';
const END = '(?=["\']|[ ]{0,4}(?:[,;.)}\\]\\n\\r|(<&]|[a-z_]{1,32}=|$))';

/** Behind these stands nothing but a name. */
export const TITLED: readonly RegExp[] = [
  new RegExp(
    `${START}(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Mlle|Hr|Fr|Sra?|Sig|Sig\\.ra|Dott|Herr|Frau|Miss|Madam|Madame|Monsieur|Señora?|Signora?|Professor|Doctor|Mister|Mesdames|Pan|Pani|Gospodin)\\.?[ ]{1,2}(?<secret>${NAME})`,
    'dgu',
  ),
  new RegExp(`${START}(?:mr|mrs|ms|dr|prof|mme)\\.[ ](?<secret>[\\p{L}'’-]{2,25}(?:[ ]${WORD}){0,2})`, 'dgu'),
];

/** As somebody says who it is. */
export const SPOKEN: readonly RegExp[] = [
  new RegExp(
    `(?:[Mm]y|[Hh]is|[Hh]er|[Tt]he|[Pp]artner[’']s|[Ff]ull|[Mm]aiden|[Ll]ast|[Ff]irst|[Ff]amily|[Gg]iven|[Mm]iddle)[ ](?:full |maiden |last |first |family |given )?name (?:is|was)[: ]{1,2}(?<secret>${NAME})`,
    'dgu',
  ),
  new RegExp(
    `(?:\\b[Ii](?:[’']m| am)|\\b[Tt]his is|\\bnamed|\\bwas called|\\bis called|\\bname on (?:it|the card) is|\\bunder|\\bname\\?["']?|\\b[Jj]e m[’']appelle|\\b[Mm]on nom est|\\b[Mm]e llamo|\\b[Mm]i nombre es|\\b[Mm]i chiamo|\\b[Mm]eu nome é|\\b[Ii]ch hei(?:ß|ss)e|\\b[Mm]ein Name ist|\\b[Ii]k heet|\\b[Mm]ijn naam is|\\b[Jj]ag heter|\\b[Jj]eg heter|\\b[Nn]azywam się)[ ](?<secret>${FULL_NAME})`,
    'dgu',
  ),
  new RegExp(
    `${START}(?:Dear|Hello|Hi|Hey|Hallo|Liebe[r]?|Cher|Chère|Estimad[oa]|Querid[oa]|Caro|Cara|Beste|Kära|Sehr geehrter? (?:Herr|Frau))[ ](?<secret>${NAME})(?=[,!:.\\n]|$)`,
    'dgu',
  ),
  new RegExp(
    `(?:[Rr]egards|[Ss]incerely|[Yy]ours truly|[Cc]heers|[Bb]est wishes|[Tt]hank you|[Tt]hanks|Grüße|Grüßen|[Cc]ordialement|[Ss]aludos),?[ ]{0,2}\\r?\\n[ ]{0,4}(?<secret>${NAME})[ ]{0,4}(?=[\\r\\n,]|$)`,
    'dgu',
  ),
  new RegExp(
    `\\bname\\b[^\\n]{0,80}\\b(?:change|correct|update)d? (?:it |this |that )?to (?<secret>${FULL_NAME})`,
    'dgu',
  ),
  new RegExp(
    `\\b(?:[Aa]dd|[Rr]emove|[Ll]ist|[Rr]egister)(?:ed|ing)? (?<secret>${FULL_NAME})(?= as (?:a |an |the |my |his |her )?(?:beneficiary|dependent|co-?signer|joint|emergency|payee|nominee|guarantor|guardian|guest|contact|cardholder|driver|tenant)\\b)`,
    'dgu',
  ),
];

/** In a field or behind a colon, any name of several words. */
export const WEAK: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])(?i:${ROLES.join('|')}|(?:card|account) holder|(?:${ACTIONS.join('|')})[ _](?:by|to))(?i:[ _-]?name)?${ASSIGNED}(?<secret>${ANY_NAME})${END}`,
    'dgu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:(?i:${ACTIONS.join('|')}) by|(?i:assigned|reassigned|escalated) to|[Pp]atient|[Pp]assenger|[Cc]ardholder|[Pp]olicyholder|[Aa]pplicant|[Ee]mployee|[Nn]urse|user(?= ["']))[ ]["']?(?<secret>${FULL_NAME})(?![\\p{L}\\p{N}_@])`,
    'dgu',
  ),
  new RegExp(`(?<![\\p{L}])(?i:cn)=(?<secret>${FULL_NAME})(?=[,+](?i:ou|dc|o|cn|uid|c|l)=)`, 'dgu'),
];

/** In a field of a name, one word as well. */
export const FIELD = new RegExp(
  `(?<![\\p{L}])(?i:first|last|given|family|middle|maiden|full|sur|fore|nick|second|customer|client|patient|employee|contact|cardholder|card[_ -]?holder|account[_ -]?holder|beneficiary|person|legal|preferred|mother[’']?s?[_ -]maiden|father[’']?s?|spouse)[_ -]?(?i:name)${ASSIGNED}(?<secret>(?:\\p{Lu}[\\p{L}\\p{M}'’.-]{0,30}(?:[ ](?:${PARTICLE}[ ]){0,2}\\p{Lu}[\\p{L}\\p{M}'’.-]{0,30}){0,3}|${EASTERN}))`,
  'dgu',
);

/** Beside another field that only persons have. */
export const RECORD = new RegExp(
  `(?<![\\p{L}])(?i:name|displayname|display_name)${ASSIGNED}(?<secret>${ANY_NAME})${END}`,
  'dgu',
);
export const PERSONAL =
  /(?<![a-z])(?:e-?mail|phone|telephone|mobile|dob|date_?of_?birth|birth_?date|birthday|street|ssn|passport|iban|gender|nationality|postal_?code|salary)["']?[ ]?[:=>]/i;

/** A known given name and a word that goes on as names do: only in texts with another sign of a person. */
export const PAIR = new RegExp(`${START}(?<first>${WORD})(?<rest>${REST_NEEDED})`, 'dgu');
