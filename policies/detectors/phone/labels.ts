import { isIPv4 } from 'node:net';
import { isCounted } from '../context.ts';
import { type Rule, type Span, spansOf, spansOfRules } from '../detector.ts';

/**
 * Right before a number, words that mean nothing but a phone. Between them and the number may stand what makes a sentence
 * of them, and signs.
 */
const BETWEEN =
  '(?:[^\\p{L}\\p{N}]{1,4}(?:number|no|nr|nummer|num|n[uú]m[eé]ro|numer|numery|numerem|id|is|ist|est|es|é|è|e|to|from|on|at|for|via|unter|erbeten|bitte|auf|von|op|naar|aan|van|au|al|à|le|il|lo|el|para|por|de|da|do|del|dal|dalla|pod|z|na|till|til|fra|från|ved|på|p[åa]|mich|mij|mig|meg|me|mi|us|him|her|them|mnie|numero|номер[ау]?|по|на|с|от))';
const END = `${BETWEEN}{0,3}[^\\p{L}\\p{N}]{0,5}$`;
const STRICT = [
  'msisdn',
  '(?:from|to|calling|called|contact)[_ -]?number',
  'sms[_-](?:to|from)',
  'cell[_-]?(?:no|number)',
  'handy(?:nr|nummer)?',
  'natel',
  '(?:cep )?tele?f(?:[oóò]|oo)n(?:s|e|o|i|a|u|em|en|um|um?[uy]|unuz|numaram|numaras[ıi]|n[uú]mero|(?:s|o|u|a)?(?:nr|nummer|numre|num(?:er|ero)|sz[aá]m[a]?))?(?: numaram| numaras[ıi])?',
  't[eé]l[eé]phone',
  't[eé]l',
  'tfno',
  'tlf',
  'puh(?:elin)?(?:numero)?',
  'telefonn[íi] [čc][íi]slo',
  'fono',
  'celu',
  'fone',
  'hotline',
  'mobi(?:l|el|lne|lny|l[ea]?(?:nr|nummer|telefon))',
  'mob',
  'm[oó]vil',
  'tele(?:m[oó]vel|mobile)',
  'cell?ulare?',
  'cel',
  'kom[oó]rk(?:a|i|owy)',
  'r[uü]ckruf(?:nummer)?',
  'durchwahl',
  'κιν(?:ητ[όο])?',
  'τηλ(?:[έε]φωνο)?',
  'тел(?:ефон[ау]?)?',
  'моб(?:ильный)?',
  'điện thoại',
  'sđt',
  '(?:お)?電話(?:番号|號碼)?(?:は|是)?',
  '携帯(?:電話|番号)?(?:は)?',
  '(?:联系)?电话(?:号码)?(?:是|为)?',
  '手[机機](?:[号號][码碼]?)?(?:是|为|為)?',
  '联系方式',
  '전화(?: ?번호)?[는은]?',
  '휴대(?:폰|전화)(?: ?번호)?[는은]?',
  '핸드폰(?: ?번호)?[는은]?',
  '연락처[는은]?',
  'โทร(?:ศัพท์)?',
  'هاتف',
  'جوال',
  'טלפון',
];
/** Words that mean a phone before a number that looks like one of a country. */
const LOOSE = [
  'calls?',
  'call(?:er|ee)(?:[_ -]?id)?',
  '[ab][_-]number',
  'gsm',
  'portable',
  'ph',
  'hp',
  'joindre',
  'joignable',
  '(?:r)?appele[rz](?:[ -]moi)?',
  'rappel(?:er|ez|le|é)?',
  'appel',
  't[eé]l[eé]phoner',
  'contact(?:er|ez|ar|e|ame|arme|are|ate)',
  'lig(?:ar|ue|uem|a[çc][ãa]o)',
  'telefonar',
  'chiamata',
  'telefonare',
  'ruf(?:en|t|e)?',
  'anruf(?:en|er)?',
  'angerufen',
  'zur[uü]ckrufen',
  'gebeld',
  'bellen',
  '(?:za|od)?dzwoni(?:[ćc]|[łl][a]?)',
  'zadzwo(?:ni[ćc]|[nń])',
  'oddzwo(?:ni[ćc]|[nń])',
  'po[łl][ąa]czenie',
  'ringa',
  'ringe',
  'soittaa',
  'soita',
  'volejte',
  'zavolejte',
  'zavolat',
  'h[ií]vja',
  'aray[ıi]n',
  'suna[tț]i',
  '(?:по)?звон(?:ить|ите|ок)',
  'llamada',
  'marcar',
  'marque',
  'sms(?: (?:delivery|message|text|code|alert|reminder|otp))?(?: (?:failed|sent|delivered|queued|rejected|bounced|undeliverable))?',
  'text ?message(?: (?:sent|failed|delivered))?',
  'verification code(?: (?:sent|texted|delivered))?',
  '(?:otp|pin|code) (?:sent|delivered|texted)',
  'dial(?:l?ed|l?ing)?',
  'erreich(?:bar|en|e|t)',
  'bereikbaar',
  'bel',
  'ring',
  'll[aá]m(?:ame|eme|enme|ar)',
  'chiama(?:mi|temi|re)',
  'nås',
  'n[uú]mero de contacto',
  'nummer (?:ist|is|er|är)',
  "(?:daytime|evening|best|new|my|his|her|their|our|your|contact|callback|[\\p{L}]{2,24}[’']s) number(?: is| was)?",
  'm[eo][nu] n[uú]m[eé]ro',
  'mio numero',
  'm[oó]j numer',
  'm[ei][io]? n[uú]mero',
  '[tm](?=:)',
];
const FRONT = '(?<![\\p{L}\\p{N}])(?:';
const MEANT = new RegExp(`${FRONT}${STRICT.join('|')})${END}`, 'iu');
const SPOKEN = new RegExp(`${FRONT}${LOOSE.join('|')})${END}`, 'iu');
const REACH = 40;

