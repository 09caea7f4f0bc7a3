import { classify } from './classify.ts';
import { Lines } from './lines.ts';
import type { Heard, Inside, LogParser } from './parser.ts';
import { type Place, parsePrefix, prefixEnds } from './prefix.ts';
import { type Label, labelAt } from './severity.ts';
import { sqlstateClass } from './sqlstates.ts';
import type { ReadTime } from './times.ts';

const HEAD = 2_048;
/** log_error_verbosity = verbose puts the SQLSTATE between label and message. */
const VERBOSE = /([0-9A-Z]{5}): /y;

/** Lines of log_destination stderr: a prefix of the administrator's choice, a label, the message. */
export function stderrParser(prefix: string, readTime: ReadTime, inside: Inside, heard: Heard): LogParser {
  const tokens = parsePrefix(prefix);
  return new Lines(HEAD, inside, (line, cut) => {
    // The server begins each further line of a message with a tab.
    if (line === '' || line.startsWith('\t')) return;
    const found = labelled(prefixEnds(tokens, line), line);
    if (found === undefined) heard.foreign();
    else if (found.label !== 'part') {
      const { label: severity, place, end } = found;
      const { state, length } = stateOf(place, line, end);
      const message = line.slice(end + length);
      heard.entry({
        event: classify({ severity, sqlstate: state, message, cut }),
        severity,
        sqlstate: sqlstateClass(state),
        at: place.time === undefined ? null : readTime(place.time),
      });
    }
  });
}

interface Labelled {
  readonly place: Place;
  readonly label: Label;
  readonly end: number;
}

function labelled(places: readonly Place[], line: string): Labelled | undefined {
  for (const place of places) {
    const found = labelAt(line, place.at);
    if (found !== undefined) return { place, ...found };
  }
  return undefined;
}

function stateOf(
  place: Place,
  line: string,
  end: number,
): { readonly state: string | undefined; readonly length: number } {
  VERBOSE.lastIndex = end;
  const written = VERBOSE.exec(line)?.[1];
  return { state: place.state ?? written, length: written === undefined ? 0 : 7 };
}
