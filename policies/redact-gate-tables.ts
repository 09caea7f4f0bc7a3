import { ANY_DIGIT, type Automaton, makeAutomaton } from './detectors/automaton.ts';
import type { Detector, Shape } from './detectors/detector.ts';
import { HARMLESS, JUDGEMENTS } from './redact-characters.ts';

/** An automaton as the gate walks it. */
export interface Walk {
  /** `next[state + class]`; the first state is 0. */
  readonly next: Int32Array;
  /** Keywords end in this state and those after it. */
  readonly hot: number;
  /** The detectors, by their place, of which a keyword ends in a state, and how long each keyword is. */
  readonly endings: (state: number) => readonly Ending[];
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

export interface Ending {
  readonly detector: number;
  readonly length: number;
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

/** The table with the gate's classes for the automaton's own, states in which keywords end last. */
function walkOf(automaton: Automaton, codes: readonly number[]): Walk {
  const width = codes.length;
  const order = statesByOutput(automaton);
  const rank = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) rank[order[place] as number] = place * width;
  const sources = Uint8Array.from(codes, (code) => (code < 0 ? 0 : (automaton.classes[code] ?? 0)));
  const next = new Int32Array(order.length * width);
  for (let place = 0, at = 0; place < order.length; place++) {
    const row = (order[place] as number) << automaton.shift;
    for (let symbol = 0; symbol < width; symbol++, at++) {
      next[at] = rank[automaton.next[row | (sources[symbol] as number)] as number] as number;
    }
  }
  const first = order.findIndex((state) => automaton.outputs[state]?.length !== 0);
  const endings = order.map((state) => endingsOf(automaton, state));
  return {
    next,
    hot: (first === -1 ? order.length : first) * width,
    endings: (state) => endings[state / width] ?? [],
  };
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
    for (let code = 0; code < 128; code++) {
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

/** The signs that the gate looks at by themselves. */
const SIGNS = "@'.:\n";

function kindOf(code: number): Kind {
  const character = String.fromCharCode(code);
  if (SIGNS.includes(character)) return 'sign';
  const isControl = code === 0x7f || (code < 0x20 && !'\t\r'.includes(character));
  return isControl || '%\\&='.includes(character) ? 'hiding' : 'break';
}

/** Those in which no keyword ends first, so that one comparison tells. */
function statesByOutput({ outputs }: Automaton): number[] {
  const states = [...outputs.keys()];
  const isQuiet = (state: number) => outputs[state]?.length === 0;
  return [...states.filter(isQuiet), ...states.filter((state) => !isQuiet(state))];
}

function endingsOf({ outputs, lengths }: Automaton, state: number): Ending[] {
  const detectors = outputs[state] ?? [];
  return detectors.map((detector, at) => ({ detector, length: lengths[state]?.[at] ?? 0 }));
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