const GROUPED =
  /(?<![A-Za-z0-9._/+(-]|[0-9][: ])\(?[0-9]{1,17}\)?(?:(?:[ ./-]|[ ][/-][ ])\(?[0-9]{1,8}\)?){0,6}(?![A-Za-z0-9_@]|[.:/,-][0-9]|[ ][0-9])/g;
/** A prefix of the trunk and enough groups or digits; or groups of two to four digits; or two of four. */
const NATIONAL =
  /^\(?0[0-9]{1,5}[)]?[ ./-][ ./0-9()-]{5,20}$|^\(?[0-9]{1,4}[)]?(?:[ -]\(?[0-9]{2,5}\)?){2,4}$|^[0-9]{3}[ -][0-9]{7}$|^[0-9]{4}[ -][0-9]{4}$/;
/** Of a telephone exchange, between quotes or behind a sign that assigns. */
const ASSIGNED = /["'=:][ ]?["']?$/;
const ASSIGNED_DIGITS = { least: 9, most: 13 };
const NOT_DIGIT = /[^0-9]/g;
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;
/** With the two zeros that stand for the plus sign. */
const MAX_WITH_ZEROS = 17;
const ZEROS = /^00[1-9]/;
const ZEROS_LEAST = 11;

const DATED = /(?<![0-9])(?:19|20)[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9](?![0-9])/;
const DATED_BACK = /(?<![0-9])[0-3]?[0-9][-/.][01]?[0-9][-/.](?:19|20)[0-9]{2}(?![0-9])/;
const QUADS = /(?<![0-9]\.|[0-9])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9]|\.[0-9])/g;
/** A number of one digit between dots. */
const VERSION = /(?<![0-9])[0-9]{1,4}\.[0-9]\.[0-9]/;
const FRACTION = /^[0-9]{1,15}\.[0-9]{1,8}$/;

