import { isDigit } from '../ascii.ts';
import type { Detector } from '../detectors/detector.ts';
import { makeByteMemo, type Stretch } from './byte-memo.ts';
import { type Judge, unescaped, type Verdict } from './judge.ts';
import { isPlainOwn } from './own-forms.ts';
import { makeWakeTable } from './wake-table.ts';

/** A finding and the offset of its value, in bytes. */
export interface Found {
  readonly rule: string;
  readonly at: number;
  /** Where in a document that is itself the value, in base64. */
  readonly inner?: string;
}

/** The first finding in JSON documents that follow each other; `not-json` where they are none. */
export type JsonSweep = (bytes: Uint8Array, nesting: number) => Found | undefined | 'not-json';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d;
const MAX_DEPTH = 512;
/** A number that a person or an account could have. */
const LONG_NUMBER = 7;
const WORDS: ReadonlyMap<number, string> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), word]),
);

/** A string between its quotes. */
interface Token {
  from: number;
  to: number;
  isWoken: boolean;
}

/**
 * Reads the bytes once: structure between the strings, and in each string the wake table. Only strings in which it
 * stops are decoded and looked at, with the name of the member they belong to and the value beside them.
 */
export function makeJsonSweep(judge: Judge, detectors: readonly Detector[] | undefined): JsonSweep {
  const { classes, next, stop, length, isWorthALook } = makeWakeTable(detectors);

  /** Moves over a string that begins at `from`; undefined where it does not end. `state` is where its value goes on. */
  function readString(bytes: Uint8Array, from: number, state: number, token: Token): number | undefined {
    let at = from;
    let now = state;
    let byte = 0;
    for (; at < bytes.length; at++) {
      byte = bytes[at] as number;
      const after = next[now + (classes[byte] as number)] as number;
      if (after >= stop) break;
      now = after;
    }
    if (byte === QUOTE && at < bytes.length) {
      token.isWoken = at - from >= length && isWorthALook(bytes, from, at);
    } else {
      token.isWoken = true;
      now = 0;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    }
    if (at >= bytes.length) return undefined;
    token.from = from;
    token.to = at;
    return now;
  }

  return (bytes, nesting) => {
    const look = makeLook(bytes, nesting, judge);
    const containers = new Uint8Array(MAX_DEPTH);
    const token: Token = { from: 0, to: 0, isWoken: false };
    let depth = 0;
    let state = 0;
    let isMember = false;
    let documents = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        const isName = containers[depth] === OPEN_OBJECT && !isMember;
        const after = readString(bytes, at + 1, isName ? 0 : state, token);
        if (after === undefined) return 'not-json';
        if (!isName) state = after;
        isMember = false;
        at = token.to;
        if (depth === 0) documents++;
        const found = isName ? look.name(token) : look.value(token);
        if (found !== undefined) return found;
      } else if (byte === COMMA) {
        if (depth === 0) return 'not-json';
        isMember = false;
      } else if (byte === COLON) {
        if (containers[depth] !== OPEN_OBJECT) return 'not-json';
        isMember = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth === 0) documents++;
        if (++depth === MAX_DEPTH) throw new Error('the document is nested too deeply');
        containers[depth] = byte;
        state = 0;
        isMember = false;
        look.structure();
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // The closing sign stands two places after the opening one in ASCII.
        if (depth === 0 || containers[depth] !== byte - 2) return 'not-json';
        depth--;
        state = 0;
        isMember = false;
        look.structure();
      } else if (byte > 0x20) {
        if (depth === 0) return 'not-json';
        const end = endOfScalar(bytes, at);
        if (end === undefined) return 'not-json';
        const found = end - at < LONG_NUMBER ? undefined : look.number(at, end);
        if (found !== undefined) return found;
        at = end - 1;
      } else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return 'not-json';
    }
    return depth === 0 && documents > 0 ? undefined : 'not-json';
  };
}

/** The end of a number or of `true`, `false` and `null`. */
function endOfScalar(bytes: Uint8Array, from: number): number | undefined {
  const word = WORDS.get(bytes[from] ?? 0);
  if (word !== undefined) {
    for (let i = 1; i < word.length; i++) if (bytes[from + i] !== word.charCodeAt(i)) return undefined;
    return from + word.length;
  }
  let at = from;
  while (at < bytes.length && isNumeric(bytes[at] as number)) at++;
  const first = bytes[from] as number;
  return at > from && (isDigit(first) || first === MINUS) ? at : undefined;
}

function isNumeric(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || byte === 0x2b || byte === 0x2e || (byte | 32) === 0x65;
}

interface Look {
  name(token: Token): Found | undefined;
  value(token: Token): Found | undefined;
  number(from: number, to: number): Found | undefined;
  /** A container begins or ends: what follows stands beside nothing. */
  structure(): void;
}

/** What is looked at of a document, and what has to be remembered from one string to the next. */
function makeLook(bytes: Uint8Array, nesting: number, judge: Judge): Look {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  /** The name of the member, where it says that the value is a secret. */
  let name: string | undefined;
  let hasBefore = false;
  const before: Token = { from: 0, to: 0, isWoken: false };
  const names = makeByteMemo(bytes);
  const values = makeByteMemo(bytes);
  const pairs = makeByteMemo(bytes);

  const textOf = ({ from, to }: Stretch): string => unescaped(buffer.toString('utf8', from, to));
  const found = (at: number, verdict: Verdict | undefined): Found | undefined =>
    verdict === undefined
      ? undefined
      : { rule: verdict.rule, at, ...(verdict.path === undefined ? {} : { inner: verdict.path }) };

  const judgeValue = (token: Token): Verdict | undefined => {
    if (values.has(token)) return undefined;
    const verdict = judge.value(textOf(token), nesting);
    if (verdict === undefined) values.add(token);
    return verdict;
  };
  const judgeNeighbours = (token: Token): Verdict | undefined => {
    if (pairs.has(before, token)) return undefined;
    const verdict = judge.neighbours(textOf(before), textOf(token));
    if (verdict === undefined) pairs.add(before, token);
    return verdict;
  };

  return {
    name(token) {
      name = undefined;
      if (!token.isWoken || names.has(token)) return undefined;
      const text = textOf(token);
      if (judge.isTelling(text)) name = text;
      const verdict = judge.value(text, nesting);
      if (name === undefined && verdict === undefined) names.add(token);
      return found(token.from, verdict);
    },
    value(token) {
      const isNear = hasBefore && (token.isWoken || before.isWoken);
      if (name === undefined && (token.isWoken || isNear) && isPlainOwn(bytes, token.from, token.to)) {
        hasBefore = false;
        return undefined;
      }
      let verdict = token.isWoken ? judgeValue(token) : undefined;
      if (name !== undefined) verdict ??= judge.member(name, textOf(token));
      if (isNear && !isPlainOwn(bytes, before.from, before.to)) verdict ??= judgeNeighbours(token);
      name = undefined;
      hasBefore = true;
      before.from = token.from;
      before.to = token.to;
      before.isWoken = token.isWoken;
      return found(token.from, verdict);
    },
    number(from, to) {
      const text = textOf({ from, to });
      const verdict =
        judge.value(text, nesting) ?? (name === undefined ? undefined : judge.member(name, text));
      name = undefined;
      return found(from, verdict);
    },
    structure() {
      name = undefined;
      hasBefore = false;
    },
  };
}
