import { anyCase } from '../any-case.ts';
import { ACTIONS, MOSTLY_PERSONS, NAME_PARTS, PERSON_ROLES, SHARED_ROLES } from './words.ts';

// A word as names are written: Jane, O'Brien, McDonald, Jean-Luc, Østergård; initials; von, de la, bin between.
const WORD = "\\p{Lu}[\\p{L}\\p{M}]{0,24}(?:['’-]\\p{L}[\\p{L}\\p{M}]{0,24}){0,2}";
const PARTICLE = '(?:van|von|de|del|della|di|da|dos|du|der|den|la|le|bin|al|el|ter|zu)';
const REST = `(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){0,3}`;
const REST_NEEDED = `(?:[ ](?:${PARTICLE}[ ]){0,2}(?:${WORD}|\\p{Lu}\\.)){1,3}`;
const NAME = `${WORD}${REST}`;
const FULL_NAME = `${WORD}${REST_NEEDED}`;
const LEAD = '(?:(?:van|von)(?: de[nr]?)?|de(?: la| los)?|del|della|di|da|dos|du|ter|zu)[ ]';
/** `van der Meer` */
const SURNAME = `(?:${LEAD})?${NAME}`;
/** `Roe, Jane` */
const LAST_FIRST = `(?:${LEAD})?${WORD}(?:[ ]${WORD})?,[ ]${WORD}(?:[ ](?:${WORD}|\\p{Lu}\\.))?`;
/** Without capitals, and as often as not without a space. */
const EASTERN =
  '[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}]{1,8}[ \\u3000]?[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}]{1,8}';
const ANY_NAME = `(?:${LAST_FIRST}|${FULL_NAME}|${EASTERN})`;
const START = '(?<![\\p{L}\\p{N}_.-])';
/** A sign of assignment, quotes around it, or the end of a tag. */
const ASSIGNED = '["\']?[ ]?[:=>][ ]?["\']?';
const END = '(?=["\']|[ ]{0,4}(?:[,;.)}\\]\\n\\r|(<&]|[a-z_]{1,32}=|$))';

/** Never a name, in front of a dot or of another word. */
const TITLE =
  '(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Hr|Fr|Sra?|Srta|Sig|Dott|Ing|Mag|Mevr|Dhr)\\.|(?:Frau|Herrn?|Monsieur|Madame|Señora?|Signora?)[ ])';
/** Behind these stands nothing but a name. */
export const TITLED: readonly RegExp[] = [
  new RegExp(
    `${START}(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Mlle|Hr|Fr|Sra?|Srta|Sig|Sig\\.ra|Dott|Herrn?|Frau|Miss|Madam|Madame|Monsieur|Señora?|Signora?|Il signor|La signora|Mevrouw|Mevr|Meneer|Dhr|[Hh]eer|Professor|Doctor|Mister|Mesdames|Sayın|Gospodin|Ing|Mag|Dipl\\.-Ing|med|h\\.c)\\.?[ ]{1,2}){1,4}(?<secret>(?!${TITLE})${SURNAME})`,
    'dgu',
  ),
  new RegExp(`${START}(?:mr|mrs|ms|dr|prof|mme)\\.[ ](?<secret>[\\p{L}'’-]{2,25}(?:[ ]${WORD}){0,2})`, 'dgu'),
  new RegExp(`${START}M\\.[ ](?<secret>${NAME})(?=[ ][a-zà]|,[ ]|$)`, 'dgu'),
  new RegExp(`${START}(?:signora?|señora?|monsieur|madame|mevrouw|meneer)[ ](?<secret>${SURNAME})`, 'dgu'),
];

/** Words for other things as well. */
export const WEAKLY_TITLED = new RegExp(`${START}(?:Don|Doña|Pani?|pani?)[ ](?<secret>${SURNAME})`, 'dgu');

/** A line that holds a name and nothing else, behind the words that close a letter. */
const CLOSED = `,?[ ]{0,2}\\r?\\n[ ]{0,4}(?<secret>${SURNAME})[ ]{0,4}(?=[\\r\\n,]|$)`;