/** Of a gateway: the other end is a phone in full. */
const BETWEEN_PHONES =
  /(?<![A-Za-z0-9])(?:from|to|src|dst|caller|callee|sender|recipient|orig|dest)["']?[=:][ ]?["']?(?<secret>\(?[0-9]{1,15}\)?(?:[ ./-][(]?[0-9]{1,8}[)]?){0,5})(?=["']?[ ,;&]{1,2}["']?(?:from|to|src|dst|caller|callee|sender|recipient|orig|dest)["']?[=:][ ]?["']?(?:\+|00)[1-9][0-9]{6,14}(?![0-9]))/dgi;

/** In an electronic card (RFC 6350), in a resource of FHIR, and told as the one that takes the place of another. */
const CARRIED: readonly Rule[] = [
  {
    pattern:
      /(?<![A-Za-z])TEL(?:;[A-Za-z0-9=,"-]{1,64}){0,4}:(?:tel:)?(?<secret>[+(0-9][0-9 ()./-]{5,24}[0-9](?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?)(?![0-9A-Za-z])/dg,
    needs: ['TEL'],
  },
  {
    pattern:
      /telecom["']?(?:>|[ ]?:)[^\n]{0,96}?value["']?(?: value)?[ ]?[=:][ ]?["'](?<secret>[+(0-9][0-9 ()./-]{5,24}[0-9](?:x[0-9]{1,6})?)["']/dg,
    needs: ['telecom'],
  },
  {
    pattern:
      /(?<![A-Za-z])(?:phone|mobile|cell|tel)(?![A-Za-z])[^\n]{0,80}?(?<![A-Za-z])(?:new|other|second|current|correct|right) (?:one|number)(?: is|:)[ ]{1,2}(?<secret>[+(0-9][0-9 ()./-]{5,24}[0-9](?:x[0-9]{1,6})?)(?![0-9A-Za-z]|\.[0-9])/dgi,
    needs: [' one', ' number'],
  },
];

export const LABEL_PATTERNS: readonly RegExp[] = [
  ...CARRIED.map(({ pattern }) => pattern),
  MEANT,
  SPOKEN,
  GROUPED,
  NATIONAL,
  ASSIGNED,
  NOT_DIGIT,
  DATED,
  DATED_BACK,
  QUADS,
  VERSION,
  FRACTION,
  ZEROS,
  BETWEEN_PHONES,
];

/** Numbers right behind a word for them, as they are written in their country. */
export function addLabelled(found: Span[], text: string): void {
  if (text.includes('+')) found.push(...spansOf(text, BETWEEN_PHONES));
  found.push(...spansOfRules(text, CARRIED));
  for (const { 0: number, index: start } of text.matchAll(GROUPED)) {
    const digits = number.replaceAll(NOT_DIGIT, '').length;
    const most = ZEROS.test(number) ? MAX_WITH_ZEROS : MAX_DIGITS;
    if (digits < MIN_DIGITS || digits > most || isOther(number) || FRACTION.test(number)) continue;
    const end = start + number.length;
    if (isCounted(text, start, end)) continue;
    const before = text.slice(Math.max(0, start - REACH), start);
    if (MEANT.test(before) || (isNational(number, digits, before) && SPOKEN.test(before)))
      found.push({ start, end });
  }
}

function isNational(number: string, digits: number, before: string): boolean {
  if (NATIONAL.test(number) || (ZEROS.test(number) && digits >= ZEROS_LEAST)) return true;
  return digits >= ASSIGNED_DIGITS.least && digits <= ASSIGNED_DIGITS.most && ASSIGNED.test(before);
}

/** Holds a date, an address of a network or a version: groups of digits with the separators of a phone. */
export function isOther(number: string): boolean {
  if (DATED.test(number) || DATED_BACK.test(number) || VERSION.test(number)) return true;
  return number.includes('.') && (number.match(QUADS) ?? []).some((quad) => isIPv4(quad));
}
