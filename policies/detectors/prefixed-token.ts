import type { Detector, Span } from './detector.ts';

/** A kind of token that its issuer made recognisable by a fixed prefix. */
export interface TokenForm {
  readonly issuer: string;
  /** As issued, in its case. */
  readonly prefix: string;
  /** Class of the characters after the prefix, without brackets. */
  readonly body: string;
  /** Shortest and longest body; a longer run is taken up to `max`. */
  readonly min: number;
  readonly max: number;
  /** What the body must start with, as a pattern of fixed length. */
  readonly lead?: string;
  /** For prefixes that occur inside ordinary words: no letter or digit may stand before. */
  readonly boundary?: boolean;
  /** The token ends where its body's run ends; a longer run is something else. For short prefixes only. */
  readonly exact?: boolean;
}

/** A token cut off by a length limit is still a secret: this much of its body at the end of the text counts. */
const TRUNCATED_MIN = 8;
const CUT_OFF = /^(?:$|\s{0,8}(?:\.\.\.|…|\[|<)|\s{1,8}$)/;

/** What a detector for tokens with such prefixes is made of. */
export function prefixedTokens(forms: readonly TokenForm[]): Pick<Detector, 'keywords' | 'patterns' | 'find'> {
  const compiled = forms.map((form) => ({ form, pattern: patternOf(form) }));
  return {
    keywords: [...new Set(forms.map((form) => form.prefix.toLowerCase()))],
    patterns: [...compiled.map(({ pattern }) => pattern), CUT_OFF],
    *find(text) {
      for (const { form, pattern } of compiled) {
        // One native search is cheaper than an expression, and of some hundred prefixes hardly one occurs.
        if (text.includes(form.prefix)) yield* tokensOf(text, form, pattern);
      }
    },
  };
}

function patternOf({ prefix, body, max, lead = '', boundary = false }: TokenForm): RegExp {
  const before = boundary ? '(?<![A-Za-z0-9])' : '';
  return new RegExp(`${before}${escaped(prefix)}(?=${lead})[${body}]{${TRUNCATED_MIN},${max}}`, 'g');
}

function escaped(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

function* tokensOf(text: string, form: TokenForm, pattern: RegExp): Generator<Span> {
  for (const match of text.matchAll(pattern)) {
    const start = match.index;
    const end = start + match[0].length;
    const length = match[0].length - form.prefix.length;
    const rest = text.slice(end, end + 16);
    if (length >= form.min ? isWhole(form, rest) : CUT_OFF.test(rest) && form.prefix.length >= 4) yield { start, end };
  }
}

function isWhole(form: TokenForm, rest: string): boolean {
  return form.exact !== true || !/^[A-Za-z0-9]/.test(rest);
}
