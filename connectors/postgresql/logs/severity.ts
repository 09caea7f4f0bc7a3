import type { Severity } from './classes.ts';

/** The words of each severity, in English and in the languages of PostgreSQL's message catalogues (lc_messages). */
const WORDS: Readonly<Record<Exclude<Severity, 'unknown'>, string>> = {
  debug: 'DEBUG DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 გამართვა 디버그 ОТЛАДКА НАЛАГОДЖЕННЯ 调试',
  log: 'LOG ჟურნალი 로그 СООБЩЕНИЕ LOGG ЗАПИСУВАННЯ 日志',
  info: 'INFO ინფორმაცია 정보 ИНФОРМАЦИЯ ІНФОРМАЦІЯ 信息',
  notice: 'NOTICE HINWEIS NOTIFICA 알림 ЗАМЕЧАНИЕ NOTIS ПОВІДОМЛЕННЯ 注意',
  warning: 'WARNING WARNUNG ATTENTION ATTENZIONE გაფრთხილება 경고 ПРЕДУПРЕЖДЕНИЕ VARNING ПОПЕРЕДЖЕННЯ 警告',
  error: 'ERROR FEHLER ERREUR ERRORE შეცდომა 오류 ОШИБКА FEL ПОМИЛКА 错误',
  fatal: 'FATAL FATALE ფატალური 치명적오류 ВАЖНО FATALT ФАТАЛЬНО 致命错误',
  panic: 'PANIC PANIK PANICO პანიკა 손상 ПАНИКА ПАНІКА 比致命错误还过分的错误',
};

/** What belongs to the entry before it. */
const PARTS: ReadonlySet<string> = new Set(
  'DETAIL HINT QUERY CONTEXT LOCATION STATEMENT BACKTRACE'.split(' '),
);

/** One byte a character, as the parser sees them. */
function bytesOf(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1');
}

const BY_WORD: ReadonlyMap<string, Severity> = new Map(
  (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((severity) =>
    WORDS[severity].split(' ').map((word) => [bytesOf(word), severity] as const),
  ),
);

const LONGEST = 40;

/** `part`: a line that goes with the entry before it. */
export type Label = Severity | 'part';

/** Reads `ERROR:  ` at a place of a line; undefined where no label stands there. */
export function labelAt(
  line: string,
  from: number,
): { readonly label: Label; readonly end: number } | undefined {
  const colon = line.indexOf(':', from);
  if (colon <= from || colon - from > LONGEST || !line.startsWith(':  ', colon)) return undefined;
  const word = line.slice(from, colon);
  const end = colon + 3;
  if (PARTS.has(word)) return { label: 'part', end };
  const severity = BY_WORD.get(word);
  if (severity !== undefined) return { label: severity, end };
  // Labels of DETAIL and its like in other languages, or a severity in one that has no catalogue yet.
  return isForeignLabel(word) ? { label: 'part', end } : undefined;
}

/** Bytes of another script, or capitals only. */
function isForeignLabel(word: string): boolean {
  return /^[A-Z\x80-\xff][A-Z \x80-\xff]*$/.test(word);
}

export function severityOf(word: string): Severity {
  return BY_WORD.get(word) ?? 'unknown';
}
