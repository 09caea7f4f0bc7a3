/**
 * Four numbers with dots between are a version as well. A public address is taken for one only where the text says so:
 * a word for it before the number or behind it, the name of a browser, or zeros at the end behind the name of a product.
 */

const VERSIONED =
  /(?:(?<![a-z])(?:versions?|ver|release|build|revision|section|chapter|clause|rule|part|paragraph|annex|appendix|§)["']?[ ]?[:=#]?[ ]?["']?v?|,v[ ]|(?<![a-z])(?:Chrome|Chromium|Edge?|OPR|Opera|Safari|Firefox|YaBrowser|Vivaldi|SamsungBrowser|HeadlessChrome|CriOS|FxiOS)\/)$/i;
const PRODUCT = /[A-Za-z]\/$/;
const ADDRESSED =
  /(?:(?<![a-z])(?:ips?|ipv4|addr|address|addresses|host|client|peer|remote|source|src|dst|destination|server|upstream|dns|resolver|nameserver|gateway|ping|curl|wget|dig|ssh|telnet|from|by|to|via|at|on)["']?[ ]?[:=]?[ ]?["'([]?|\/\/|@)$/i;
/** `version to 1.2.3.4`, `requires libfoo 1.2.3.4`, `package foo is 1.2.3.4`: at most two words between. */
const TOLD =
  /(?<![a-z])(?:versions?|releases?|packages?|requires?|upgrad(?:e|es|ed|ing)|downgrad(?:e|es|ed|ing)|bump(?:s|ed|ing)?|firmware)(?![a-z])(?<between>[ ](?:to[ ]|(?:[a-z][a-z0-9_.-]{0,30}[ ]){1,2})["'(]?v?)$/i;
/** From one version to another. */
const CHANGED =
  /(?<![a-z])(?:upgrad(?:e|es|ed|ing)|downgrad(?:e|es|ed|ing)|bump(?:s|ed|ing)?|versions?)(?![a-z])[^\n;|]{0,32}[ ](?:from[ ]v?|from[ ]v?[0-9.]{7,15}[ ](?:to|->|→)[ ]v?)$/i;
/** Words of machines. */
const MACHINE =
  /(?<![a-z])(?:from|by|to|at|via|on|hosts?|ips?|addr|address|clients?|peers?|servers?|nodes?|dns|remote|source|src|dst|gateway|upstream|machines?|instances?|vm|connect(?:s|ed|ing|ions?)?)(?![a-z])/i;
const FOLLOWED = /^(?:[+~][a-z0-9]|[ ]\(?(?:release[sd]?|versions?|packages?)(?![a-z]))/i;
const FOLLOWED_REACH = 12;
const BEFORE_REACH = 72;
const SINGLE_DIGITS = '1.1.1.1'.length;
const TO = ' to ';

export const VERSION_PATTERNS: readonly RegExp[] = [
  VERSIONED,
  PRODUCT,
  ADDRESSED,
  TOLD,
  CHANGED,
  MACHINE,
  FOLLOWED,
];

export function isVersion(text: string, start: number, address: string): boolean {
  const before = text.slice(Math.max(0, start - BEFORE_REACH), start);
  const end = start + address.length;
  if (VERSIONED.test(before) || (address.endsWith('.0.0') && PRODUCT.test(before))) return true;
  if (isTold(before)) return true;
  const isAddressed = ADDRESSED.test(before);
  if (!isAddressed && FOLLOWED.test(text.slice(end, end + FOLLOWED_REACH))) return true;
  // Of four single digits, hardly any is the address of somebody: only where the text says so.
  return address.length === SINGLE_DIGITS && !isAddressed && !':/'.includes(text.charAt(end) || ' ');
}

function isTold(before: string): boolean {
  if (CHANGED.test(before)) return true;
  const between = TOLD.exec(before)?.groups?.['between'];
  return between !== undefined && (between === TO || !MACHINE.test(between));
}
