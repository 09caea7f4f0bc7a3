import { type Span, spansOf } from '../detector.ts';
import { isChosenWord } from './states.ts';

/**
 * “Password” in scripts that keywords can not have: Cyrillic, Greek, Hebrew, Arabic, Devanagari, Thai, Chinese, Japanese
 * and Korean; and the Latin ones that begin with, or are cut by, a letter outside ASCII. A sign must stand between the
 * word and the value; Korean and Japanese notes may leave it out where the value mixes digits and letters.
 */
const WORD =
  'парол[ьяюе]м?|passwörter|κωδικός(?: πρόσβασης)?|συνθηματικό|סיסמה|סיסמא|كلمة (?:ال)?(?:مرور|سر)|رمز عبور|पासवर्ड|รหัสผ่าน|密码|密碼|口令|パスワード|暗証番号|비밀번호|패스워드|비번|암호|hasło|hasła|şifre(?:si)?|şifrə|mật khẩu|jelszó|lösenordet|lösenord|lykilorð|geslo|contraseña|parolă|slaptažodis';
const SEPARATOR = String.raw`[ \u3000]{0,8}(?:[:=：＝｜|]|->|=>|[-–—][ ]|は|은|는|是|为|為|(?<=[ ])(?:is|es|est|ist|é|è|är|este|to|jest|это)(?=[ ]))[ \u3000]{0,8}`;
const VALUE = String.raw`(?<secret>[^\s"'\x60<>,;()（）、。]{4,128}?)(?=です|でした|だよ|입니다|이에요|[\s"'\x60<>,;()（）、。]|$)`;
const ASSIGNED = new RegExp(
  `(?:${WORD})[^\\s:=：＝(]{0,8}(?:[ ](?:do|dla|na|k|ke|pro|od|för|till|от|для|к|ко|на|с|у|в|de|para|del|da|için|για)(?:[ ][\\p{L}\\p{N}_@./-]{1,40}){1,3}){0,1}(?:[ ]?[(（][^()（）]{1,16}[)）])?["']?${SEPARATOR}["'\\x60]?${VALUE}`,
  'dgiu',
);
const BARE = new RegExp(
  String.raw`(?:${WORD})(?:ANY)?[ ]?[(（ -](?:[\w.-]{1,24}:)?(?=[^\s)]{0,32}[0-9])(?=[^\s)]{0,32}[A-Za-z])${VALUE}`,
  'dgiu',
);
/** Said of a password, or in the place of one. */
const NO_VALUE =
  /^(?:[*•xX.]{4,128}|null|none|true|false|undefined|\$\{.{0,128}|\{\{.{0,128}|%\w{0,64}%?)$|^\p{L}{4,128}$/u;
/** Of a script that has no letters of ASCII, a word that has no others is no word of the sentence. */
const OTHER_SCRIPT = /[\u0370-\u1fff\u3040-\ud7ff][ \u3000:=：＝は은는是为為|>"'\x60-]{0,16}$/u;

export const FOREIGN_PATTERNS: readonly RegExp[] = [ASSIGNED, BARE, NO_VALUE, OTHER_SCRIPT];

/** Values behind such words. */
export function valuesOfForeign(text: string): Span[] {
  return [...spansOf(text, ASSIGNED), ...spansOf(text, BARE)].filter(({ start, end }) => {
    const value = text.slice(start, end);
    return !NO_VALUE.test(value) || (isChosenWord(value) && isOfOtherScript(text, start, value));
  });
}

function isOfOtherScript(text: string, start: number, value: string): boolean {
  if (/[^A-Za-z]/.test(value)) return false;
  const before = text.slice(Math.max(0, start - 24), start);
  return (
    OTHER_SCRIPT.test(before) ||
    (value.length >= 7 && /[:=][ ]{0,2}$|(?:contraseña|hasło|şifre|lösenordet)[^\n]{0,20}$/i.test(before))
  );
}
