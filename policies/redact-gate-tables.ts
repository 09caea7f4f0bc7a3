import { type Automaton, makeAutomaton } from './detectors/automaton.ts';
import type { Detector, Shape } from './detectors/detector.ts';
import { HARMLESS, JUDGEMENTS } from './redact-characters.ts';

/** The automaton as the gate walks it: one load for the class of a character, one for the next state. */
export interface GateTables {
  /**
   * For each UTF-16 code unit. Classes are numbered by what the gate does with them: below `digits` letters, below
   * `breaks` digits, below `signs` what only ends a word, below `hiding` signs that are looked at by themselves, and
   * from there what may stand for something else.
   */
  readonly classes: Uint8Array;
  readonly digits: number;
  readonly breaks: number;
  readonly signs: number;
  readonly hiding: number;
  /** `next[state + class]`; the first state is 0. */
  readonly next: Int32Array;
  /** Keywords end in this state and those after it. */
  readonly hot: number;
  /** The detectors, by their place, of which a keyword ends in a state, and how long each keyword is. */
  readonly endings: (state: number) => readonly Ending[];
  /** For each shape, in the order of its bit, the detectors that wait for it. */
  readonly shapes: readonly (readonly number[])[];
}

export interface Ending {
  readonly detector: number;
  readonly length: number;
}

type Kind = 'letter' | 'digit' | 'break' | 'sign' | 'hiding';
const KINDS: readonly Kind[] = ['letter', 'digit', 'break', 'sign', 'hiding'];

export function gateTables(detectors: readonly Detector[]): GateTables {
  const automaton = makeAutomaton(detectors.map((detector) => detector.keywords));
  const { classes, sources, bounds } = characterClasses(automaton);
  const width = sources.length;
  const order = statesByOutput(automaton);
  const rank = new Int32Array(order.length);
  for (const [place, state] of order.entries()) rank[state] = place;
  const next = new Int32Array(order.length * width);
  for (const [place, state] of order.entries()) {
    for (const [symbol, source] of sources.entries()) {
      const target = automaton.next[(state << automaton.shift) | source] ?? 0;
      next[place * width + symbol] = (rank[target] ?? 0) * width;
    }
  }
  const quiet = order.findIndex((state) => automaton.outputs[state]?.length !== 0);
  const endings = order.map((state) => endingsOf(automaton, state));
  return {
    classes,
    ...bounds,
    next,
    hot: (quiet === -1 ? order.length : quiet) * width,
    endings: (state) => endings[state / width] ?? [],
    shapes: SHAPES.map((shape) => waitingFor(detectors, shape)),
  };
}

/** A class for each pair of a kind and a class of the automaton that occurs. */
function characterClasses(automaton: Automaton): {
  classes: Uint8Array;
  sources: number[];
  bounds: Pick<GateTables, 'digits' | 'breaks' | 'signs' | 'hiding'>;
} {
  const sources: number[] = [];
  const firsts: number[] = [];
  const classes = new Uint8Array(0x1_0000);
  for (const kind of KINDS) {
    firsts.push(sources.length);
    const known = new Map<number, number>();
    for (let code = 0; code < 128; code++) {
      if (kindOf(code) !== kind) continue;
      const source = automaton.classes[code] ?? 0;
      const symbol = known.get(source) ?? sources.push(source) - 1;
      known.set(source, symbol);
      classes[code] = symbol;
    }
    // Beyond ASCII nothing is part of a keyword.
    if (kind === 'break' && !known.has(0)) known.set(0, sources.push(0) - 1);
    if (kind === 'break') classes.fill(known.get(0) ?? 0, 128);
  }
  const [, digits = 0, breaks = 0, signs = 0, hiding = 0] = firsts;
  const folding = sources.push(0) - 1;
  for (let code = 128; code < 0x1_0000; code++) if (JUDGEMENTS[code] !== HARMLESS) classes[code] = folding;
  return { classes, sources, bounds: { digits, breaks, signs, hiding } };
}

/** The signs that the gate looks at by themselves. */
const SIGNS = "@'.:\n";

function kindOf(code: number): Kind {
  const isLetter = (code | 32) >= 0x61 && (code | 32) <= 0x7a;
  if (isLetter) return 'letter';
  if (code >= 0x30 && code <= 0x39) return 'digit';
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
];

function waitingFor(detectors: readonly Detector[], shape: Shape): number[] {
  return detectors.flatMap(({ shapes }, index) => (shapes.includes(shape) ? [index] : []));
}
