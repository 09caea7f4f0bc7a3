import type { CanarySet } from '../canaries/canaries.ts';
import { endsWithMarker, startsWithMarker } from '../detectors/markers.ts';
import type { Scanner } from '../redact.ts';
import { lineOf, stretchesOf } from './long-text.ts';
import { isChance, isOwnForm, isSigned } from './own-forms.ts';

/** Why a value may not leave. */
export interface Verdict {
  readonly rule: string;
  /** Where in the document that the value is in base64. */
  readonly path?: string;
}

interface Hit {
  readonly rule: string;
  readonly at: number;
  readonly isCanary: boolean;
}

/** Looks closely at single values, as they read after decoding. */
export interface Judge {
  value(text: string, nesting: number): Verdict | undefined;
  /** Whether the name of a member says that its value is a secret, whatever the value is. */
  isTelling(name: string): boolean;
  /** A member with such a name. */
  member(name: string, value: string): Verdict | undefined;
  /** Two values that stand beside each other, for what was split between them. */
  neighbours(first: string, second: string): Verdict | undefined;
  /** A text that is no JSON. */
  text(text: string): { readonly rule: string; readonly line: number } | undefined;
}

/** Looks through a document: a verdict, undefined when it is clean, `not-json` when it is no document. */
export type LookInside = (json: string, nesting: number) => Verdict | undefined | 'not-json';

/** Names and kinds come again and again; those that were clean once are clean. */
const CACHED_VALUES = 20_000;
const CACHED_LENGTH = 256;
const LONGEST = 60_000;
/** A secret that is split between two values shows within so many characters of where they meet. */
const REACH = 256;
const MAX_MEMBER = 4_096;
/** An ordinary word: a name that turns it into a secret does so with everything. */
const ANY_VALUE = 'kubernetes';
const BASE64 = /^[A-Za-z0-9+/_-]{16,}={0,2}$/;

export function makeJudge(net: Scanner, canaries: CanarySet, lookInside: LookInside): Judge {
  let clean = new Set<string>();
  let cleanBefore = new Set<string>();
  const telling = new Map<string, boolean>();

  function remembered(value: string, judge: () => Verdict | undefined): Verdict | undefined {
    if (clean.has(value)) return undefined;
    const verdict = cleanBefore.has(value) ? undefined : judge();
    if (verdict !== undefined || value.length > CACHED_LENGTH) return verdict;
    // Two generations: what is met again and again outlives the many that are met once.
    if (clean.size >= CACHED_VALUES) [clean, cleanBefore] = [new Set(), clean];
    clean.add(value);
    return undefined;
  }

  function scan(text: string): Hit | undefined {
    const canary = canaries.find(text);
    if (canary !== undefined) return { rule: `canary:${canary.id}`, at: 0, isCanary: true };
    for (const [from, to] of stretchesOf(text)) {
      const stretch = from === 0 && to === text.length ? text : text.slice(from, to);
      if (!net.hasFinding(stretch)) continue;
      const [finding] = net.scan(stretch).findings;
      return { rule: finding?.detector ?? 'unscannable', at: from + (finding?.start ?? 0), isCanary: false };
    }
    return undefined;
  }

  function valueVerdict(text: string, nesting: number): Verdict | undefined {
    const json = documentIn(text);
    const inside = json === undefined ? 'not-json' : lookInside(json, nesting + 1);
    if (inside !== undefined && inside !== 'not-json') return inside;
    const found = scan(text);
    if (found === undefined) return undefined;
    if (found.isCanary) return { rule: found.rule };
    // What only the digits of a document in base64 spell is chance.
    const isSpelt = json !== undefined && scan(withoutOwn(json)) === undefined;
    return isSpelt || isChance(text, found.at) ? undefined : { rule: found.rule };
  }

  function isTelling(name: string): boolean {
    if (name.length > CACHED_LENGTH) return false;
    const known = telling.get(name);
    if (known !== undefined) return known;
    if (telling.size >= CACHED_VALUES) telling.clear();
    const tells = net.hasFinding(asMember(name, ANY_VALUE));
    telling.set(name, tells);
    return tells;
  }

  return {
    value: (text, nesting) => remembered(text, () => valueVerdict(text, nesting)),
    isTelling,
    member(name, value) {
      if (isSigned(value)) return undefined;
      const found = scan(asMember(name, value.slice(0, MAX_MEMBER)));
      return found === undefined ? undefined : { rule: found.rule };
    },
    neighbours(first, second) {
      if (isOwnForm(first) || isOwnForm(second)) return undefined;
      // What was taken out there does not go on in another value.
      if (endsWithMarker(first) || startsWithMarker(second)) return undefined;
      const head = first.slice(-REACH);
      const joined = head + second.slice(0, REACH);
      return remembered(joined, () => {
        if (!net.hasFinding(joined)) return undefined;
        const across = net
          .scan(joined)
          .findings.find(({ start, end }) => start < head.length && end > head.length);
        return across === undefined ? undefined : { rule: across.detector };
      });
    },
    text(text) {
      const found = scan(text);
      if (found !== undefined) return { rule: found.rule, line: lineOf(text, found.at) };
      let line = 0;
      for (const content of text.split('\n')) {
        line++;
        for (const part of partsOf(content)) {
          const verdict = remembered(part, () => scan(part));
          if (verdict !== undefined) return { rule: verdict.rule, line };
        }
      }
      return undefined;
    },
  };

  /** As it would read in a text; a longer value than one detector wants does not hide what it begins with. */
  function asMember(name: string, value: string): string {
    return `"${name}":"${value}"`;
  }
}

/** A line and what stands in quotes in it, as label values of metrics do: a value can be cut off at the end of each. */
function* partsOf(line: string): Generator<string> {
  yield line;
  let from = line.indexOf('"');
  while (from !== -1) {
    let to = from + 1;
    while (to < line.length && line[to] !== '"') to += line[to] === '\\' ? 2 : 1;
    yield unescaped(line.slice(from + 1, to));
    from = line.indexOf('"', to + 1);
  }
}

/** What is no JSON string is taken as it stands: the scanner knows escapes as well. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

/** JSON in base64, as the payload of a signature is; what only begins like it is a text as any other. */
function documentIn(text: string): string | undefined {
  const first = text.charAt(0);
  if ((first !== 'e' && first !== 'W') || text.length > 16 * LONGEST || !BASE64.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return /^\s{0,8}[{[]/.test(decoded) && isJson(decoded) ? decoded : undefined;
}

/** A document without the values that look random because they are. */
function withoutOwn(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (_name, value: unknown) => (typeof value === 'string' && isOwnForm(value) ? '' : value)),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
