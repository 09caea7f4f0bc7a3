import type { Canary } from './canary.ts';
import type { Random } from './random.ts';

/** How a canary stands in a text. Each must be recognised; the leak rate is told for each. */
export const FORMS = [
  'plain',
  'json-escapes',
  'fullwidth',
  'percent',
  'all-percent',
  'zero-width',
  'ansi',
  'hex',
  'base64',
  'wrapped',
  'truncated',
  'split',
  'reversed',
  'glued',
  'digits-before',
  'digits-after',
] as const;
export type Form = (typeof FORMS)[number];

/** Those that the aim of under 1 % is about: plain, encoded, truncated, wrapped and beside digits. */
export const AIMED: ReadonlySet<Form> = new Set(
  FORMS.filter((form) => form !== 'split' && form !== 'reversed' && form !== 'glued'),
);

export interface Disguised {
  /** One text, or two for adjacent fields. */
  readonly parts: readonly string[];
  /** What must not be readable in the output, as it was written: any run of `window` characters of one is a leak. */
  readonly traces: readonly Trace[];
}

export interface Trace {
  readonly text: string;
  readonly window: number;
}

const ZERO_WIDTH = '\u200b';
const BOLD = '\u001b[1m';
const WRAP = '\n  ';
/** Characters of a value that give it away. */
const WINDOW = 8;
/** A text that was cut shows this much of the value. */
const CUT = 0.6;

/** The canary in its carrier, in the given form. */
export function disguise(form: Form, canary: Canary, carrier: string, random: Random): Disguised {
  const { fragment, value } = canary;
  const plain: Trace = { text: value, window: Math.min(WINDOW, value.length) };
  const encoded = (encode: (text: string) => string, factor: number): Disguised => ({
    parts: [fill(carrier, encode(fragment))],
    traces: [plain, { text: encode(value), window: Math.ceil(plain.window * factor) }],
  });
  const inside = (mark: string, places: number): Disguised => ({
    parts: [
      fill(
        carrier,
        fragment.replace(value, () => interrupted(value, mark, places)),
      ),
    ],
    traces: [plain],
  });
  switch (form) {
    case 'plain':
      return { parts: [fill(carrier, fragment)], traces: [plain] };
    case 'json-escapes':
      return encoded(jsonEscapes, 6);
    case 'fullwidth':
      return encoded(fullwidth, 1);
    case 'percent':
      return encoded(encodeURIComponent, encodeURIComponent(value).length / value.length);
    case 'all-percent':
      return encoded(allPercent, 3);
    case 'zero-width':
      return inside(ZERO_WIDTH, 3);
    case 'ansi':
      return inside(BOLD, 2);
    case 'hex':
      return encoded((text) => Buffer.from(text).toString('hex'), 2);
    case 'base64':
      return base64(fill(carrier, fragment), plain);
    case 'wrapped':
      return inside(WRAP, 1);
    case 'truncated':
      return truncated(canary, carrier);
    case 'split':
      return split(canary, carrier);
    case 'reversed':
      return encoded(reversed, 1);
    case 'glued':
      return { parts: [fill(carrier, `FOO_${fragment}`)], traces: [plain] };
    case 'digits-before':
      return { parts: [fill(carrier, `${random.between(10, 99_999)} ${fragment}`)], traces: [plain] };
    case 'digits-after':
      return { parts: [fill(carrier, `${fragment} ${random.between(10, 99_999)}`)], traces: [plain] };
  }
}

function fill(carrier: string, text: string): string {
  return carrier.replace('{}', () => text);
}

function jsonEscapes(text: string): string {
  return units(text, (code) => `\\u${code.toString(16).padStart(4, '0')}`);
}

function fullwidth(text: string): string {
  return units(text, (code) => String.fromCharCode(code > 0x20 && code < 0x7f ? code + 0xfee0 : code));
}

function allPercent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function units(text: string, write: (code: number) => string): string {
  let written = '';
  for (let at = 0; at < text.length; at += 1) written += write(text.charCodeAt(at));
  return written;
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function interrupted(value: string, mark: string, places: number): string {
  const step = Math.ceil(value.length / (places + 1));
  const pieces: string[] = [];
  for (let at = 0; at < value.length; at += step) pieces.push(value.slice(at, at + step));
  return pieces.join(mark);
}

/** The whole message, as in a Secret, a mail or a webhook; eight characters of the value are 11 or so of it. */
function base64(message: string, plain: Trace): Disguised {
  const text = Buffer.from(message).toString('base64');
  const at = Buffer.byteLength(message.slice(0, message.indexOf(plain.text)));
  const from = Math.ceil(at / 3) * 4;
  const to = Math.floor((at + Buffer.byteLength(plain.text)) / 3) * 4;
  const covered = text.slice(from, to);
  return { parts: [text], traces: [plain, { text: covered, window: Math.min(12, covered.length) }] };
}

function truncated({ fragment, value }: Canary, carrier: string): Disguised {
  const before = fill(carrier, fragment);
  const kept = value.slice(0, Math.ceil(value.length * CUT));
  const end = before.indexOf(value) + kept.length;
  return { parts: [before.slice(0, end)], traces: [{ text: kept, window: Math.min(WINDOW, kept.length) }] };
}

function split({ fragment, value }: Canary, carrier: string): Disguised {
  const text = fill(carrier, fragment);
  const middle = text.indexOf(value) + Math.floor(value.length / 2);
  return {
    parts: [text.slice(0, middle), text.slice(middle)],
    traces: [{ text: value, window: Math.min(WINDOW, value.length) }],
  };
}

/** Whether any run of a trace's characters stands in one of the texts, or over the border of two. */
export function leaks(texts: readonly string[], traces: readonly Trace[]): boolean {
  return traces.some((trace) => shows(texts.join(''), trace) || shows(visible(texts.join(' ')), trace));
}

function shows(text: string, { text: traced, window }: Trace): boolean {
  if (window === 0) return false;
  for (let at = 0; at + window <= traced.length; at += 1) {
    if (text.includes(traced.slice(at, at + window))) return true;
  }
  return false;
}

/** As a reader sees it: without terminal escapes, invisible characters and line breaks inside words. */
function visible(text: string): string {
  return text.replaceAll(BOLD, '').replaceAll(ZERO_WIDTH, '').replaceAll(WRAP, '').normalize('NFKC');
}
