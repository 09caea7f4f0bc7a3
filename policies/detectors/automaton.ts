/** An Aho-Corasick automaton over ASCII literals, case folded, as flat tables for a caller's own loop. */
export interface Automaton {
  /** Character class of each ASCII code; 0 for characters that occur in no literal. */
  readonly classes: Uint8Array;
  /** The state after `state` on class `c` is `next[(state << shift) | c]`; the first state is 0. */
  readonly next: Uint16Array;
  readonly shift: number;
  /** For each state, the sets (by their place) of which a literal ends there. */
  readonly outputs: readonly (readonly number[])[];
  /** For each of the outputs, how long the literal is that ends there. */
  readonly lengths: readonly (readonly number[])[];
}

/** In a literal, stands for any digit. */
export const ANY_DIGIT = '#';

const MAX_STATES = 65_536;
const MAX_CLASSES = 120;

interface Node {
  readonly children: Map<string, number>;
  /** The set and the length of each literal that ends here. */
  readonly ending: { readonly set: number; readonly length: number }[];
}

/**
 * Literals are lower-case ASCII, in which `#` stands for any digit; upper-case letters of a text fall into the classes
 * of the lower-case ones. Throws when a literal is anything else, or when there are more than the tables can hold.
 */
export function makeAutomaton(sets: readonly (readonly string[])[]): Automaton {
  const { classes, symbols } = characterClasses(sets.flat());
  const trie = trieOf(sets);
  const shift = Math.ceil(Math.log2(symbols.length));
  const hasWildcards = sets.some((literals) => literals.some((literal) => literal.includes(ANY_DIGIT)));
  const { next, endings } = hasWildcards ? subsets(trie, symbols, shift) : failing(trie, classes, shift);
  return {
    classes,
    shift,
    next,
    outputs: endings.map((ending) => ending.map(({ set }) => set)),
    lengths: endings.map((ending) => ending.map(({ length }) => length)),
  };
}

/** The same, made when it is first needed. */
export function makeAutomatonLater(sets: readonly (readonly string[])[]): () => Automaton {
  let made: Automaton | undefined;
  return () => (made ??= makeAutomaton(sets));
}

/** One class for each character that a literal names, and one for the digits that only `#` names. */
function characterClasses(literals: readonly string[]): { classes: Uint8Array; symbols: string[] } {
  const named = new Set(literals.join(''));
  const hasDigits = named.delete(ANY_DIGIT);
  const symbols = ['', ...(hasDigits ? [ANY_DIGIT] : []), ...named];
  if (symbols.length > MAX_CLASSES) throw new Error('the literals have too many different characters');
  const classes = new Uint8Array(128);
  for (let code = 0x30; hasDigits && code <= 0x39; code++) classes[code] = 1;
  for (const [symbol, character] of symbols.entries()) {
    const code = character.charCodeAt(0);
    if (code > 127 || character !== character.toLowerCase())
      throw new Error('literals must be lower-case ASCII');
    if (character !== '' && character !== ANY_DIGIT) classes[code] = symbol;
  }
  for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[code + 32] ?? 0;
  return { classes, symbols };
}

function trieOf(sets: readonly (readonly string[])[]): Node[] {
  const trie: Node[] = [{ children: new Map(), ending: [] }];
  for (const [set, literals] of sets.entries()) {
    for (const literal of literals) {
      let node = 0;
      for (const character of literal) {
        const children = trie[node]?.children;
        const known = children?.get(character);
        node = known ?? trie.push({ children: new Map(), ending: [] }) - 1;
        if (known === undefined) children?.set(character, node);
      }
      trie[node]?.ending.push({ set, length: literal.length });
    }
  }
  return trie;
}

interface Tables {
  readonly next: Uint16Array;
  /** For each state, what ends there. */
  readonly endings: readonly Node['ending'][];
}

