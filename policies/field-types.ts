import type { FieldType } from '../connectors/sdk/index.ts';

/**
 * The shapes that values must have to pass the gate. They are what makes `keep` safe: none but `text` has room for
 * prose, white space or line breaks.
 */

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^(P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?|\d+(\.\d+)?(ns|us|ms|s|m|h|d))$/;
const NAME = /^[A-Za-z0-9_.:/@+=~$#%-]{1,253}$/;
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;
const PATH = /^[A-Za-z0-9_.:/[\]="*$~-]{1,512}$/;
const SHA = /^[0-9a-f]{7,64}$/;
const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const DIGEST = /^[a-z0-9-]{2,20}(:[A-Za-z0-9_.-]{1,64}){1,2}$/;
const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,511}$/;
const QUANTITY = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+|[munkKMGTPE]i?)?$/;
const ADDRESS = /^[0-9a-fA-F:.]{2,45}(\/\d{1,3})?$/;

export type Validator = (value: unknown) => boolean;

const text = (pattern: RegExp): Validator => {
  return (value) => typeof value === 'string' && pattern.test(value);
};

export const VALIDATORS: Readonly<Record<FieldType, Validator>> = {
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => typeof value === 'number' && Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  timestamp: text(TIMESTAMP),
  duration: text(DURATION),
  name: text(NAME),
  token: text(TOKEN),
  path: text(PATH),
  sha: text(SHA),
  uuid: text(UUID),
  digest: text(DIGEST),
  image: text(IMAGE),
  quantity: text(QUANTITY),
  address: text(ADDRESS),
  scalar: (value) =>
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && NAME.test(value)),
  text: (value) => typeof value === 'string',
};

/** Types whose strings have room for a credential and so meet the second net even when kept. */
export const SCANNED_TYPES: ReadonlySet<FieldType> = new Set(['name', 'token', 'path', 'image', 'scalar']);
