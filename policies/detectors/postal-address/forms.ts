import { anyCase } from '../any-case.ts';

const WORD = "\\p{Lu}[\\p{L}\\p{M}'’.-]{0,24}";
const START = '(?<![\\p{L}\\p{N}_./:-])';
const END = '(?![\\p{L}\\p{N}_])';
const NUMBER = '[0-9]{1,5}[A-Za-z]?(?:[-/][0-9]{1,4}[A-Za-z]?)?';
const SUFFIX =
  '(?:Street|Str|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter|Square|Sq|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Close|Crescent|Cres|Gardens|Gdns|Grove|Hill|Mews|Alley|Plaza|Pike|Turnpike|Expressway|Freeway|Ridge|Gateway|Heights|Park|Esplanade|Quay|Walk|Wharf|Broadway|Crossing|Junction|Meadow|Meadows|Mill|Orchard|Parade|Pde|Promenade|Strand|Vale|Chase|Byway|Causeway|Croft|Boardwalk|Concourse)';
const UNIT =
  '(?:[\\s,]{1,3}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|Fl|Building|Bldg|Level|#)\\.?[ ]?[#A-Za-z]{0,2}[0-9]{0,5}[A-Za-z]?)';
const STATE =
  '(?:A[AEKLPRZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]|NSW|VIC|QLD|SA|TAS|ACT|NT|ON|QC|BC|AB|MB|SK|NS|NB|NL|PE|YT|NU)';
const PLACE_NAME = `${WORD}(?:[ ]${WORD}){0,2}`;
const PLACE = `(?:[\\s,]{1,4}${WORD}(?:[ ]${WORD}){0,3})`;
const ZIP =
  '(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z][0-9][A-Z][ ]?[0-9][A-Z][0-9]|[A-Z]{1,2}[0-9][0-9A-Z]?[ ][0-9][A-Z]{2}|[0-9]{3,6})';
/** `2.º Esq.`, `2. tv`, `3ème étage`, `apto 42`, `1. Stock`, `bus 3`, `4B` */
const FLOOR =
  '(?:[0-9]{1,2}(?:\\.?[ºª°o]?|er|[eè]me|e)\\.?[ ]?(?:[Ee]sq|[Dd]to|[Dd]rt|[Dd]cha|[Ii]zq|[Ff]te|tv|th|mf|[Ss]al|[Ss]tock|OG|[ée]tage|[Pp]iso|[Pp]iano|[Pp]lanta|krs|tr|trp|lgh|em)\\.?|(?:[Aa]pto?|[Aa]ptº|[Bb]us|[Bb]te|[Bb]oîte|[Ii]nt|[Ss]cala|[Bb]loco|[Pp]iso|[Kk]v|кв|m|lok|kl|lgh)\\.?[ ][0-9]{1,4}[A-Za-z]?|[0-9]{1,2}[ºª°][ ]?[A-Za-z]?)';
/** Goes on with town, state and code where they follow, over lines as well. */
const TAIL = `(?:,?(?:[\\s]{1,3}${FLOOR},?)?[\\s]{1,3}(?:[A-Z]{1,3}-)?(?:[0-9]{4,5}(?:-[0-9]{3})?|[0-9]{2}-[0-9]{3}|[0-9]{3}[ ][0-9]{2})[ ]${PLACE_NAME}|${PLACE}{0,2}[\\s,]{1,4}(?:${STATE}[ ,]{1,2})?${ZIP}${END}|,[ ]${WORD}(?:[ ]${WORD}){0,2}(?:,[ ]${STATE}${END})?)?`;

const ROOT =
  '(?:stra(?:ß|ss)e|str\\.|weg|platz|gasse|allee|(?<![Ss]t|[Ss]p|[aeiou])ring|damm|ufer|chaussee|straat|laan|gracht|plein|kade|dijk|gatan|vägen|gata|veien|vegen|vej|gade|allé|stræde|katu|tie|polku|kuja|põik|tänav|mnt|maantee|puiestee|braut|götu|gatvė|utca|út|tér|brautin|stígur)';
const LEAD =
  '(?:[Rr]ue|[Aa]venue|[Aa]v\\.|[Bb]oulevard|[Bb]d|[Bb]lvd|[Pp]lace|[Aa]llée|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Cc]ours|Calle|C/|Avda\\.?|Avenida|Plaza|Paseo|Carrera|Camino|Via|Viale|Piazza|Corso|Vicolo|Largo|Strada|Rua|Praça|Travessa|Alameda|ul\\.|Ul\\.|ulica|al\\.|os\\.|pl\\.|Ulice|nám\\.|Strada|Str\\.|Bulevardul|Jalan|Jl\\.|ул\\.|улица|пр\\.|проспект|οδός|Λ\\.)';