/** Without wildcards each node is a state: breadth first, a row is that of the longest suffix with the own children. */
function failing(trie: readonly Node[], classes: Uint8Array, shift: number): Tables {
  if (trie.length > MAX_STATES) throw new Error('the literals are too many for one automaton');
  const next = new Uint16Array(trie.length << shift);
  const endings = trie.map(({ ending }) => ending);
  const suffixes = new Uint16Array(trie.length);
  const order = [0];
  for (const state of order) {
    const suffix = suffixes[state] as number;
    if (state !== 0) {
      next.copyWithin(state << shift, suffix << shift, (suffix + 1) << shift);
      const more = endings[suffix] ?? [];
      if (more.length > 0) endings[state] = [...more, ...(endings[state] ?? [])];
    }
    for (const [character, child] of trie[state]?.children ?? []) {
      const place = (state << shift) | (classes[character.charCodeAt(0)] as number);
      suffixes[child] = state === 0 ? 0 : (next[place] as number);
      next[place] = child;
      order.push(child);
    }
  }
  return { next, endings };
}

/** With wildcards several nodes may be one state. */
function subsets(trie: readonly Node[], symbols: readonly string[], shift: number): Tables {
  const states = statesOf(trie, symbols);
  const next = new Uint16Array(states.length << shift);
  for (const [state, { row }] of states.entries()) next.set(row, state << shift);
  return { next, endings: states.map(({ nodes }) => nodes.flatMap((node) => trie[node]?.ending ?? [])) };
}

interface State {
  /** The nodes of the trie that the text may stand at, the root left out. */
  readonly nodes: readonly number[];
  /** The state after each class. */
  readonly row: Uint16Array;
}

/** Subsets of the trie's nodes, breadth first. Most transitions are those of the first state, so they are copied. */
function statesOf(trie: readonly Node[], symbols: readonly string[]): State[] {
  const first: State = { nodes: [], row: new Uint16Array(symbols.length) };
  const states = [first];
  const known = new Map<string, number>([['', 0]]);
  const numbers = new Map(symbols.map((character, symbol) => [character, symbol]));
  const digits = symbols.filter(isDigit);
  const stateAfter = (nodes: readonly number[], character: string): number => {
    const reached = after(trie, nodes, character);
    const key = reached.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    if (states.length >= MAX_STATES) throw new Error('the literals are too many for one automaton');
    known.set(key, states.length);
    return states.push({ nodes: reached, row: new Uint16Array(symbols.length) }) - 1;
  };
  for (const character of leaving(trie, [0], digits)) {
    first.row[numbers.get(character) ?? 0] = stateAfter([0], character);
  }
  for (const { nodes, row } of states) {
    if (row === first.row) continue;
    row.set(first.row); // it was made before the first row was complete
    for (const character of leaving(trie, nodes, digits)) {
      row[numbers.get(character) ?? 0] = stateAfter([0, ...nodes], character);
    }
  }
  return states;
}

/** The characters on which the automaton goes on from one of the nodes. */
function leaving(trie: readonly Node[], nodes: readonly number[], digits: readonly string[]): Set<string> {
  const characters = new Set<string>();
  for (const node of nodes) {
    for (const character of trie[node]?.children.keys() ?? []) {
      characters.add(character);
      if (character === ANY_DIGIT) for (const digit of digits) characters.add(digit);
    }
  }
  return characters;
}

function after(trie: readonly Node[], nodes: readonly number[], character: string): number[] {
  const reached: number[] = [];
  for (const node of nodes) {
    const children = trie[node]?.children;
    const named = children?.get(character);
    const digit = isDigit(character) && character !== ANY_DIGIT ? children?.get(ANY_DIGIT) : undefined;
    if (named !== undefined) reached.push(named);
    if (digit !== undefined) reached.push(digit);
  }
  return reached;
}

function isDigit(character: string): boolean {
  return character === ANY_DIGIT || (character >= '0' && character <= '9');
}
