const MARKER = /\[REDACTED:[a-z0-9-]{0,48}(?:\]|$)|^[A-Za-z0-9:-]{0,58}\]/g;

export const CONTEXT_PATTERNS: readonly RegExp[] = [MARKER];

/** What stands around a span, without the markers of findings: their names are no words of the text. */
export function around(text: string, start: number, end: number, before: number, after: number): string {
  const left = text.slice(Math.max(0, start - before), start);
  const right = text.slice(end, end + after);
  return `${withoutMarkers(left)} # ${withoutMarkers(right)}`;
}

function withoutMarkers(text: string): string {
  return text.includes(']') || text.includes('[REDACTED') ? text.replaceAll(MARKER, ' ') : text;
}
