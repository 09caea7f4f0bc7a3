/** Finds many literals in one pass (Aho and Corasick, 1975): flat tables for a caller's own loop. */
export interface Automaton {
  /** Of each ASCII code, in any case; 0 for characters that are in no literal. */
  readonly classes: Uint8Array;
  /** The state after `state` on class `c` is `next[(state << shift) | c]`; the first state is 0. */
  readonly next: Int32Array;
  readonly shift: number;
  /** For each state, the longest literal that ends there, or nothing. */
  readonly longest: readonly string[];
}

/** Literals are lower-case ASCII. */
export function makeAutomaton(literals: readonly string[]): Automaton {
  const symbols = [...new Set(literals.join(''))];
  const classes = Uint8Array.from(
    { length: 128 },
    (_, code) => symbols.indexOf(String.fromCharCode(code).toLowerCase()) + 1,
  );
  const shift = Math.ceil(Math.log2(symbols.length + 1));
  const { root, size } = trieOf(literals);
  const next = new Int32Array(size << shift);
  const longest = [''];
  // Breadth first: what a state does not know itself is as after its longest suffix.
  const nodes = [root];
  const suffixes = [0];
  for (const [state, { children }] of nodes.entries()) {
    const suffix = suffixes[state] as number;
    if (state !== 0) next.copyWithin(state << shift, suffix << shift, (suffix + 1) << shift);
    for (const [character, child] of children) {
      const place = (state << shift) | (classes[character.charCodeAt(0)] as number);
      const shorter = next[place] as number;
      next[place] = nodes.push(child) - 1;
      suffixes.push(shorter);
      longest.push(child.literal === '' ? (longest[shorter] as string) : child.literal);
    }
  }
  return { classes, next, shift, longest };
}

interface Node {
  readonly children: Map<string, Node>;
  /** The one that ends here. */
  literal: string;
}

function trieOf(literals: readonly string[]): { root: Node; size: number } {
  const root: Node = { children: new Map(), literal: '' };
  let size = 1;
  for (const literal of literals) {
    let node = root;
    for (const character of literal) {
      const child: Node = node.children.get(character) ?? { children: new Map(), literal: '' };
      if (!node.children.has(character)) size++;
      node.children.set(character, child);
      node = child;
    }
    node.literal = literal;
  }
  return { root, size };
}
