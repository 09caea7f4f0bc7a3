/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 to `limit` - 1. */
  int(limit: number): number;
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
  /** `length` characters of the alphabet. */
  text(alphabet: string, length: number): string;
}

export const DIGITS = '0123456789';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const HEX = `${DIGITS}abcdef`;
export const ALNUM = `${LOWER}${UPPER}${DIGITS}`;

/** Marsaglia's xorshift with 32 bits of state: fast, and good enough for test data. */
export function makeRandom(seed: number): Random {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const int = (limit: number) => next() % limit;
  return {
    int,
    between: (least, most) => least + int(most - least + 1),
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('nothing to pick from');
      return list[int(list.length)] as T;
    },
    chance: (share) => next() < share * 2 ** 32,
    text(alphabet, length) {
      let text = '';
      for (let index = 0; index < length; index += 1) text += alphabet.charAt(int(alphabet.length));
      return text;
    },
  };
}
