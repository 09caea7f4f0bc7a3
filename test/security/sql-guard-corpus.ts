import { MUTATIONS, tokensOf } from './sql-guard-mutations.ts';
import { EXPRESSIONS, POSITIONS, SHAPES, SOURCES, STATEMENTS } from './sql-guard-payloads.ts';

export interface Attack {
  readonly sql: string;
  /** What it is made of, to find it again. */
  readonly origin: string;
}

/** Every payload in every place, as plainly as it can be written. */
export function* baseAttacks(): Generator<Attack> {
  for (const [p, payload] of EXPRESSIONS.entries()) {
    for (const [q, position] of POSITIONS.entries()) {
      yield { sql: position.replaceAll('@', () => payload), origin: `expression ${p} at ${q}` };
    }
  }
  for (const [p, source] of SOURCES.entries()) {
    for (const [q, shape] of SHAPES.entries()) {
      yield { sql: shape.replaceAll('@', () => source), origin: `source ${p} in ${q}` };
    }
  }
  for (const [p, sql] of STATEMENTS.entries()) yield { sql, origin: `statement ${p}` };
}

/** Each base attack, and each in some of the other ways of writing it; all of them come up in turn. */
export function* attacks(mutationsEach: number): Generator<Attack> {
  let turn = 0;
  for (const attack of baseAttacks()) {
    yield attack;
    const tokens = tokensOf(attack.sql);
    for (let count = 0; count < mutationsEach; count += 1) {
      const mutation = MUTATIONS[turn % MUTATIONS.length];
      turn += 1;
      if (mutation === undefined) continue;
      yield { sql: mutation.apply(tokens), origin: `${attack.origin}, ${mutation.name}` };
    }
  }
}
