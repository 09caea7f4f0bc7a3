import { isDigit } from '../../ascii.ts';
import { type Detector, type Span, spansOf } from '../detector.ts';
import { makeRunReader, RUN, type Runs } from '../runs.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS } from './forms.ts';

const tokens = tokenParts(FORMS);
// Telegram: the bot's number, a colon, and 35 characters that begin with A; no prefix of its own.
const TELEGRAM = /(?<![0-9])[0-9]{5,16}:A(?=[A-Za-z]{0,33}[0-9_-])[A-Za-z0-9_-]{34}(?![A-Za-z0-9_-])/dg;
// Facebook: the app's number, a bar, and its secret.
const FACEBOOK =
  /(?<![A-Za-z0-9])[0-9]{13,17}\|(?=[A-Za-z_-]{0,26}[0-9])(?=[^A-Z]{0,26}[A-Z])[A-Za-z0-9_-]{24,32}(?![A-Za-z0-9_-])/dg;
// Discord: three base64url parts, the first the bot's number (which starts with a digit, so with M, N or O).
const DISCORD = /[MNO][A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}/y;
const FIRST_DISCORD = 0x4d;
const LAST_DISCORD = 0x4f;
const BAR = 0x7c;
/** Of the number of an app, as many as the keyword has. */
const APP_DIGITS = 8;
const readRuns = makeRunReader();

function discordTokens(text: string, { table, length }: Runs, spans: Span[]): void {
  for (let at = 0; at < length; at += RUN) {
    const start = table[at] as number;
    const code = text.charCodeAt(start);
    if (code < FIRST_DISCORD || code > LAST_DISCORD) continue;
    DISCORD.lastIndex = start;
    if (DISCORD.test(text)) spans.push({ start, end: DISCORD.lastIndex });
  }
}

/** The colon of one, or of one that goes over the end of a line. */
function isBotToken(text: string, colon: number): boolean {
  const before = text.charCodeAt(colon - 1);
  return text.startsWith(':A', colon) && (isDigit(before) || before <= 0x20);
}

/** The bar of one; there are letters, digits and dashes behind it. */
function isAppToken(text: string, end: number): boolean {
  return text.charAt(end - 1) === '|' && /^[A-Za-z0-9_-]{20}/.test(text.slice(end, end + 20));
}

export const detector: Detector = {
  id: 'saas-token',
  title: 'API token of a hosted service, recognised by its prefix',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  keywords: [...tokens.keywords, ':a', `${'#'.repeat(APP_DIGITS)}|`],
  accepts: (text, start, end) =>
    isBotToken(text, start) || isAppToken(text, end) || tokens.accepts(text, start, end),
  // The first part of a Discord token has dashes: any of its parts may be the long word.
  shapes: ['long-word'],
  patterns: [...tokens.patterns, TELEGRAM, FACEBOOK, DISCORD],
  find(text, starts, runs = readRuns(text)) {
    const spans = [...tokens.find(text, starts, runs)];
    if (text.includes(':A')) spans.push(...spansOf(text, TELEGRAM));
    if (starts?.some((start) => text.charCodeAt(start + APP_DIGITS) === BAR) !== false)
      spans.push(...spansOf(text, FACEBOOK));
    discordTokens(text, runs, spans);
    return spans;
  },
};
