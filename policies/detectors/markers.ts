const HEAD = '[REDACTED:';
const LONGEST_ID = 64;
const LONGEST = HEAD.length + LONGEST_ID + 1;
const MARKER = `\\[REDACTED:[a-z0-9-]{1,${LONGEST_ID}}\\]`;
const AT_START = new RegExp(`^${MARKER}`);
const AT_END = new RegExp(`${MARKER}$`);
/** At the ends of a stretch, what is left of one there. */
const WHOLE_OR_CUT = new RegExp(
  `\\[REDACTED:[a-z0-9-]{0,${LONGEST_ID}}(?:\\]|$)|^[A-Za-z0-9:-]{0,${LONGEST - 1}}\\]`,
  'g',
);

export const MARKER_PATTERNS: readonly RegExp[] = [AT_START, AT_END, WHOLE_OR_CUT];

/** What stands in a text for a finding of a detector, or for a text that was not read. */
export function marker(id: string): string {
  return `${HEAD}${id}]`;
}

/** Whether one begins there, which may be cut off. */
export function isMarkerAt(text: string, at: number): boolean {
  return text.startsWith(HEAD, at);
}

export function startsWithMarker(text: string): boolean {
  return AT_START.test(text);
}

export function endsWithMarker(text: string): boolean {
  return AT_END.test(text.slice(-LONGEST));
}

/** A stretch of a text without the markers in it and those at its ends: their ids are no words of the text. */
export function withoutMarkers(stretch: string): string {
  return stretch.includes(']') || stretch.includes('[REDACTED')
    ? stretch.replaceAll(WHOLE_OR_CUT, ' ')
    : stretch;
}

/** Blanks the markers with one of these ids; what only looks like a marker is text as any other. */
export function markerEraser(ids: readonly string[]): (text: string) => string {
  const markers = new RegExp(`\\[REDACTED:(?:${ids.join('|')})\\]`, 'g');
  return (text) =>
    text.includes(HEAD) ? text.replaceAll(markers, (found) => ' '.repeat(found.length)) : text;
}