const SMALL = "(?:de|la|le|les|du|des|del|della|di|da|do|dos|las|los|el|y|e|van|von|der|den|l'|d')";

/** Number and street, or street and number, in the forms of Europe and the Americas. */
export const STREETS: readonly RegExp[] = [
  new RegExp(
    `${START}(?:[0-9]{1,6}[ ])?${NUMBER}[ ](?:[NSEW]{1,2}\\.?[ ])?(?:${WORD}[ ]|[0-9]{1,3}(?:st|nd|rd|th)[ ]|${SMALL}[ ]){1,4}${SUFFIX}\\.?(?![\\p{L}])(?:[ ](?:[NSEW]{1,2}|North|South|East|West)\\b)?${UNIT}?${TAIL}`,
    'dgu',
  ),
  new RegExp(
    `${START}(?:${NUMBER}[ ])?\\p{Lu}[\\p{L}\\p{M}-]{0,30}(?:[ ]\\p{Lu}[\\p{L}\\p{M}-]{0,30}){0,2}${ROOT}[ ]${NUMBER}${END}${UNIT}?${TAIL}`,
    'dgu',
  ),
  new RegExp(
    `${START}(?:\\p{Lu}[\\p{L}-]{1,30}[ ]){1,3}(?:Straße|Strasse|Str\\.|Weg|Platz|Allee|Gasse|Ring|Straat|Laan|utca|út|tér)[ ]${NUMBER}${END}${UNIT}?${TAIL}`,
    'dgu',
  ),
  new RegExp(
    `${START}${NUMBER},?[ ](?:bis |ter )?${LEAD}[ ](?:${SMALL}[ ]?){0,3}${WORD}(?:[ ](?:${SMALL}[ ]){0,2}${WORD}){0,3}${UNIT}?${TAIL}`,
    'dgu',
  ),
  new RegExp(
    `${START}${LEAD}[ ](?:${SMALL}[ ]?){0,3}${WORD}(?:[ ](?:${SMALL}[ ]){0,2}${WORD}){0,3},?[ ](?:n[.º°]{1,2}[ ]?)?${NUMBER}${END}${UNIT}?${TAIL}`,
    'dgu',
  ),
  // With a flat, any street is one; then lines may follow up to a code.
  new RegExp(
    `${START}(?:${NUMBER}[ ])?(?:${WORD}[ ]){1,4}(?:${NUMBER}[ ,]{0,2}\\s{0,2})?(?:Apt|Apartment|Suite|Ste|Unit|Flat)\\.?[ ]#?[0-9]{1,5}[A-Z]?${END}(?:[\\s,]{1,4}[\\p{L}\\p{M}.'’() -]{2,40}){0,3}(?:[\\s,]{1,3}${ZIP}${END})?`,
    'dgu',
  ),
  new RegExp(
    `${START}(?:Apt|Apartment|Suite|Flat)\\.?[ ]#?[0-9]{1,5}[A-Z]?${END}(?:[ ][0-9]{3,6})?(?:[ ]${WORD}){0,3}(?:[ ]${NUMBER}${END})?(?:[\\s,]{1,3}${WORD}){0,2}(?:[ ]${ZIP}${END})?`,
    'dgu',
  ),
  new RegExp(
    `${START}(?:P\\.?[ ]?O\\.?[ ]?Box|Post Office Box|Postfach|Apartado|Casilla|Boîte postale|B\\.?P\\.?|Postbus|Box)[ ][0-9]{1,6}${END}(?![ ]?/[ ]?[0-9]|[ ]?(?:over|mm))${TAIL}`,
    'dgu',
  ),
  /(?<![A-Za-z0-9])(?:(?:PSC|CMR|Unit|USNS|USS|USCGC|USNV) [A-Za-z0-9]{1,12},? ?(?:Box [0-9]{1,5})?\s{1,3})?(?:APO|FPO|DPO),? A[AEP] [0-9]{5}(?:-[0-9]{4})?/dg,
];

const HAN = '\\p{Script=Han}';
/** Where the order is from the large to the small: province or city, ward, number. */
const EASTERN = new RegExp(
  `${HAN}{2,6}[都道府县縣県省市]${HAN}{1,10}[区區市郡町村路街][${HAN}0-9０-９丁目番地号號室楼-]{1,24}`,
  'dgu',
);
/** `Männi 12, 45429 Mustoja`: the number of a house, and a code in front of a town. */
const NUMBER_AND_TOWN = new RegExp(
  `${START}${WORD}(?:[ ][\\p{L}\\p{M}'’.-]{2,25}){0,3}[ ][0-9]{1,4}[A-Za-z]?(?:[-/][0-9]{1,4}[A-Za-z]?)?\\.?(?:,[ ]${FLOOR})?,[ ](?:[A-Z]{1,3}-)?(?:[0-9]{5}|[0-9]{4}-[0-9]{3}|[0-9]{2}-[0-9]{3}|[0-9]{3}[ ]?[0-9]{2}|(?!19|20)[0-9]{3,4}(?:[ ][A-Z]{2})?)[ ]\\p{Lu}[\\p{L}\\p{M}-]{2,30}(?:[ ](?:\\p{Ll}{1,4}[ ])?\\p{Lu}[\\p{L}\\p{M}-]{1,30}){0,3}(?:[ ][0-9]{1,2}(?![\\p{L}\\p{N}:.-]))?(?:,[ ]\\p{Lu}\\p{L}{2,30})?`,
  'dgu',
);

