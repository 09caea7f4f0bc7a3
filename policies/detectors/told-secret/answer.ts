import type { Span } from '../detector.ts';
import { strengthOf } from './token.ts';

const REACH = 480;
const MOST_LINES = 4;
/** What asks for a password, or says that one follows, and has none in its own line. */
const ASKS = /^[^\n?:=]{0,64}\?[ \t]{0,4}(?:[:;()<>A-Za-z_-]{1,16})?[ \t]{0,4}\r?\n/;
const ANNOUNCES =
  /^(?:s|ials)?(?:[ ](?:for|to|of|on|für|pour|para)[ ][^\n?:=,]{1,48}|)[ ]?:?[ \t]{0,4}\r?\n/i;
const LINE_HEAD =
  /^(?:[>*#-]{1,3}[ ])?(?:\[[^\]\n]{1,24}\][ ])?(?:<?[\w.@-]{1,24}>?:[ ])?(?:[A-Za-z'-]{1,12}[ ]){0,3}$/;
/** `[10:41] maria: `, `<tom> `, `tom  11:20 AM`: who says it and when. */
const SPEAKER =
  /^[ \t]{0,8}(?:>[ ]?)?(?:\[[^\]\n]{1,24}\][ ]{1,2})?(?:[0-9:]{4,8}(?:[ ]?[AP]M)?[ ]{1,2})?(?:<[@\w. -]{1,24}>[ ]|@?[\w.-]{1,24}(?:[ ]\w{1,16})?(?:[ ]{0,2}[[(][0-9: APM]{4,11}[\])])?:[ ])?/i;
const ONLY_SPEAKER =
  /^[ \t]{0,8}@?[\w.-]{1,24}(?:[ ][\w.-]{1,24})?[ \t]{1,4}[[(]?[0-9]{1,2}:[0-9]{2}(?:[ ]?[AP]M)?[\])]?[ \t]{0,4}$/i;
const LEAD_IN =
  /^(?:(?:yep|yes|yeah|yup|sure|ok|okay|k|here|hi|hey|hmm|it['’]?s|it|its|is|was|that['’]?s|should|be|try|use|i|think|believe|pretty|still|same|as|always|afaik|probably|the|one|you|go|got|ja|oui|si|sí|klar|hier|c['’]est|est|ist|password|pass|pw)[,:!.]?[ ]{1,2}|[-–—→>:][ ]){0,8}/i;
const ANSWER = /^["'\x60]?(?<secret>[^\s"'\x60]{5,128}?)["'\x60]?[,.;)]{0,2}(?<rest>[ \t][^\n]{0,64})?$/d;
const ACCOUNT = /^(?:u(?:ser(?:name)?)?[:=]?[ ]?)?[A-Za-z][\w.@\\-]{1,40}$/;

export const ANSWER_PATTERNS: readonly RegExp[] = [
  ASKS,
  ANNOUNCES,
  LINE_HEAD,
  SPEAKER,
  ONLY_SPEAKER,
  LEAD_IN,
  ANSWER,
  ACCOUNT,
];

/** What the lines below say to who asked for a password, or to who said that it follows. */
export function* answersTo(text: string, start: number, end: number): Generator<Span> {
  const after = text.slice(end, end + REACH);
  const asked = ASKS.exec(after);
  const told = asked === null && isLineHead(text, start) ? ANNOUNCES.exec(after) : null;
  const head = asked ?? told;
  if (head === null) return;
  let at = end + head[0].length;
  const limit = Math.min(text.length, at + REACH);
  for (let line = 0; line < MOST_LINES && at < limit; line++) {
    const found = text.slice(at, limit).indexOf('\n');
    const stop = found === -1 ? limit : at + found;
    const answer = answerIn(text.slice(at, stop).trimEnd(), asked !== null);
    if (answer === 'stop') return;
    if (answer !== undefined) {
      yield { start: at + answer.start, end: at + answer.end };
      return;
    }
    at = stop + 1;
  }
}

/** The span in the line; `stop` where the talk is of something else; undefined for a line that may stand between. */
function answerIn(line: string, isTalk: boolean): Span | 'stop' | undefined {
  if (line.trim() === '' || ONLY_SPEAKER.test(line)) return undefined;
  const from = isTalk ? (SPEAKER.exec(line)?.[0].length ?? 0) : (/^[ \t]{0,8}/.exec(line)?.[0].length ?? 0);
  const lead = from + (LEAD_IN.exec(line.slice(from))?.[0].length ?? 0);
  const match = ANSWER.exec(line.slice(lead));
  const [start, end] = match?.indices?.groups?.['secret'] ?? [0, 0];
  const value = line.slice(lead + start, lead + end);
  if (end > start && strengthOf(value) !== 'none') return { start: lead + start, end: lead + end };
  return isTalk || ACCOUNT.test(line.trim()) ? undefined : 'stop';
}

function isLineHead(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 64), start);
  return LINE_HEAD.test(before.slice(before.lastIndexOf('\n') + 1));
}
