import type { Gate } from '../../../policies/clear.ts';
import { type CorpusRecord, corpus } from './corpus.ts';
import { cleared, envelop } from './items.ts';
import { RECORD_KINDS } from './record-kinds.ts';

/** A part of the corpus in every form that something is measured on. */
export interface Piece {
  readonly records: readonly CorpusRecord[];
  /** Each record as JSON. */
  readonly lines: readonly string[];
  readonly bytes: Buffer;
  /** All free text of it. */
  readonly texts: readonly string[];
  /** All other strings: names, times, digests, images. */
  readonly names: readonly string[];
  /** What is stored of it under a policy. */
  readonly items: readonly Buffer[];
}

const MB = 1e6;
const PIECE = 8 * MB;

export function* pieces(seed: number, megabytes: number, policy: Gate): Generator<Piece> {
  const size = Math.min(PIECE, megabytes * MB);
  for (const records of corpus(seed, megabytes * MB, size)) yield pieceOf(records, policy);
}

function pieceOf(records: readonly CorpusRecord[], policy: Gate): Piece {
  const lines = records.map(({ record }) => JSON.stringify(record));
  const texts: string[] = [];
  const names: string[] = [];
  for (const { record } of records) {
    const fields = TEXT_FIELDS.get(record.stream);
    for (const [key, value] of Object.entries(record.body)) {
      (fields?.has(key) === true ? texts : names).push(...strings(value));
    }
  }
  const items = envelop(records.map(({ read, record }) => cleared(policy, record, read)));
  return {
    records,
    lines,
    bytes: Buffer.from(lines.join('\n')),
    texts,
    names,
    items: items.map(({ canonical }) => Buffer.from(canonical)),
  };
}

const TEXT_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  RECORD_KINDS.map(({ stream, texts }) => [stream, new Set(texts.map((text) => text.replace('[]', '')))]),
);

/** Every string in a value, at any depth. */
export function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(strings);
  return [];
}

export function megabytesOf(texts: readonly (string | Buffer)[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0) / MB;
}