/** In front of the name in a letter; a title may stand between. */
const DEAR =
  '(?:[Dd]ear|Hello|Hi|Hey|Hallo|Hallå|Liebe[r]?|Hoi|Cher|Chère|Bonjour|Estimad[oa]|Querid[oa]|Apreciad[oa]|Hola|Olá|Prezad[oa]|Car[oa]|Ciao|Gentil(?:e|issim[oa])|Egregi[oa]|Spettabile|Beste|Geachte|Kära|Bäste|Hej|Hei|Kjære|Kære|Hyvä|Arvoisa|Szanown[ya]|Drog[ia]|Cześć|Witaj|Vážen[ýá]|Mil[ýá]|Dobrý den|Ahoj|Kedves|Tisztelt|Szia|Stimat[ăe]|Drag[ăa]|Bună|Sayın|Sevgili|Merhaba|Poštovan[ia]|Уважаем(?:ый|ая)|Здравствуйте|Привет|Шановн(?:ий|а)|Αγαπητ(?:έ|ή)|Buenos días|Bom dia|Buongiorno|Goedemorgen|Dzień dobry|Sehr geehrter?)(?:[ ](?:Herrn?|Frau|Sr\\.?|Sra\\.?|Señora?|Senhora?|Dott\\.|Sig\\.|Signora?|Panie?|Pani|Panią|Pane|Paní|heer|mevrouw|Monsieur|Madame|Mr\\.?|Mrs\\.?|Ms\\.?|Dr\\.?|Prof\\.?|[Pp]anie?|[Pp]ani|[Pp]ane|[Pp]aní|Úr|Hölgyem|Domnule|Doamnă)){0,3}';
const THANKED =
  '(?:[Tt]hanks(?: (?:a lot|so much|again|very much))?|[Tt]hank you(?: so much)?|[Tt]hx|Ty|Cheers|Danke|Vielen Dank|Merci(?: beaucoup)?|(?:Muchas )?[Gg]racias|Grazie(?: mille)?|Dank je(?: wel)?|Dankjewel|Bedankt|Obrigad[oa]|Tack(?: så mycket)?|Tusen takk|Takk|Tak|Kiitos|Dzięki|Dziękuję|Díky|Děkuji|Köszönöm|Mulțumesc|Teşekkürler|Hvala|Спасибо|Good (?:morning|afternoon|evening)|Guten (?:Tag|Morgen)|Morning|Sorry|Congrats|Kudos to|Welcome(?: back)?|FYI|ping|[Pp]inging),?';

