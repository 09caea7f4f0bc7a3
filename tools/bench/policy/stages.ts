import type { Observation } from '../../../connectors/sdk/index.ts';
import { observe } from '../../../connectors/sdk/index.ts';
import { canonicalizeOrdered } from '../../../evidence/canonical-json.ts';
import { makeCanaries } from '../../../policies/canaries/canaries.ts';
import type { Gate } from '../../../policies/clear.ts';
import type { Cleared } from '../../../policies/cleared.ts';
import { DETECTORS } from '../../../policies/detectors/index.ts';
import { makeByteNet } from '../../../policies/net/byte-net.ts';
import { makeScanner } from '../../../policies/redact.ts';
import { cleared, envelop } from './items.ts';
import { megabytesOf, type Piece } from './piece.ts';
import { regExpLoop } from './regexp-loop.ts';

/** Something that is timed over the corpus. */
export interface Stage {
  readonly name: string;
  readonly note: string;
  /** MB/s to reach. */
  readonly target?: number;
  /** What it works on: the JSON of the records, their free text, their names, or what is stored of them. */
  readonly over: 'json' | 'texts' | 'names' | 'items';
  readonly run: (piece: Piece) => void;
}

export function megabytesFor({ over }: Stage, piece: Piece): number {
  return over === 'json' ? piece.bytes.length / 1e6 : megabytesOf(piece[over]);
}

export function itemsFor({ over }: Stage, piece: Piece): number {
  return over === 'json' ? piece.records.length : piece[over].length;
}

/** What this machine can do at most with the same bytes. */
export const LIMITS: readonly Stage[] = [
  {
    name: 'policy.limit.memory',
    note: 'Buffer.indexOf of a literal that is not there',
    over: 'json',
    run: ({ bytes }) => bytes.indexOf('\u0001absent\u0001'),
  },
  {
    name: 'policy.limit.json.parse',
    note: 'JSON.parse of each record',
    over: 'json',
    run: ({ lines }) => lines.forEach((line) => JSON.parse(line)),
  },
  {
    name: 'policy.limit.json.roundtrip',
    note: 'JSON.parse and JSON.stringify of each record',
    over: 'json',
    run: ({ lines }) => lines.forEach((line) => JSON.stringify(JSON.parse(line))),
  },
];

/** Clearing with one policy: in memory, between parsing and writing, and to the bytes that are stored. */
export function clearing(
  name: string,
  note: string,
  gate: Gate,
  targets: readonly [number, number],
): Stage[] {
  return [
    {
      name: `policy.clear.${name}`,
      note: `${note}; objects in memory`,
      target: targets[0],
      over: 'json',
      run: ({ records }) => records.forEach(({ read, record }) => cleared(gate, record, read)),
    },
    {
      name: `policy.clear.${name}.json`,
      note: `${note}; with JSON.parse before and canonical JSON of the body after`,
      target: targets[1],
      over: 'json',
      run: (piece) => eachParsed(piece, gate, ({ body }) => canonicalizeOrdered(body)),
    },
    {
      name: `policy.clear.${name}.item`,
      note: `${note}; with JSON.parse before and the stored bytes of the whole item after`,
      over: 'json',
      run(piece) {
        const records: Cleared[] = [];
        eachParsed(piece, gate, (record) => records.push(record));
        envelop(records);
      },
    },
  ];
}

const text = makeScanner(DETECTORS, 'text');
const net = makeScanner(DETECTORS, 'all');
const loop = regExpLoop(DETECTORS);

const MARKERS = ['orders', 'billing', 'search'].map((id) => ({ id, value: `exhibit-canary-${id}-7Qx2Lm9` }));
const byteNet = makeByteNet({ net, canaries: makeCanaries(MARKERS), detectors: DETECTORS });

/** The detectors by themselves. */
export const SCANNING: readonly Stage[] = [
  {
    name: 'policy.detectors.text',
    note: `all ${DETECTORS.length} detectors over free text`,
    over: 'texts',
    run: ({ texts }) => texts.forEach((line) => text.scan(line)),
  },
  {
    name: 'policy.detectors.kept',
    note: 'the detectors that also see kept values, over names, times and digests',
    over: 'names',
    run: ({ names }) => names.forEach((name) => net.hasFinding(name)),
  },
  {
    name: 'policy.byte_net',
    note: 'the last look at the bytes of stored items',
    over: 'items',
    run: ({ items }) => items.forEach((item) => byteNet.check(item, 'item')),
  },
  {
    name: 'policy.detectors.regexp_loop',
    note: 'the same rules as one regular expression after the other, over free text',
    over: 'texts',
    run: ({ texts }) => texts.forEach(loop),
  },
];

function eachParsed({ lines, records }: Piece, gate: Gate, write: (record: Cleared) => unknown): void {
  for (const [index, { read }] of records.entries()) {
    const record = observe(JSON.parse(lines[index] ?? '') as Observation);
    write(cleared(gate, record, read));
  }
}
