/** An Aho-Corasick automaton over ASCII literals, case folded, as flat tables for a caller's own loop. */
export interface Automaton {
  /** Character class of each ASCII code; 0 for characters that occur in no literal. */
  readonly classes: Uint8Array;
  /** The state after `state` on class `c` is `next[(state << shift) | c]`; the first state is 0. */
  readonly next: Uint16Array;
  readonly shift: number;
  /** For each state, the sets (by their place) of which a literal ends there. */
  readonly outputs: readonly (readonly number[])[];
}

/** Literals are lower-case ASCII; upper-case letters of a text fall into the classes of the lower-case ones. */
export function makeAutomaton(sets: readonly (readonly string[])[]): Automaton {
  const { classes, count } = characterClasses(sets.flat());
  const shift = Math.ceil(Math.log2(count));
  const trie: number[][] = [zeros(count)];
  const ending: number[][] = [[]];
  for (const [index, literals] of sets.entries()) {
    for (const literal of literals) ending[insert(trie, ending, classes, literal)]?.push(index);
  }
  return { classes, shift, ...linked(trie, ending, count, shift) };
}

function characterClasses(literals: readonly string[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(128);
  let count = 1;
  for (const character of literals.join('')) {
    const code = character.charCodeAt(0);
    if (code > 127 || character !== character.toLowerCase())
      throw new Error('literals must be lower-case ASCII');
    if (classes[code] === 0) classes[code] = count++;
  }
  for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[code + 32] ?? 0;
  return { classes, count };
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

function insert(trie: number[][], ending: number[][], classes: Uint8Array, literal: string): number {
  let state = 0;
  for (const character of literal) {
    const row = trie[state] ?? [];
    const symbol = classes[character.charCodeAt(0)] ?? 0;
    if (row[symbol] === 0) {
      row[symbol] = trie.push(zeros(trie[0]?.length ?? 0)) - 1;
      ending.push([]);
    }
    state = row[symbol] ?? 0;
  }
  return state;
}

/** Breadth first, so that the state a failure leads to is complete before it is copied from. */
function linked(
  trie: readonly (readonly number[])[],
  ending: readonly (readonly number[])[],
  count: number,
  shift: number,
): Pick<Automaton, 'next' | 'outputs'> {
  const next = new Uint16Array(trie.length << shift);
  const outputs = ending.map((sets) => [...sets]);
  const failure = new Uint16Array(trie.length);
  const queue = [0];
  for (const state of queue) {
    const fallback = failure[state] ?? 0;
    if (state !== 0) outputs[state]?.push(...(outputs[fallback] ?? []));
    for (let symbol = 0; symbol < count; symbol++) {
      const child = trie[state]?.[symbol] ?? 0;
      const inherited = state === 0 ? 0 : (next[(fallback << shift) | symbol] ?? 0);
      next[(state << shift) | symbol] = child === 0 ? inherited : child;
      if (child === 0) continue;
      failure[child] = inherited;
      queue.push(child);
    }
  }
  return { next, outputs };
}
