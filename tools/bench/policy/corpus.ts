import { type AdmittedRead, type Observed, observe } from '../../../connectors/sdk/index.ts';
import { admitted } from '../../../connectors/sdk/testing/index.ts';
import type { CanaryClass } from './canary.ts';
import { type Disguised, disguise, FORMS, type Form, type Trace } from './forms.ts';
import { PERSONAL } from './personal-data.ts';
import { makeRandom, type Random } from './random.ts';
import type { RecordKind } from './record-kind.ts';
import { RECORD_KINDS } from './record-kinds.ts';
import { SECRET_CARRIERS, SECRETS } from './secrets.ts';

/** A record as a connector would emit it, and what was planted in it. */
export interface CorpusRecord {
  readonly read: AdmittedRead;
  readonly record: Observed;
  readonly planted?: Planted;
}

export interface Planted {
  readonly canary: CanaryClass;
  readonly form: Form;
  readonly traces: readonly Trace[];
}

const CLASSES: readonly CanaryClass[] = [...SECRETS, ...PERSONAL];

/** One record in this many holds something to find. */
const ONE_IN = 30;

/** `bytes` of records (as JSON), the same for the same seed, in pieces that fit in memory. */
export function* corpus(seed: number, bytes: number, pieceBytes: number): Generator<CorpusRecord[]> {
  const random = makeRandom(seed);
  const kinds = RECORD_KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  const withTexts = kinds.filter(({ texts }) => texts.length > 0);
  for (let made = 0; made < bytes; ) {
    const piece: CorpusRecord[] = [];
    for (let size = 0; size < pieceBytes; ) {
      const made = random.int(ONE_IN) === 0 ? planted(random, withTexts) : plain(random.pick(kinds), random);
      size += JSON.stringify(made.record).length;
      piece.push(made);
    }
    made += pieceBytes;
    yield piece;
  }
}

/** Every class in every form, `times` times, each in a record of its own: for counting what gets out. */
export function* canaryCorpus(seed: number, times: number): Generator<CorpusRecord> {
  const random = makeRandom(seed);
  for (const canary of CLASSES) {
    for (const form of FORMS) {
      const kinds = RECORD_KINDS.filter((kind) => fits(kind, form));
      for (let time = 0; time < times; time += 1) yield plant(random.pick(kinds), canary, form, random);
    }
  }
}

/** Credentials where a name should stand: as a label, a branch or a tag that is kept as it is. */
export function* keptCorpus(seed: number, times: number): Generator<CorpusRecord> {
  const random = makeRandom(seed);
  for (const canary of CLASSES) {
    if (canary.kind !== 'secret') continue;
    for (let time = 0; time < times; time += 1) {
      const { fragment, value } = canary.make(random);
      if (!/^[A-Za-z0-9_.:/@+=~$#%-]{1,253}$/.test(fragment)) continue;
      const kind = random.pick(RECORD_KINDS);
      const { body, ...rest } = kind.make(random);
      const traces = [{ text: value, window: 8 }];
      yield {
        ...admit(kind, { ...rest, body: { ...body, [random.pick(kind.names)]: fragment } }),
        planted: { canary, form: 'plain', traces },
      };
    }
  }
}

function plain(kind: RecordKind, random: Random): CorpusRecord {
  return admit(kind, kind.make(random));
}

function planted(random: Random, kinds: readonly RecordKind[]): CorpusRecord {
  const form = random.pick(FORMS);
  return plant(random.pick(kinds.filter((kind) => fits(kind, form))), random.pick(CLASSES), form, random);
}

function fits(kind: RecordKind, form: Form): boolean {
  return form === 'split' ? kind.adjacent !== undefined : kind.texts.length > 0;
}

function plant(kind: RecordKind, canary: CanaryClass, form: Form, random: Random): CorpusRecord {
  const { body, ...rest } = kind.make(random);
  const carrier = random.pick(canary.carriers ?? SECRET_CARRIERS);
  const disguised = disguise(form, canary.make(random), carrier, random);
  return {
    ...admit(kind, { ...rest, body: { ...body, ...textsWith(kind, body, form, disguised, random) } }),
    planted: { canary, form, traces: disguised.traces },
  };
}

/** The fields that the disguised canary takes up. What was cut stands at the end, as it does where a limit cut it. */
function textsWith(
  kind: RecordKind,
  body: Readonly<Record<string, unknown>>,
  form: Form,
  { parts: [first = '', second = ''] }: Disguised,
  random: Random,
): Record<string, unknown> {
  if (form === 'split') {
    const [before = '', after = ''] = kind.adjacent ?? [];
    return before === after ? { lines: [first, second] } : { [before]: first, [after]: second };
  }
  const field = random.pick(kind.texts);
  if (field === 'lines[]') return { lines: [...(body['lines'] as string[]), first] };
  const text = String(body[field]);
  return {
    [field]:
      form === 'truncated' || random.chance(0.5) ? `${text.slice(0, 600)} ${first}` : `${first} ${text}`,
  };
}

function admit(kind: RecordKind, observation: ReturnType<RecordKind['make']>): CorpusRecord {
  return { read: READS.get(kind) ?? readOf(kind), record: observe({ ...observation, stream: kind.stream }) };
}

const READS: ReadonlyMap<RecordKind, AdmittedRead> = new Map(
  RECORD_KINDS.map((kind) => [kind, readOf(kind)]),
);

function readOf({ connector, stream }: RecordKind): AdmittedRead {
  return admitted({ connection: connector, connector, read: stream, streams: [stream] });
}
