import { ANY_DIGIT, type Automaton, makeAutomaton } from './detectors/automaton.ts';
import type { Detector, Shape } from './detectors/detector.ts';
import { HARMLESS, JUDGEMENTS } from './redact-characters.ts';

/** An automaton as the gate walks it. */
export interface Walk {
  /** `next[(state << shift) | class]`; the first state is 0. */
  readonly next: Uint16Array;
  readonly shift: number;
  /** Keywords end in this state and those after it. */
  readonly hot: number;
  /** For each of these, from `hot` on: the detectors, by their place, each followed by the length of its keyword. */
  readonly endings: readonly Int32Array[];
}

export interface GateTables {
  /**
   * For each UTF-16 code unit. Classes are numbered by what the gate does with them: below `signs` letters, digits and
   * what only ends a word, below `hiding` signs that are looked at by themselves, and from there what may stand for
   * something else.
   */
  readonly classes: Uint8Array;
  readonly signs: number;
  readonly hiding: number;
  /** The keywords without wildcards, and those with. In one automaton each would multiply the states of the others. */
  readonly words: Walk;
  readonly numbers: Walk;
  /** For each shape, in the order of its bit, the detectors that wait for it. */
  readonly shapes: readonly (readonly number[])[];
}

type Kind = 'break' | 'sign' | 'hiding';
const KINDS: readonly Kind[] = ['break', 'sign', 'hiding'];

export function gateTables(detectors: readonly Detector[]): GateTables {
  const isWildcard = (keyword: string) => keyword.includes(ANY_DIGIT);
  const words = makeAutomaton(detectors.map(({ keywords }) => keywords.filter((one) => !isWildcard(one))));
  const numbers = makeAutomaton(detectors.map(({ keywords }) => keywords.filter(isWildcard)));
  const { classes, codes, signs, hiding } = characterClasses(words, numbers);
  return {
    classes,
    signs,
    hiding,
    words: walkOf(words, codes),
    numbers: walkOf(numbers, codes),
    shapes: SHAPES.map((shape) => waitingFor(detectors, shape)),
  };
}

/**
 * The table with the gate's classes for the automaton's own, states in which keywords end last. Those that a text gets
 * to first stand first: the few rows that most characters need then stay near the processor.
 */
function walkOf(automaton: Automaton, codes: readonly number[]): Walk {
  const shift = Math.ceil(Math.log2(codes.length));
  const order = statesByOutput(automaton);
  const rank = new Uint16Array(order.length);
  for (let place = 0; place < order.length; place++) rank[order[place] as number] = place;
  const sources = Uint8Array.from(codes, (code) => (code < 0 ? 0 : (automaton.classes[code] ?? 0)));
  const next = new Uint16Array(order.length << shift);
  for (let place = 0; place < order.length; place++) {
    const row = (order[place] as number) << automaton.shift;
    for (let symbol = 0; symbol < sources.length; symbol++) {
      next[(place << shift) | symbol] = rank[
        automaton.next[row | (sources[symbol] as number)] as number
      ] as number;
    }
  }
  const first = order.findIndex((state) => automaton.outputs[state]?.length !== 0);
  const hot = first === -1 ? order.length : first;
  return { next, shift, hot, endings: order.slice(hot).map((state) => endingsOf(automaton, state)) };
}

/** A class for each way in which a character can differ for the automata or the gate, and one character of each. */
function characterClasses(
  words: Automaton,
  numbers: Automaton,
): { classes: Uint8Array; codes: number[]; signs: number; hiding: number } {
  const classes = new Uint8Array(0x1_0000);
  const codes: number[] = [];
  const firsts: number[] = [];
  for (const kind of KINDS) {
    firsts.push(codes.length);
    const known = new Map<string, number>();
    for (const code of CODES) {
      if (kindOf(code) !== kind) continue;
      const key = `${words.classes[code] ?? 0} ${numbers.classes[code] ?? 0}`;
      const symbol = known.get(key) ?? codes.push(code) - 1;
      known.set(key, symbol);
      classes[code] = symbol;
    }
    // Beyond ASCII nothing is part of a keyword.
    if (kind !== 'break') continue;
    classes.fill(known.get('0 0') ?? codes.push(NO_CODE) - 1, 128);
  }
  const folding = codes.push(NO_CODE) - 1;
  for (let code = 128; code < 0x1_0000; code++) if (JUDGEMENTS[code] !== HARMLESS) classes[code] = folding;
  const [, signs = 0, hiding = 0] = firsts;
  return { classes, codes, signs, hiding };
}

const NO_CODE = -1;

/** ASCII, letters first: what most characters need of a row lies together. */
const CODES: readonly number[] = [...Array(128).keys()].toSorted(
  (a, b) => Number(isLetter(b)) - Number(isLetter(a)) || a - b,
);

function isLetter(code: number): boolean {
  return (code | 32) >= 0x61 && (code | 32) <= 0x7a;
}

/** The signs that the gate looks at by themselves. */
const SIGNS = "@'.:\n";

function kindOf(code: number): Kind {
  const character = String.fromCharCode(code);
  if (SIGNS.includes(character)) return 'sign';
  const isControl = code === 0x7f || (code < 0x20 && !'\t\r'.includes(character));
  return isControl || '%\\&='.includes(character) ? 'hiding' : 'break';
}

/** Those in which no keyword ends first, so that one comparison tells; among them by their distance from the first. */
function statesByOutput({ outputs, next, shift, classes }: Automaton): number[] {
  const symbols = Math.max(...classes) + 1;
  const seen = new Uint8Array(outputs.length);
  const states = [0];
  seen[0] = 1;
  for (const state of states) {
    for (let symbol = 0; symbol < symbols; symbol++) {
      const target = next[(state << shift) | symbol] as number;
      if (seen[target] === 1) continue;
      seen[target] = 1;
      states.push(target);
    }
  }
  const isQuiet = (state: number) => outputs[state]?.length === 0;
  return [...states.filter(isQuiet), ...states.filter((state) => !isQuiet(state))];
}

function endingsOf({ outputs, lengths }: Automaton, state: number): Int32Array {
  const detectors = outputs[state] ?? [];
  return Int32Array.from(detectors.flatMap((detector, at) => [detector, lengths[state]?.[at] ?? 0]));
}

/** In the order of their bits in `redact-gate-shapes.ts`. */
export const SHAPES: readonly Shape[] = [
  'at-then-dot',
  'user-in-url',
  'quote',
  'dotted-digits',
  'colons',
  'phone-digits',
  'card-digits',
  'long-word',
  'hex-groups',
  'any-digits',
  'any-long-word',
];

function waitingFor(detectors: readonly Detector[], shape: Shape): number[] {
  return detectors.flatMap(({ shapes }, index) => (shapes.includes(shape) ? [index] : []));
}
