/** What is left as it is: names of groups, escapes. */
const TOKEN = /\(\?<[A-Za-z]+>|\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]])*\]|\p{L}/gsu;

/**
 * Source of an expression that matches in any case, as a group: `ab|c` becomes `(?:[aA][bB]|[cC])`. For the part of an
 * expression that tells cases apart elsewhere.
 *
 * Instead of the modifier `(?i:…)`, which must not be used: once a process holds a megabyte of code of expressions, V8
 * compiles without optimising, and alternatives under a modifier then match in one case only (V8 13.6 in Node 24.21;
 * `--no-regexp-optimization` shows it). An agent that runs for long enough would find less and less.
 */
export function anyCase(source: string): string {
  return `(?:${source.replace(TOKEN, (token) => {
    if (token.startsWith('(') || token.startsWith('\\')) return token;
    return token.startsWith('[') ? classInAnyCase(token) : letterInAnyCase(token);
  })})`;
}

function letterInAnyCase(letter: string): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
  return lower === upper || lower.length + upper.length > 2 * letter.length ? letter : `[${lower}${upper}]`;
}

/** Ranges of letters stay ranges: `[a-f]` becomes `[a-fA-F]`. */
function classInAnyCase(set: string): string {
  const inner = set.slice(1, -1);
  const plain = inner.replace(/\\[pP]\{[^}]*\}|\\./gsu, '');
  const more = [...plain].filter((sign) => sign.toLowerCase() !== sign.toUpperCase() || sign === '-');
  const other = more.map((sign) => (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase()));
  const letters = other.join('').replace(/^-+|-+$/g, '');
  return letters === '' ? set : `[${inner.replace(/-$/, '')}${letters}${inner.endsWith('-') ? '-' : ''}]`;
}