/** What is numbered as houses are. */
const COUNTED =
  '(?:Worker|Node|Pod|Server|Port|Process|Thread|Step|Line|Page|Version|Build|Job|Task|Shard|Replica|Partition|Phase|Chapter|Section|Table|Figure|Item|Test|Case|Run|Batch|Attempt|Exit|Code|Error|Total|Count|PID|Stage|Row|Column|Slot|Disk|CPU|Core|Zone|Rack|Host|Cluster|Release|Revision|Level|Priority|Queue|Channel|Sprint|Week|Day|Room|Status|Size|Max|Min|[A-Z][a-z]{2} [0-9]|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)';
/** The lines of an envelope: a name of a street with its number alone on one, code and town alone on the next. */
const LINES = new RegExp(
  `(?<=^|\\n[ \\t]{0,8})(?<secret>(?!${COUNTED}[ ])${WORD}(?:[ ][\\p{L}\\p{M}'’.-]{2,25}){0,3},?[ ][0-9]{1,4}[A-Za-z]?(?:[-/][0-9]{1,4}[A-Za-z]?)?(?:,?[ ]${FLOOR})?,?\\r?\\n(?:[A-Z]{1,3}-)?(?:[0-9]{5}|[0-9]{4}-[0-9]{3}|[0-9]{2}-[0-9]{3}|[0-9]{3}[ ][0-9]{2}|(?!19|20)[0-9]{4}(?:[ ][A-Z]{2})?)[ ]\\p{Lu}[\\p{L}\\p{M}'’.-]{1,30}(?:[ ](?:[\\p{L}\\p{M}'’./-]{1,24}|[0-9]{1,2})){0,3})(?=[ ]{0,4}(?:\\r?\\n|$))`,
  'dgu',
);

/** A code and a town, or the other way round, in a field for them. */
const TOWN_FIELD = new RegExp(
  `(?<![\\p{L}])${anyCase('city|town|locality|suburb|ort|stadt|plz|wohnort|ville|commune|ciudad|localidad|poblaci[oó]n|cidade|localidade|citt[aà]|comune|plaats|woonplaats|miasto|miejscowo[sś][cć]|m[eě]sto|by|ort|stad|postort|zip|postcode|postal')}(?:[_ /-]{0,3}${anyCase('zip|zip_?code|code|plz|postcode|postal_?code|ort|city|town|line')})?["']?[ ]?[:=][ ]?["']?(?<secret>(?:[A-Z]{1,3}-)?(?:[0-9]{5}(?:-[0-9]{3,4})?|[0-9]{4}-[0-9]{3}|[0-9]{2}-[0-9]{3}|[0-9]{3}[ ][0-9]{2}|[0-9]{4}(?:[ ]?[A-Z]{2})?)[ ,]{1,2}\\p{Lu}[\\p{L}\\p{M}'’.-]{1,30}(?:[ ](?:[\\p{L}\\p{M}'’./-]{1,24}|[0-9]{1,2})){0,3}|\\p{Lu}[\\p{L}\\p{M}'’.-]{1,30}(?:[ ][\\p{L}\\p{M}'’./-]{1,24}){0,3}[ ,]{1,3}(?:${STATE}[ ,]{1,2})?(?:[0-9]{4,5}(?:-[0-9]{3,4})?|[A-Z]{1,2}[0-9][0-9A-Z]?[ ][0-9][A-Z]{2}))(?=["']|[ ]{0,4}(?:[,;)}\\]\\r\\n]|[a-z_]{1,32}=|$))`,
  'dgu',
);

/** Codes that are recognisable with the town or the state beside them, or by their form. */
export const CODES: readonly RegExp[] = [
  EASTERN,
  NUMBER_AND_TOWN,
  LINES,
  TOWN_FIELD,
  new RegExp(`${START}${WORD}(?:[ ]${WORD}){0,3},[ ]${STATE},?[ ][0-9]{5}(?:-[0-9]{4})?${END}`, 'dgu'),
  /(?<![A-Za-z0-9_./:-])(?:GIR 0AA|(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ADFNRSV]?|YO|ZE)[0-9][0-9A-HJKMNPRSTVWXY]? [0-9][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9_-])/dg,
  /(?<![A-Za-z0-9_./:-])[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9](?![A-Za-z0-9_-])/dg,
];

