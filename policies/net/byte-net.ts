import type { CanarySet } from '../canaries/canaries.ts';
import type { Detector } from '../detectors/detector.ts';
import type { Scanner } from '../redact.ts';
import { pathAt } from './json-path.ts';
import { type Found, makeJsonSweep } from './json-sweep.ts';
import { type Judge, makeJudge } from './judge.ts';
import { makeWithoutItems } from './seen-items.ts';

/** What is about to leave. */
export type Place = 'item' | 'bundle' | 'response' | 'log' | 'error' | 'metrics' | 'trace' | 'dead-letter';

export interface NetHit {
  readonly where: Place;
  /** Id of a detector; `canary:<id>`; `unscannable` where the net itself failed. */
  readonly rule: string;
  /** Of the value in JSON, `body.changes[2].to`, after `line 3: ` where several documents follow each other; of other
   * texts `line 3`. Never a value, and no name that is itself a hit. */
  readonly path: string;
  readonly isCanary: boolean;
}

/**
 * The last look at the bytes of everything that leaves. A hit is a defect: what fired should have been cleared before,
 * so what was to leave must not. Never throws: what can not be looked at is a hit.
 */
export interface ByteNet {
  /**
   * Undefined when nothing was found. Linear in the length of the text. `items` are stored items that stand in it, in
   * that order: what they hold is not read again when this net has found the same bytes clean before.
   */
  check(serialized: string | Uint8Array, where: Place, items?: readonly string[]): NetHit | undefined;
}

export interface ByteNetDeps {
  /** Of the net `all`. */
  readonly net: Scanner;
  readonly canaries: CanarySet;
  /** Those of the scanner: with them the net knows by itself which values are worth a look, without them it asks of each. */
  readonly detectors?: readonly Detector[];
}

const MAX_NESTING = 4;
const CANARY = 'canary:';

/** For the shape of a document alone. */
const NO_JUDGE: Judge = {
  value: () => undefined,
  isTelling: () => false,
  member: () => undefined,
  neighbours: () => undefined,
  text: () => undefined,
};

export function makeByteNet({ net, canaries, detectors }: ByteNetDeps): ByteNet {
  const judge = makeJudge(net, canaries, (json, nesting) => {
    if (nesting > MAX_NESTING) throw new Error('documents are nested too deeply');
    const bytes = Buffer.from(json);
    const found = sweep(bytes, nesting);
    return found === undefined || found === 'not-json'
      ? found
      : { rule: found.rule, path: pathOf(bytes, found) };
  });
  const sweep = makeJsonSweep(
    judge,
    detectors?.filter((detector) => net.net === 'text' || detector.net === 'all'),
  );

  const structure = makeJsonSweep(NO_JUDGE, []);

  function pathOf(bytes: Uint8Array, { at, inner }: Found): string {
    const path = pathAt(bytes, at, (name) => judge.value(name, MAX_NESTING) === undefined);
    return inner === undefined ? path : `${path}(base64).${inner}`;
  }

  function hitIn(bytes: Uint8Array): { rule: string; path: string } | undefined {
    const canary = canaries.findInBytes(bytes);
    if (canary !== undefined) {
      const rule = CANARY + canary.id;
      const isJson = structure(bytes, 0) !== 'not-json';
      return { rule, path: isJson ? pathOf(bytes, { rule, at: canary.start }) : lineIn(bytes, canary.start) };
    }
    const found = sweep(bytes, 0);
    if (found !== 'not-json')
      return found === undefined ? undefined : { rule: found.rule, path: pathOf(bytes, found) };
    const inText = judge.text(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
    return inText === undefined ? undefined : { rule: inText.rule, path: `line ${inText.line}` };
  }

  const withoutItems = makeWithoutItems((item) => sweep(item, 0) === undefined);

  /** Canaries are looked for in all of the bytes, whatever is known of them. */
  function isCleanAround(bytes: Uint8Array, items: readonly string[]): boolean {
    if (items.length === 0 || canaries.findInBytes(bytes) !== undefined) return false;
    const left = withoutItems(bytes, items);
    return left !== undefined && sweep(left, 0) === undefined;
  }

  return {
    check(serialized, where, items = []) {
      try {
        const bytes = typeof serialized === 'string' ? Buffer.from(serialized) : serialized;
        // Whatever is amiss is told by reading all of it.
        if (isCleanAround(bytes, items)) return undefined;
        const hit = hitIn(bytes);
        return hit === undefined ? undefined : { where, ...hit, isCanary: hit.rule.startsWith(CANARY) };
      } catch {
        return { where, rule: 'unscannable', path: '', isCanary: false };
      }
    },
  };
}

/** Of an offset in bytes, which need not be text. */
function lineIn(bytes: Uint8Array, offset: number): string {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line++;
  return `line ${line}`;
}
