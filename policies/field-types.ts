import type { FieldType } from '../connectors/sdk/index.ts';

/**
 * The shapes that values must have to pass the gate. They are what makes `keep` safe: none but `text` has room for
 * prose, white space or line breaks.
 */

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

const NAME = charactersOf(`${LETTERS}${DIGITS}_.:/@+=~$#%-`);
const TOKEN = charactersOf(`${LETTERS}${DIGITS}_-`);
const PATH = charactersOf(`${LETTERS}${DIGITS}_.:/[]="*$~-`);
const IMAGE = charactersOf(`${LETTERS}${DIGITS}._/:@-`);
const SHA = charactersOf(`${DIGITS}abcdef`);

const LETTER_D = 0x64;
const ZERO = 0x30;
const NINE = 0x39;
/** How connectors write times; `d` is a digit. */
const USUAL_TIMESTAMP = 'dddd-dd-ddTdd:dd:dd.dddZ';
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^(P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?|\d+(\.\d+)?(ns|us|ms|s|m|h|d))$/;
const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const DIGEST = /^[a-z0-9-]{2,20}(:[A-Za-z0-9_.-]{1,64}){1,2}$/;
const IMAGE_START = /^[A-Za-z0-9]/;
const QUANTITY = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+|[munkKMGTPE]i?)?$/;
const ADDRESS = /^[0-9a-fA-F:.]{2,45}(\/\d{1,3})?$/;

/** For the test that looks for super-linear expressions. */
export const FIELD_PATTERNS: readonly RegExp[] = [TIMESTAMP, DURATION, UUID, DIGEST, QUANTITY, ADDRESS];

export type Validator = (value: unknown) => boolean;

const text = (pattern: RegExp): Validator => {
  return (value) => typeof value === 'string' && pattern.test(value);
};

/** The most frequent types are runs of characters of one kind, which a table tells faster than an expression. */
const run = (characters: Uint8Array, least: number, most: number): Validator => {
  return (value) =>
    typeof value === 'string' &&
    value.length >= least &&
    value.length <= most &&
    consistsOf(characters, value);
};

const isName = run(NAME, 1, 253);
const isImage = run(IMAGE, 1, 512);

export const VALIDATORS: Readonly<Record<FieldType, Validator>> = {
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => typeof value === 'number' && Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  timestamp: (value) => typeof value === 'string' && (isUsualTimestamp(value) || TIMESTAMP.test(value)),
  duration: text(DURATION),
  name: isName,
  token: run(TOKEN, 1, 64),
  path: run(PATH, 1, 512),
  sha: run(SHA, 7, 64),
  uuid: text(UUID),
  digest: text(DIGEST),
  image: (value) => isImage(value) && typeof value === 'string' && IMAGE_START.test(value),
  quantity: text(QUANTITY),
  address: text(ADDRESS),
  scalar: (value) =>
    typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) || isName(value),
  text: (value) => typeof value === 'string',
};

/** Types whose strings have room for a credential and so meet the second net even when kept. */
export const SCANNED_TYPES: ReadonlySet<FieldType> = new Set(['name', 'token', 'path', 'image', 'scalar']);

/** 1 for each ASCII code that is among them. */
function charactersOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

function consistsOf(characters: Uint8Array, value: string): boolean {
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code > 127 || characters[code] === 0) return false;
  }
  return true;
}

function isUsualTimestamp(value: string): boolean {
  if (value.length !== USUAL_TIMESTAMP.length) return false;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    const wanted = USUAL_TIMESTAMP.charCodeAt(at);
    if (wanted === LETTER_D ? code < ZERO || code > NINE : code !== wanted) return false;
  }
  return true;
}
