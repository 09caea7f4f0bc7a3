import { type Detector, type Span, spansOf } from '../detector.ts';
import { makeRunReader, RUN, type Runs } from '../runs.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS } from './forms.ts';

const tokens = tokenParts(FORMS);
// Telegram: the bot's number, a colon, and 35 characters that begin with A; no prefix of its own.
const TELEGRAM = /(?<![0-9])[0-9]{5,16}:A(?=[A-Za-z]{0,33}[0-9_-])[A-Za-z0-9_-]{34}(?![A-Za-z0-9_-])/dg;
// Discord: three base64url parts, the first the bot's number (which starts with a digit, so with M, N or O).
const DISCORD = /[MNO][A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}/y;
const FIRST_DISCORD = 0x4d;
const LAST_DISCORD = 0x4f;
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
  return text.startsWith(':A', colon) && ((before >= 0x30 && before <= 0x39) || before <= 0x20);
}

export const detector: Detector = {
  id: 'saas-token',
  title: 'API token of a hosted service, recognised by its prefix',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  keywords: [...tokens.keywords, ':a'],
  accepts: (text, start, end) => isBotToken(text, start) || tokens.accepts(text, start, end),
  shapes: tokens.shapes,
  patterns: [...tokens.patterns, TELEGRAM, DISCORD],
  find(text, starts, runs = readRuns(text)) {
    const spans = [...tokens.find(text, starts, runs)];
    if (text.includes(':A')) spans.push(...spansOf(text, TELEGRAM));
    discordTokens(text, runs, spans);
    return spans;
  },
};