/** A word or number of an address. */
const PART = "[\\p{Lu}\\p{N}][\\p{L}\\p{M}\\p{N}.’'-]{0,25}";
/** A number, and a capital on either side of it, as in every address that names a street. */
const KEYED = `(?:[0-9]{1,6}[A-Za-z]?(?:-[0-9]{1,4}){0,3}[ ,]{1,2}${WORD}(?:[ ]${WORD}){0,5}|(?:${WORD}|${SMALL})(?:[ ][\\p{L}\\p{M}'’.-]{1,25}){0,5},?[ ][0-9]{1,5}[A-Za-z]?(?:[-/][0-9]{1,4}[A-Za-z]?)?(?![\\p{L}\\p{N}_:%=]|\\.[0-9]))(?:(?:,[ ]?|[ ]-[ ])(?:${FLOOR}|${PART}(?:/[A-Z]{2})?(?:[ ](?:\\p{Ll}{1,4}[ ])?${PART}(?:/[A-Z]{2})?){0,4})){0,5}`;
/** Beside the word for it. */
export const NAMED: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])${anyCase('street|address|addr|(?:liefer|rechnungs|wohn|post|kunden|heim|privat|firmen|versand|haus|absender|empf[aä]nger)?(?:adresse|anschrift)|ship[_ -]?to|bill[_ -]?to|sold[_ -]?to|deliver[_ -]?to|remit[_ -]?to|morada|ulica|adres zamieszkania|bezorgadres|factuuradres|stra(?:ß|ss)e|direcci[oó]n|domicilio|indirizzo|endere[cç]o|adres|adress|osoite')}(?:[_ -]?${anyCase('line|name')})?[_ -]?[12]?["']?[ ]?(?:[:=]|(?:is|was|to)[ ])[ ]?["']?(?<secret>${KEYED})`,
    'dgu',
  ),
  /(?<![A-Za-z])(?:zip(?:[ _-]?code)?|post(?:al)?[ _-]?code|postcode|plz|postleitzahl|code postal|código postal|codigo postal|c\.p\.|cap|cep|postnummer|postnr|postinumero|pin[ _-]?code|eircode|psč|kod pocztowy|irányítószám|우편번호|郵便番号|邮编)["']?[ ]?(?:[:=]|is|was|of|-)?[ ]?["']?(?<secret>[0-9]{2}-[0-9]{3}|[0-9]{3}[ -][0-9]{2,4}|[0-9]{5}-[0-9]{3,4}|[0-9]{3,6}(?: ?[A-Z]{2})?|[A-Z]{1,2}[0-9][0-9A-Z]?[ ]?[0-9][A-Z]{2}|[A-Z][0-9][A-Z0-9][ ]?[0-9A-Z]{3,4})(?![0-9A-Za-z.]| (?:files?|entries|bytes|[KMG]i?B)(?![A-Za-z]))/dgi,
  new RegExp(
    `(?<![\\p{L}])(?:(?:home|street|mailing|postal|billing|shipping|delivery|residential|work|business|current|new|my|his|her|their)[ _-])?[Aa]ddress(?: of [\\p{L} ]{1,40})?["']?[ ]?(?:[:=]|is|was|to)[\\s]{1,2}["']?(?<secret>[0-9]{1,6}[A-Za-z]?[ ,]{1,2}(?:${WORD}[ ,]{0,2}){1,5}(?:[0-9]{1,6}[A-Za-z]?)?(?:[\\s,]{1,3}[\\p{L}\\p{N}.()#-]{1,24}){0,8})`,
    'dgu',
  ),
  new RegExp(
    `(?:\\b[Ll]ives? (?:at|on|in)|\\b[Ll]iving at|\\b[Rr]esid(?:es|ing) at|\\b[Ll]ocated at|\\bcorner of|\\bis at|\\bdeliver(?:y|ed)?(?: it| them| this)? to|\\bship(?:ped)?(?: it| them| this)? to|\\bmove[ds]? to|\\bside of|[Aa]ddress(?: is|:))[\\s]{1,2}(?<secret>(?:[0-9]{1,6}[A-Za-z]?[ ]){1,2}${WORD}(?:[ ]${WORD}){0,4}(?:[ ][0-9]{1,5}[A-Za-z]?${END})?|${WORD}(?:[ ]${WORD}){0,4}(?:[ ]|,[ ](?=[0-9]{1,5}[A-Za-z]?,[ ][0-9]))[0-9]{1,5}[A-Za-z]?${END}(?![.:][0-9]))${UNIT}?${TAIL}`,
    'dgu',
  ),
];