/** As somebody says who it is. */
export const SPOKEN: readonly RegExp[] = [
  new RegExp(
    `(?:[Mm]y|[Hh]is|[Hh]er|[Tt]he|[Pp]artner[’']s|[Ff]ull|[Mm]aiden|[Ll]ast|[Ff]irst|[Ff]amily|[Gg]iven|[Mm]iddle)[ ](?:full |maiden |last |first |family |given )?name (?:is|was)[: ]{1,2}(?<secret>${NAME})`,
    'dgu',
  ),
  new RegExp(
    `(?:\\b[Ii](?:[’']m| am)|\\b[Tt]his is|\\bnamed|\\bwas called|\\bis called|\\bname on (?:it|the card) is|\\bunder|\\bname\\?["']?|\\b[Jj]e m[’']appelle|\\b[Mm]on nom est|\\b[Mm]e llamo|\\b[Mm]i nombre es|\\b[Mm]i chiamo|\\b[Mm]eu nome é|\\b[Ii]ch hei(?:ß|ss)e|\\b[Mm]ein Name ist|\\b[Ii]k heet|\\b[Mm]ijn naam is|\\b[Jj]ag heter|\\b[Jj]eg heter|\\b[Nn]azywam się|\\b[Mm]y name[’']s|\\b[Jj]e soussignée?)[ ](?<secret>${FULL_NAME})`,
    'dgu',
  ),
  new RegExp(`${START}(?:${DEAR})[ ](?<secret>(?!${TITLE})${SURNAME})(?=[,!:.\\n]|$)`, 'dgu'),
  new RegExp(
    `(?:Grüßen?|Gruß|[Cc]ordialement|[Ss]alutations|[Ss]aludos?|[Aa]tentamente|[Ss]aluti|[Gg]roet(?:en)?|[Pp]ozdrawiam|poważaniem|[Aa]tenciosamente|[Cc]umprimentos|[Hh]älsning(?:ar)?|[Hh]ilsen|[Ss]aygılarımla)${CLOSED}`,
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

/** In a message, a given name that is one: teams and tools are thanked and greeted as well. */
export const THANKS = new RegExp(
  `${START}${THANKED}[ ](?<secret>${WORD}(?:[ ](?:${PARTICLE}[ ]){0,2}${WORD}){0,2})(?=[ ]?[,!:.\\n]|[ ](?:for|and|und|et|y|e|en|für|pour|por|per|voor|-|–)[ ]|$)`,
  'dgu',
);

/** Behind the names of a role, in a field or behind a colon. */
function fieldOf(roles: readonly string[], name: string): RegExp {
  return new RegExp(`(?<![\\p{L}])${anyCase(roles.join('|'))}${ASSIGNED}(?<secret>${name})${END}`, 'dgu');
}

const OF_ACCOUNT = '(?: d(?:a|e|el|u|e la|o) (?:conta|cuenta|compte|conto))?';
const ENDED = '(?![\\p{L}\\p{N}_@])';

/** Any name of several words: nothing else is expected there. */
export const STRONG: readonly RegExp[] = [
  fieldOf([`(?:${PERSON_ROLES.join('|')})${OF_ACCOUNT}(?:[ _-]?name)?`], ANY_NAME),
  new RegExp(
    `(?<![\\p{L}])(?:[Pp]atient|[Pp]assenger|[Cc]ardholder|[Pp]olicyholder|[Aa]pplicant|[Ee]mployee|[Nn]urse|[Aa]ccount [Hh]older|[Gg]uarantor|[Cc]laimant|[Kk]undin|[Pp]aciente|[Ii]nsured party)[ ]["']?(?<secret>${LAST_FIRST}|${FULL_NAME})${ENDED}`,
    'dgu',
  ),
  new RegExp(
    `(?<![\\p{L}])${anyCase('cn')}=(?<secret>${FULL_NAME})(?=[,+]${anyCase('ou|dc|o|cn|uid|c|l')}=)`,
    'dgu',
  ),
  // A party of a payment (ISO 20022).
  new RegExp(`<(?:[A-Za-z]{1,8}:)?Nm>(?<secret>${FULL_NAME})<`, 'dgu'),
];

/** Persons more often than firms. */
export const MOSTLY: readonly RegExp[] = [
  fieldOf([`(?:${MOSTLY_PERSONS.join('|')})(?:[ _-]?name)?`], ANY_NAME),
  new RegExp(
    `(?<![\\p{L}])(?:(?:[Rr]eservation|[Bb]ooking|[Aa]ppointment|[Bb]oarding pass|[Rr]oom booked) for|[Aa]ppointment with|[Rr]eservierung für|[Rr]éservation pour|[Rr]eserva para)[ ](?<secret>${FULL_NAME})${ENDED}`,
    'dgu',
  ),
];

/** Of payments, accounts and those who can be reached: a firm or a program as often. */
export const MIXED: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])(?:(?:[Tt]ransfer|[Pp]ayment|[Ww]ire|[Rr]emittance|[Dd]eposit|[Rr]efund)(?: of [^\\s]{1,16}(?: [^\\s]{1,8})?)? (?:from|to)|(?:[Cc]reated|[Dd]eleted|[Rr]emoved|[Dd]isabled|[Ee]nabled|[Uu]pdated|[Ll]ocked|[Uu]nlocked|[Ss]uspended|[Ii]nvited|[Rr]egistered|[Aa]dded|[Nn]ew) user)[ ]["']?(?<secret>${FULL_NAME})${ENDED}`,
    'dgu',
  ),
  new RegExp(
    `(?<![\\p{L}])[Cc]ontact[ ](?<secret>${FULL_NAME})(?=,? (?:at|on|via|by (?:phone|e-?mail)|directly)(?![\\p{L}]))`,
    'dgu',
  ),
];

