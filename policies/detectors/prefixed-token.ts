import { type Automaton, makeAutomaton } from './automaton.ts';
import type { Detector, Span } from './detector.ts';

/** A kind of token that its issuer made recognisable by a fixed prefix. */
export interface TokenForm {
  readonly issuer: string;
  /** As issued, in its case. */
  readonly prefix: string;
  /** Class of the characters after the prefix, without brackets. */
  readonly body: string;
  /** Shortest and longest body; of a longer run `max` characters are taken. */
  readonly min: number;
  readonly max: number;
  /** What the body starts with. */
  readonly lead?: RegExp;
  /** For prefixes that occur inside ordinary words: no letter or digit may stand before. */
  readonly boundary?: boolean;
  /** For prefixes that occur as ordinary words: the run of letters and digits ends with the body. */
  readonly exact?: boolean;
  /** Whether a shorter body counts at the end of the text; by default when the prefix can be nothing else. */
  readonly cut?: boolean;
}

/** A token that a length limit cut off is still a secret: this much of its body at the end of the text counts. */
const CUT_MIN = 8;
const CUT_OFF = /^\s{0,8}(?:$|\.\.\.|…|\[)/;

/** What a detector for tokens with such prefixes is made of. */
export function prefixedTokens(
  forms: readonly TokenForm[],
): Pick<Detector, 'keywords' | 'shapes' | 'patterns' | 'find'> {
  const automaton = makeAutomaton(forms.map((form) => [form.prefix.toLowerCase()]));
  const bodies = forms.map((form) => codesOf(form.body));
  return {
    keywords: [
      ...new Set(forms.filter((form) => !isLongWord(form)).map((form) => form.prefix.toLowerCase())),
    ],
    shapes: forms.some(isLongWord) ? ['long-word'] : [],
    patterns: [CUT_OFF, ...forms.flatMap((form) => form.lead ?? [])],
    *find(text) {
      for (const { index, end } of prefixesIn(text, automaton)) {
        const form = forms[index];
        const body = bodies[index];
        const span = form && body && tokenAt(text, end - form.prefix.length, form, body);
        if (span !== undefined) yield span;
      }
    },
  };
}

/** Every place where a prefix ends, in any case, with the number of its form. */
function* prefixesIn(
  text: string,
  { classes, next, shift, outputs }: Automaton,
): Generator<{ index: number; end: number }> {
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    state = code > 127 ? 0 : (next[(state << shift) | (classes[code] ?? 0)] ?? 0);
    const found = outputs[state];
    if (found === undefined || found.length === 0) continue;
    for (const index of found) yield { index, end: i + 1 };
  }
}

/** Then the gate need not know the prefix: the body alone is a long run of letters and digits. */
function isLongWord(form: TokenForm): boolean {
  return form.boundary === true && !isCuttable(form) && form.min >= 20 && !/[^A-Za-z0-9-]|-$/.test(form.body);
}

function isCuttable({ cut, prefix }: TokenForm): boolean {
  return cut ?? (prefix.length >= 4 && /[^A-Za-z]/.test(prefix));
}

function codesOf(body: string): Uint8Array {
  const pattern = new RegExp(`[${body}]`);
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

function tokenAt(text: string, start: number, form: TokenForm, body: Uint8Array): Span | undefined {
  if (!text.startsWith(form.prefix, start)) return undefined;
  if (form.boundary === true && start > 0 && isAlnum(text, start - 1)) return undefined;
  const bodyStart = start + form.prefix.length;
  let end = bodyStart;
  while (end - bodyStart < form.max && body[text.charCodeAt(end)] === 1) end++;
  if (form.lead !== undefined && !form.lead.test(text.slice(bodyStart, bodyStart + 16))) return undefined;
  if (end - bodyStart >= form.min)
    return form.exact === true && isAlnum(text, end) ? undefined : { start, end };
  const isCut = end - bodyStart >= CUT_MIN && isCuttable(form) && CUT_OFF.test(text.slice(end, end + 16));
  return isCut ? { start, end } : undefined;
}

function isAlnum(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
