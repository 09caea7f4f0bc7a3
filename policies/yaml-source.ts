import { Composer, type CST, type Document, Lexer, type LineCounter, type ParsedNode, Parser } from 'yaml';

export type YamlDocument = Document.Parsed<ParsedNode>;

/** Why a text is refused before it is understood; offsets in UTF-16 code units. */
export interface Refused {
  readonly offset: number;
  readonly message: string;
}

/**
 * Words, signs, blanks, line ends and escapes. `key: value` on a line of its own is six, so this is a file of some 25,000 lines.
 * What is kept of each takes up to a kilobyte, and each may be wrong.
 */
const MAX_LEXEMES = 150_000;
/** Composing is recursive. */
const MAX_DEPTH = 64;

/** The one document of a text, as far as it can be read; time and memory are linear in what the bounds let through. */
export function composeYaml(text: string, lines: LineCounter): YamlDocument | Refused {
  if (hasTooManyLexemes(text)) return { offset: 0, message: 'has too many parts: divide it' };
  const tokens: CST.Token[] = [];
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type === 'directive')
      return { offset: token.offset, message: 'YAML directives are not allowed: they change what follows' };
    tokens.push(token);
  }
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { offset: deep.offset, message: 'is nested too deeply' };
  return onlyDocument(tokens) ?? { offset: 0, message: 'is empty' };
}

/** Lexing keeps nothing, so it can tell before anything is kept. */
function hasTooManyLexemes(text: string): boolean {
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1 + escapesIn(lexeme);
    if (count > MAX_LEXEMES) return true;
  }
  return false;
}

/** Each may be a wrong one, and so a problem of its own. */
function escapesIn(lexeme: string): number {
  let count = 0;
  for (let at = lexeme.indexOf('\\'); at !== -1; at = lexeme.indexOf('\\', at + 1)) count += 1;
  return count;
}

/** The first token beyond the depth. A list of its own instead of recursion, since it looks for what is too deep. */
function tooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  let level: CST.Token[] = [...tokens];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const next = level.flatMap(childrenOf);
    if (next.length === 0) return undefined;
    level = next;
  }
  return level[0];
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((child) => child !== null && child !== undefined),
  );
}

/** Duplicate keys are looked for by who calls: the composer compares each key with every other one. */
function onlyDocument(tokens: readonly CST.Token[]): YamlDocument | Refused | undefined {
  let only: YamlDocument | undefined;
  const composer = new Composer<ParsedNode>({ uniqueKeys: false, merge: false, version: '1.2' });
  for (const document of composer.compose(tokens)) {
    if (only !== undefined) return { offset: 0, message: 'holds more than one YAML document' };
    only = document;
  }
  return only;
}
