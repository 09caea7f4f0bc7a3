import { classify } from './classify.ts';
import { Lines } from './lines.ts';
import type { Heard, Inside, LogParser } from './parser.ts';
import { severityOf } from './severity.ts';
import { sqlstateClass } from './sqlstates.ts';
import { type ReadTime, timeAt } from './times.ts';

/** What stands before the message is short, even where every byte of it is written as \u00xx. */
const HEAD = 8_192;
const MEMBER = /[{,]\s*"([a-z_]{1,40})"\s*:\s*(?:"((?:[^"\\]|\\.)*)("|$)|(-?[0-9.]+|true|false|null))/y;

/** Lines of log_destination jsonlog (PostgreSQL 15 and later): one object each. */
export function jsonParser(readTime: ReadTime, inside: Inside, heard: Heard): LogParser {
  return new Lines(HEAD, inside, (line, cut) => {
    if (line === '') return;
    const members = membersOf(line);
    const sqlstate = members.get('state_code');
    const word = members.get('error_severity');
    if (!line.startsWith('{') || word === undefined) {
      heard.foreign();
      return;
    }
    const severity = severityOf(word);
    const at = timeAt(members.get('timestamp') ?? '', 0);
    const message = members.get('message') ?? '';
    heard.entry({
      event: classify({ severity, sqlstate, message, cut: cut && members.has('message') }),
      severity,
      sqlstate: sqlstateClass(sqlstate),
      at: at === undefined ? null : readTime(at.time),
    });
  });
}

/** The members up to the message; those after it are not looked at. */
function membersOf(line: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  MEMBER.lastIndex = 0;
  for (let found = MEMBER.exec(line); found !== null; found = MEMBER.exec(line)) {
    const [, name = '', text] = found;
    if (text !== undefined && !members.has(name)) members.set(name, plain(text));
    if (name === 'message') break;
  }
  return members;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function plain(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}
