import { tokensOf } from './sql-guard-mutations.ts';
import { EXPRESSIONS, SOURCES } from './sql-guard-payloads.ts';

/**
 * Honest queries with parts of other queries and of attacks in them: most are no SQL any more, many are refused, and
 * what is left is what a fuzzer that makes up its own queries never comes to.
 */
export function makeSplicer(seed: number, honest: readonly string[]): () => string {
  const random = generator(seed);
  const pick = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)] as T;
  const texts = honest.map((sql) =>
    tokensOf(sql)
      .filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'))
      .map(({ text }) => text),
  );
  const names = [...new Set(texts.flat().filter((text) => /^[a-z_]{2,}$/.test(text)))].sort();
  const edit = (tokens: string[]): void => {
    const at = Math.floor(random() * tokens.length);
    const kind = random();
    if (kind < 0.5) tokens[at] = /^[a-z_]+$/.test(tokens[at] ?? '') ? pick(names) : (tokens[at] ?? '');
    else if (kind < 0.6) tokens.splice(at, 1);
    else if (kind < 0.7)
      tokens.splice(at, 0, pick(['NOT', 'DISTINCT', ',', '(', ')', '1', 'NULL', "'a'", '::text']));
    else if (kind < 0.85) tokens[at] = pick(random() < 0.7 ? EXPRESSIONS : SOURCES);
    else {
      const other = pick(texts);
      const from = Math.floor(random() * other.length);
      tokens.splice(at, Math.floor(random() * 4), ...other.slice(from, from + 1 + Math.floor(random() * 8)));
    }
  };
  return () => {
    const tokens = [...pick(texts)];
    for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) edit(tokens);
    return tokens.join(' ').replaceAll(/ \. /g, '.');
  };
}

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