/** Whom sentences of other languages name, and what else stands between a person and the rest of a line. */
const ROLES_IN_FRONT =
  '(?:[CcKk]un|[Kk]un|[Kk]lien)(?:de|din|ten|t|tka|tin|te)|[Cc]liente|[Cc]lientul|[Uu]suari[oa]|[Uu]tente|[Uu]tilisa(?:teur|trice)|[Uu]tilizador|[Bb]enutzer(?:in)?|[Nn]utzer(?:in)?|[Kk]lant|[Gg]ebruiker|[Uu]żytkownik|[Kk]und|[Aa]nvändare[n]?|[Aa]siakas|[Kk]äyttäjä|[Mm]üşteri|[Kk]ullanıcı|[Zz]ákazník|[Uu]živatel|[Üü]gyfél|[Kk]ollegin?|[Kk]ollege[n]?|[Mm]itarbeiter(?:in)?|[Cc]ol(?:l[eè]gue|league|ega)|[Ii]ntern|[Rr]equester|[Rr]eporter|[Aa]ssignee|(?:/|\\b)[Cc][Cc]:?|[Oo]n behalf of|[Aa]ttn\\.?:?|[Ss]pok(?:e|en) (?:with|to)|[Tt]alk(?:ed|ing) (?:with|to)|[Mm]et with|(?:[Mm]eeting|[Cc]all|[Ss]ession|[Ii]nterview|[Ss]ync|1:1) with|[Cc]hatted with|[Pp]air(?:ed|ing) with|[Cc]heck(?:ed|ing)? with|[Cc]onfirmed with|[Hh]anded (?:over|off) to|[Aa]sked|[Cc]all from|[Oo]n-?call(?: is)?';
/** Programs and teams do as well. */
const OFTEN_OTHERS =
  '[Ee]ngineer|[Dd]eveloper|[Mm]anager|[Cc]alled|[Mm]essage from|[Rr]equest from|[Ee]?-?[Mm]ail from|[Aa]ccording to';

/** Teams and components stand there as well as persons. */
export const WEAK: readonly RegExp[] = [
  fieldOf(
    [
      `(?:${SHARED_ROLES.join('|')}|pt|(?:${ACTIONS.join('|')})[ _-]?(?:by|to|for)|(?:common name|cn))(?:[ _-]?(?:name|id))?`,
    ],
    ANY_NAME,
  ),
  new RegExp(
    `(?<![\\p{L}])(?:${anyCase(ACTIONS.join('|'))} by|${anyCase('assigned|reassigned|escalated')} to|[Cc]ustomer|[Cc]lient|[Cc]aller|[Tt]enant|[Dd]river|[Rr]ecipient|c/o|user(?= ["']))[ ]["']?(?<secret>${FULL_NAME})${ENDED}`,
    'dgu',
  ),
];
/** Who travels, as airlines write it, in a record behind a number: `1.1ROE/JANE MRS`. */
export const PASSENGERS =
  /(?:(?<![\p{L}\p{N}])|(?<![\p{L}\p{N}.])[0-9]{1,2}\.[0-9]{1,2})(?<secret>\p{Lu}[\p{Lu}\p{M}'-]{1,30}\/\p{Lu}[\p{Lu}\p{M}-]{1,30}(?: \p{Lu}[\p{Lu}\p{M}-]{1,30})?)(?= ?(?:MR|MRS|MS|MISS|MSTR|DR)(?![\p{L}\p{N}]))/dgu;
export const PASSENGER_SUFFIX = /[A-Z] ?(?:M(?:R|S|ISS)|DR)/;

/** In sentences, where the words in front are common ones. */
export const IN_FRONT = new RegExp(
  `(?<![\\p{L}])(?:${ROLES_IN_FRONT})[ ]["']?(?<secret>${FULL_NAME})${ENDED}`,
  'dgu',
);
export const OTHERS_IN_FRONT = new RegExp(
  `(?<![\\p{L}])(?:${OFTEN_OTHERS})[ ]["']?(?<secret>${FULL_NAME})${ENDED}`,
  'dgu',
);
/** Behind the words that close a letter: teams write letters as well. */
export const CLOSINGS = new RegExp(
  `(?:[Rr]egards|[Ss]incerely|[Yy]ours truly|[Cc]heers|[Bb]est(?: wishes)?|[Tt]hank you|[Tt]hanks)${CLOSED}`,
  'dgu',
);

/** The next field of a structure that is printed without quotes: `{FirstName:Jane LastName:Roe}`. */
const NEXT_FIELD =
  '(?!\\p{Lu}\\p{L}{1,31}:[^ \\n]|(?:\\p{Lu}\\p{Ll}{1,20}){1,3}(?:ID|Id|Name|Date|Number|Code|Address|Phone|Type|Birth)[:=])';
const EASTERN_LETTER = '[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Katakana}\\p{Script=Hiragana}]';
/** In a field of a name, one word as well. */
export const FIELDS: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])(?:${anyCase("first|last|given|family|middle|maiden|full|sur|fore|nick|second|customer|client|patient|employee|contact|cardholder|card[_ -]?holder|account[_ -]?holder|beneficiary|person|legal|preferred|mother[’']?s?[_ -]maiden|father[’']?s?|spouse")}[_ -]?${anyCase('name')}|${anyCase(NAME_PARTS.join('|'))})${ASSIGNED}(?<secret>(?:(?:${LEAD})?\\p{Lu}[\\p{L}\\p{M}'’.-]{0,30}(?:[ ](?:${PARTICLE}[ ]){0,2}${NEXT_FIELD}\\p{Lu}[\\p{L}\\p{M}'’.-]{0,30}){0,3}|${EASTERN}))`,
    'dgu',
  ),
  new RegExp(
    `(?:氏名|姓名|名前|客様名|顧客名|联系人|聯絡人|성명|이름|고객명)["']?[ ]?[:：=>][ ]?["']?(?!未|不|必|無|无|空|なし|없음|入力)(?<secret>${EASTERN_LETTER}{1,10}?(?:[ \\u3000]${EASTERN_LETTER}{1,10}?)?)(?=様|さん|殿|先生|女士|님|씨|[^\\p{L}\\p{M}]|$)`,
    'dgu',
  ),
  // A full name in a word of its own.
  new RegExp(
    `(?<![\\p{L}])(?:[Фф][Ии][Оо]|Ф\\. ?И\\. ?О\\.|П\\. ?І\\. ?Б\\.|ПІБ|[Ii]me i prezime|[Jj]méno a příjmení|[Tt]eljes név|[Nn]ume și prenume|[Οο]νοματεπώνυμο)["']?[ ]?[:=>][ ]?["']?(?<secret>${WORD}(?:[ ]?\\p{Lu}\\.|[ ]${WORD}){0,3})`,
    'dgu',
  ),
];

