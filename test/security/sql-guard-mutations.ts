import { type ScanToken, scanSync } from 'libpg-query';

/** A way of writing the same statement in other characters. */
export interface Mutation {
  readonly name: string;
  apply(tokens: readonly ScanToken[]): string;
}

/** An operator and what begins a comment would be read as one longer operator. */
const spaced = (separator: string) => (tokens: readonly ScanToken[]) =>
  tokens.map(({ text }) => (/^[-+*/<>=~!@#%^&|`?]+$/.test(text) ? `${text} ` : text)).join(separator);

const replaced = (kind: string, rewrite: (text: string) => string) => (tokens: readonly ScanToken[]) =>
  tokens.map((token) => (token.tokenName === kind ? rewrite(token.text) : token.text)).join(' ');

export const MUTATIONS: readonly Mutation[] = [
  { name: 'comments', apply: spaced('/* FROM secrets */') },
  { name: 'nested comments', apply: spaced('/* a /* b */ c */') },
  { name: 'line comments', apply: spaced(' --; DROP TABLE x\n') },
  { name: 'control white space', apply: spaced('\t\n\v\f\r') },
  { name: 'upper case', apply: (tokens) => tokens.map(upper).join(' ') },
  { name: 'quoted identifiers', apply: replaced('IDENT', quoted) },
  { name: 'unicode identifiers', apply: replaced('IDENT', unicode) },
  { name: 'escaped strings', apply: replaced('SCONST', (text) => escaped(text)) },
  { name: 'dollar strings', apply: replaced('SCONST', (text) => dollar(text)) },
  { name: 'trailing semicolons', apply: (tokens) => `${spaced(' ')(tokens)} ; ; -- end` },
  { name: 'parentheses', apply: (tokens) => `((${spaced(' ')(tokens)}))` },
];

export function tokensOf(sql: string): readonly ScanToken[] {
  return scanSync(sql).tokens;
}

/** Only what is not quoted changes its case without changing its meaning. */
function upper(token: ScanToken): string {
  return token.tokenName === 'SCONST' || token.text.includes('"') ? token.text : token.text.toUpperCase();
}

function quoted(text: string): string {
  return text.startsWith('"') ? text : `"${text.toLowerCase()}"`;
}

function unicode(text: string): string {
  if (text.startsWith('"') || !/^[A-Za-z0-9_]+$/.test(text)) return text;
  const [first = '', ...rest] = text.toLowerCase();
  return `U&"\\${first.charCodeAt(0).toString(16).padStart(4, '0')}${rest.join('')}"`;
}

function escaped(text: string): string {
  if (!text.startsWith("'")) return text;
  const characters = [...text.slice(1, -1).replaceAll("''", "'")];
  return `E'${characters.map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}'`;
}

function dollar(text: string): string {
  return text.startsWith("'") ? `$tag$${text.slice(1, -1).replaceAll("''", "'")}$tag$` : text;
}
