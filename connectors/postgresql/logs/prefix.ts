import { type LocalTime, timeAt } from './times.ts';

/**
 * log_line_prefix, taken apart (PostgreSQL manual, "What to Log"). Names in it (%u %d %a %r %h) are passed over and never
 * looked at. Where such a name holds what looks like the rest of the prefix, the first place that fits counts.
 */
export type PrefixToken =
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'time' | 'state' | 'free' | 'optional' }
  | { readonly is: 'pattern'; readonly pattern: RegExp }
  | { readonly is: 'epoch' };

const DIGITS = /\d*/y;
const PATTERNS: Readonly<Record<string, RegExp>> = {
  p: DIGITS,
  P: DIGITS,
  l: DIGITS,
  x: DIGITS,
  Q: /-?\d*/y,
  c: /[0-9a-f]+\.[0-9a-f]+/y,
  v: /(?:-?\d+\/\d+)?/y,
};
const SPACES = / */y;
const STATE = /[0-9A-Z]{5}/y;
const EPOCH = /(\d{9,11})\.(\d{3})/y;
/** What a name, an address or a label is at most. */
const LONGEST_FREE = 300;
/** Places that one line may be at while it is compared: a prefix of many names next to each other is given up. */
const MOST_PLACES = 2_048;

export function parsePrefix(setting: string): readonly PrefixToken[] {
  const tokens: PrefixToken[] = [];
  for (const [whole, padding, letter] of setting.matchAll(/%(-?\d*)(.)|%$|[^%]+/gsu)) {
    if (letter === undefined) tokens.push({ is: 'literal', text: bytesOf(whole) });
    else if (letter === '%') tokens.push({ is: 'literal', text: '%' });
    else tokens.push(...padded(padding !== '', tokenOf(letter)));
  }
  return tokens;
}

/** The session's letters; those that PostgreSQL does not know print nothing. */
function tokenOf(letter: string): PrefixToken | undefined {
  const pattern = PATTERNS[letter];
  if (pattern !== undefined) return { is: 'pattern', pattern };
  if (letter === 'm' || letter === 't' || letter === 's') return { is: 'time' };
  if (letter === 'n') return { is: 'epoch' };
  if (letter === 'e') return { is: 'state' };
  if (letter === 'q') return { is: 'optional' };
  return 'aubdrhLi'.includes(letter) ? { is: 'free' } : undefined;
}

function padded(isPadded: boolean, token: PrefixToken | undefined): readonly PrefixToken[] {
  if (token === undefined) return [];
  const spaces = { is: 'pattern', pattern: SPACES } as const;
  return isPadded ? [spaces, token, spaces] : [token];
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export interface Place {
  readonly at: number;
  readonly state: string | undefined;
  readonly time: LocalTime | undefined;
}

/** Every place where the prefix may end, nearest first. */
export function prefixEnds(tokens: readonly PrefixToken[], line: string): readonly Place[] {
  let places: readonly Place[] = [{ at: 0, state: undefined, time: undefined }];
  const ends: Place[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.is === 'optional') ends.push(...places);
    const next = tokens[index + 1];
    // A name ends where what follows it stands: only those places are worth keeping.
    const stop = token.is === 'free' && next?.is === 'literal' ? next.text : '';
    places = distinct(
      places.flatMap((place) => (stop === '' ? after(token, place, line) : until(stop, place, line))),
    );
    if (places.length === 0 || places.length > MOST_PLACES) return ends;
  }
  return [...places, ...ends];
}

function distinct(places: readonly Place[]): readonly Place[] {
  if (places.length < 2) return places;
  const seen = new Set<number>();
  return places.filter(({ at }) => seen.size < seen.add(at).size);
}

function after(token: PrefixToken, place: Place, line: string): readonly Place[] {
  switch (token.is) {
    case 'literal':
      return line.startsWith(token.text, place.at) ? [{ ...place, at: place.at + token.text.length }] : [];
    case 'time': {
      const found = timeAt(line, place.at);
      return found === undefined ? [] : [{ ...place, at: found.end, time: place.time ?? found.time }];
    }
    case 'epoch': {
      const found = matched(EPOCH, place.at, line);
      if (found === undefined) return [];
      const asUtc = Number(found[1]) * 1_000 + Number(found[2]);
      return [{ ...place, at: EPOCH.lastIndex, time: { asUtc, zone: 'UTC' } }];
    }
    case 'state': {
      const found = matched(STATE, place.at, line);
      return found === undefined ? [] : [{ ...place, at: STATE.lastIndex, state: found[0] }];
    }
    case 'pattern':
      return matched(token.pattern, place.at, line) === undefined
        ? []
        : [{ ...place, at: token.pattern.lastIndex }];
    case 'free':
      return anywhere(place, line);
    case 'optional':
      return [place];
  }
}

function matched(pattern: RegExp, at: number, line: string): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

/** Before each place where that text stands, as far as a name can reach. */
function until(stop: string, place: Place, line: string): readonly Place[] {
  const found: Place[] = [];
  let at = line.indexOf(stop, place.at);
  while (at >= 0 && at - place.at <= LONGEST_FREE) {
    found.push({ ...place, at });
    at = line.indexOf(stop, at + 1);
  }
  return found;
}

function anywhere(place: Place, line: string): readonly Place[] {
  const length = Math.max(0, Math.min(LONGEST_FREE, line.length - place.at)) + 1;
  return Array.from({ length }, (_, index) => ({ ...place, at: place.at + index }));
}