/** Beside another field that only persons have, or in the record of a person, any name; else only a likely one. */
export const RECORD = new RegExp(
  `(?<![\\p{L}])${anyCase('name|displayname|display_name')}${ASSIGNED}(?<secret>${ANY_NAME})${END}`,
  'dgu',
);
/** Of given names or of surnames in the languages that call both by the same word as a name of anything. */
export const PART = new RegExp(
  `(?<![\\p{L}])${anyCase('name|nom|nome|nombre')}${ASSIGNED}(?<secret>${SURNAME})${END}`,
  'dgu',
);
/** As PHP prints the fields of an array. */
export const PRINTED = new RegExp(
  `\\[["']?(?:[a-z]{1,16}_)?name["']?\\] => (?<secret>${FULL_NAME})(?=[ ]{0,4}(?:[\\r\\n\\[)]|$))`,
  'dgu',
);
export const PRINTED_PERSON =
  /\[["']?(?:e-?mail|phone|mobile|dob|birth[a-z_]{0,8}|street|address|iban|ssn|gender)["']?\] =>/i;
export const BESIDE_PARTS = new RegExp(`(?<![\\p{L}])(?:${NAME_PARTS.join('|')})(?![\\p{L}])`, 'iu');
export const PERSONAL =
  /(?<![a-z])(?:e-?mail|mail|user_?principal_?name|sam_?account_?name|employee_?(?:id|number)|phone|telephone|mobile|dob|date_?of_?birth|birth_?date|birthday|street|ssn|passport|iban|gender|nationality|postal_?code|salary|given_?name|surname|first_?name|last_?name)["']?[ ]?[:=>]|["'](?:customer|client|patient|passenger|employee|guest|requester|holder|cardholder|beneficiary|applicant|traveller|traveler|subscriber|insured|payee|recipient|person|contact)s?["'][ ]{0,2}:[ ]{0,2}[{[]|<(?:customer|client|patient|passenger|employee|guest|holder|cardholder|beneficiary|applicant|traveller|traveler|insured|payee|recipient|person)[ >]/i;

/** A known given name and a word that goes on as names do: only in texts with another sign of a person. */
export const PAIR = new RegExp(`${START}(?<first>${WORD})(?<rest>${REST_NEEDED})`, 'dgu');
