import { EvidenceError } from './errors.ts';
import { MAX_NESTING } from './read-json.ts';

/**
 * The RFC 8785 (JCS) form of a JSON value: one line, properties in the order of their UTF-16 code units, numbers and
 * strings as ECMAScript writes them.
 *
 * Throws NOT_CANONICAL for what JSON cannot hold exactly: numbers that are not finite, lone surrogates, undefined,
 * class instances. Also for an own property named `__proto__`, which RFC 8785 would allow: a reader that copies it
 * into an object changes that object's prototype.
 *
 * JSON.stringify already writes numbers and strings as RFC 8785 wants them and is several times faster than anything
 * written in JavaScript, so what is left to do is to bring the properties into order first.
 */
export function canonicalize(value: unknown): string {
  return wellFormed(isInOrder(value, MAX_NESTING) ? JSON.stringify(value) : write(value));
}

/**
 * The same for what is known to be plain JSON with every property in its place: a body that the gate built from a
 * plan. Saves looking at each value again. Throws NOT_CANONICAL for lone surrogates.
 */
export function canonicalizeOrdered(value: unknown): string {
  return wellFormed(JSON.stringify(value));
}

/** A lone surrogate comes out as an escape, which well-formed text never has in this range. */
function wellFormed(text: string): string {
  if (text.includes('\\ud') && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text))
    throw notCanonical('a lone surrogate');
  return text;
}

/**
 * Reads JSON that must be in RFC 8785 form already, byte for byte; so it has no duplicate property, no white space and
 * no second way of writing a value. Throws NOT_CANONICAL.
 */
export function parseCanonical(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EvidenceError('NOT_CANONICAL', 'the text is not JSON', { cause: error });
  }
  if (canonicalize(value) !== text) {
    throw new EvidenceError('NOT_CANONICAL', 'the JSON is not in RFC 8785 form', {
      hint: 'Use the file exactly as the agent wrote it: no formatting, no re-encoding.',
    });
  }
  return value;
}

/** Checks everything; the answer says whether every property is already where it belongs. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return true;
    throw notCanonical('a number that is not finite');
  }
  if (typeof value !== 'object') throw notCanonical(`a value of type ${typeof value}`);
  if (depth === 0) throw notCanonical(`nesting deeper than ${MAX_NESTING}`);
  return Array.isArray(value) ? isArrayInOrder(value, depth - 1) : isObjectInOrder(value, depth - 1);
}

function isArrayInOrder(array: readonly unknown[], depth: number): boolean {
  let sorted = true;
  for (let index = 0; index < array.length; index += 1) {
    if (!isInOrder(array[index], depth)) sorted = false;
  }
  return sorted;
}

function isObjectInOrder(object: object, depth: number): boolean {
  assertPlain(object);
  const source = object as Readonly<Record<string, unknown>>;
  let previous = '';
  let sorted = true;
  for (const key in source) {
    if (key < previous) sorted = false;
    if (key === '__proto__') throw notCanonical('a property named __proto__');
    if (!isInOrder(source[key], depth)) sorted = false;
    previous = key;
  }
  return sorted;
}

/** Writes what was checked, bringing properties into order. */
function write(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? writeArray(value) : writeObject(value as Readonly<Record<string, unknown>>);
}

function writeArray(array: readonly unknown[]): string {
  let text = '';
  for (const element of array) text += text === '' ? write(element) : `,${write(element)}`;
  return `[${text}]`;
}

function writeObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const member = `${quote(key)}:${write(object[key])}`;
    text += text === '' ? member : `,${member}`;
  }
  return `{${text}}`;
}

/** The RFC 8785 form of one text. Throws NOT_CANONICAL for a lone surrogate. */
export function canonicalText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : canonicalize(text);
}

/** Nothing that JSON escapes, and no surrogates. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** Most strings need no escape, and finding that out costs less than a call of JSON.stringify. */
function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function assertPlain(object: object): void {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return;
  throw notCanonical('an object of a class');
}

function notCanonical(what: string): EvidenceError {
  return new EvidenceError('NOT_CANONICAL', `canonical JSON cannot hold ${what}`);
}
