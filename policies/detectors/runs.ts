/** A sign is the kind of a character, and its code, which is the same for small letters and capitals. */
export const DIGIT = 32;
export const SMALL = 64;
export const CAPITAL = 128;
export const LETTER = SMALL | CAPITAL;
/** A letter that is no digit of a hexadecimal number. */
export const BEYOND_HEX = 256;
export const CODE_BITS = 5;
export const CODE = (1 << CODE_BITS) - 1;
export const DIGIT_CODE = 27;

const SIGNS = Uint16Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return DIGIT | DIGIT_CODE;
  if (!/[A-Za-z]/.test(character)) return 0;
  const kind = /[a-z]/.test(character) ? SMALL : CAPITAL;
  return kind | (code & CODE) | (/[a-f]/i.test(character) ? 0 : BEYOND_HEX);
});

/** Of an ASCII letter or digit; 0 for anything else. */
export function signOf(code: number): number {
  return code < 128 ? (SIGNS[code] as number) : 0;
}

/**
 * What several detectors ask of a text, read once for all of them: its runs of ASCII letters and digits, and where
 * characters outside ASCII begin and end. Used again for the next text.
 */
export interface Runs {
  /** For each, in order, its start, its end, and the signs in it, one over the other. */
  readonly table: Int32Array;
  /** Used of the table. */
  readonly length: number;
  readonly firstForeign: number;
  readonly lastForeign: number;
}

/** In the table, from one run to the next. */
export const RUN = 3;

/** A reader with a table of its own, which is good until it reads the next text. */
export function makeRunReader(): (text: string) => Runs {
  const runs = {
    table: new Int32Array(256 * RUN),
    length: 0,
    firstForeign: Number.POSITIVE_INFINITY,
    lastForeign: -1,
  };
  return (text) => {
    // Between two runs stands at least one other character.
    if (runs.table.length < RUN * (text.length + 1)) runs.table = new Int32Array(2 * RUN * (text.length + 1));
    const found = runs.table;
    let length = 0;
    let firstForeign = Number.POSITIVE_INFINITY;
    let lastForeign = -1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) {
        if (lastForeign === -1) firstForeign = at;
        lastForeign = at;
        continue;
      }
      let sign = SIGNS[code] as number;
      if (sign === 0) continue;
      found[length] = at;
      let signs = 0;
      while (sign !== 0) {
        signs |= sign;
        sign = ++at < text.length ? signOf(text.charCodeAt(at)) : 0;
      }
      found[length + 1] = at;
      found[length + 2] = signs;
      length += RUN;
      at--;
    }
    runs.length = length;
    runs.firstForeign = firstForeign;
    runs.lastForeign = lastForeign;
    return runs;
  };
}
