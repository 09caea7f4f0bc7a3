import { z } from 'zod';
import { ConnectorError, type Gap, type JsonValue } from '../../sdk/index.ts';
import { bool, instantOrNull, integer, query, text, textOrNull } from '../columns.ts';
import { CsvParser } from '../logs/csv.ts';
import {
  FORMATS,
  type LogFormat,
  type LogState,
  type Mark,
  ofFormat,
  type Portion,
  plan,
  readMark,
} from '../logs/files.ts';
import { jsonParser } from '../logs/json.ts';
import type { Inside, LogParser } from '../logs/parser.ts';
import { stderrParser } from '../logs/stderr.ts';
import { Tally } from '../logs/tally.ts';
import { type ReadTime, timeReader } from '../logs/times.ts';
import {
  asObject,
  type CatalogRead,
  type Collected,
  failureGap,
  type ReadContext,
  type Reader,
  truncationGap,
} from './reader.ts';
import { logRecords } from './server-log-records.ts';

const STREAM = 'server_log';
const VOLUME = 'server_log_volume';

const serverLog = query(STREAM, 1, {
  collects: bool,
  line_prefix: text,
  log_zone: text,
  messages: text,
  stderr_file: textOrNull,
  csvlog_file: textOrNull,
  jsonlog_file: textOrNull,
});

const logFiles = query(`${STREAM}/files`, 100, { file: text, size: integer, modified: instantOrNull });

/** Bytes of one piece, as in the query. */
const PIECE = 1_048_576;
/** What a piece takes on its way: four characters for three bytes, and a newline for every 76 of them. */
const PIECE_ON_THE_WIRE = Math.ceil(PIECE * 1.4);

const logChunk = query(`${STREAM}/chunk`, 1, { chunk: z.string().max(PIECE_ON_THE_WIRE).nullable() });

/** What is left of the time of a run when it begins no further piece. */
const LAST_MS = 1_500;
interface Source {
  readonly format: LogFormat;
  /** Name of the file that is written now. */
  readonly current: string;
  readonly prefix: string;
  readonly readTime: ReadTime;
  /** Whether messages are in English. */
  readonly english: boolean;
}

/**
 * Reads what was added to the server log, classifies each entry in memory and keeps how many there were of each class.
 * It runs only where a policy's flag gives the capability. Lines, names of files and the prefix stay in this function.
 */
const readServerLog: Reader = async (context) => {
  const asked = await context.ask(serverLog);
  const source = sourceOf(asked.rows[0]);
  if (source === undefined) return { records: [NO_FILES], read: 0 };
  const listed = await context.ask(logFiles);
  const state = stateOf(context, source);
  const key = (file: string): string => context.digest(['server_log', file]);
  const portions = plan(ofFormat(listed.rows, source.format), state, source.current, key);
  const tally = new Tally();
  const result = await readPortions(context, source, portions, tally);
  const marks = new Map(
    // Files that have nothing new and those that are gone: only what is listed is kept.
    ofFormat(listed.rows, source.format).map(({ file, size }) => {
      const before = state.marks.get(key(file)) ?? { offset: size, inside: 'nothing' as const, size };
      return [key(file), result.marks.get(file) ?? before] as const;
    }),
  );
  const { now } = listed.facts;
  return {
    records: [
      ...logRecords(context, {
        ...result,
        format: source.format,
        english: source.english,
        tally,
        before: state.before,
        now,
      }),
      ...truncationGap(listed, STREAM),
      ...result.gaps,
    ],
    read: tally.entries,
    state: {
      set: {
        before: now,
        format: source.format,
        files: Object.fromEntries([...marks].map(([file, mark]) => [file, markJson(mark)])),
      },
    },
  } satisfies Collected;
};

function sourceOf(row: z.infer<(typeof serverLog)['row']> | undefined): Source | undefined {
  if (row === undefined || !row.collects) return undefined;
  const files = { jsonlog: row.jsonlog_file, csvlog: row.csvlog_file, stderr: row.stderr_file };
  const format = FORMATS.find((one) => files[one] !== null);
  if (format === undefined) return undefined;
  return {
    format,
    current: files[format]?.replace(/^.*\//s, '') ?? '',
    prefix: row.line_prefix,
    readTime: timeReader(row.log_zone),
    english: row.messages === '' || /^(C|POSIX|en)\b|^en_|^C\./i.test(row.messages),
  };
}

/** Another format has other files. */
function stateOf({ state }: ReadContext, { format }: Source): LogState {
  const before = state.get('before');
  if (typeof before !== 'string' || state.get('format') !== format) return { before: null, marks: new Map() };
  const files = Object.entries(asObject(state.get('files')));
  return {
    before,
    marks: new Map(
      files.flatMap(([file, value]) => {
        const mark = readMark(value);
        return mark === undefined ? [] : [[file, mark] as const];
      }),
    ),
  };
}

function markJson({ offset, inside, size }: Mark): JsonValue {
  return [offset, inside, size];
}

interface Result {
  /** By name of the file. */
  readonly marks: ReadonlyMap<string, Mark>;
  readonly gaps: readonly Gap[];
  readonly bytes: number;
  readonly behind: number;
  readonly skipped: number;
}

async function readPortions(
  context: ReadContext,
  source: Source,
  portions: readonly Portion[],
  tally: Tally,
): Promise<Result> {
  const marks = new Map<string, Mark>();
  const gaps: Gap[] = [];
  let [bytes, behind, skipped] = [0, 0, 0];
  for (const portion of portions) {
    const parser = parserOf(source, portion.inside, tally);
    const { read, failure } = gaps.length > 0 ? NOTHING : await readPortion(context, source, portion, parser);
    if (failure !== undefined) gaps.push(failureGap(failure, STREAM, STREAM));
    const { done, inside } = read === 0 ? { done: 0, inside: portion.inside } : parser.progress();
    const reached = portion.offset + read;
    const left = Math.max(0, portion.size - reached);
    marks.set(portion.file, { offset: portion.offset + done, inside, size: left > 0 ? -1 : reached });
    bytes += read;
    behind += left;
    skipped += portion.skipped;
  }
  if (skipped > 0) gaps.push(SKIPPED);
  return { marks, gaps, bytes, behind, skipped };
}

interface Read {
  readonly read: number;
  readonly failure?: ConnectorError;
}

const NOTHING: Read = { read: 0 };

/** Piece by piece, until the file ends, the budget does, or the file is gone. */
async function readPortion(
  context: ReadContext,
  source: Source,
  { file, size, offset }: Portion,
  parser: LogParser,
): Promise<Read> {
  let read = 0;
  while (offset + read < size) {
    if (context.bytesLeft() < PIECE_ON_THE_WIRE || context.remainingMs() < LAST_MS)
      return { read, failure: BEHIND };
    try {
      const { rows } = await context.ask(logChunk, [file, String(offset + read), source.format]);
      const bytes = Buffer.from(rows[0]?.chunk ?? '', 'base64');
      if (bytes.length === 0) return { read };
      parser.push(bytes);
      read += bytes.length;
    } catch (error) {
      const failure = ConnectorError.from(error);
      // What was understood so far is kept where only this run is over.
      if (failure.code === 'BUDGET' || failure.code === 'TIMEOUT') return { read, failure };
      throw failure;
    }
  }
  return { read };
}

function parserOf({ format, prefix, readTime }: Source, inside: Inside, tally: Tally): LogParser {
  switch (format) {
    case 'jsonlog':
      return jsonParser(readTime, inside, tally);
    case 'csvlog':
      return new CsvParser(readTime, inside, tally);
    case 'stderr':
      return stderrParser(prefix, readTime, inside, tally);
  }
}

const NO_FILES: Gap = {
  gap: 'UNSUPPORTED',
  stream: STREAM,
  missing: STREAM,
  reason: 'The server does not collect its log in files that it can read.',
  hint: 'Set logging_collector = on and log_destination to csvlog, jsonlog or stderr; it takes a restart.',
};

const SKIPPED: Gap = {
  gap: 'BUDGET',
  stream: STREAM,
  missing: 'server_log older entries',
  reason: 'The log grows faster than it is read; what was too far behind is left out for good.',
  hint: 'Raise the budget of this read in the policy, or log less.',
};

const BEHIND = new ConnectorError('BUDGET', 'there is more log than the budget of one run lets through', {
  hint: 'The next run goes on from here. Raise budget.bytes and budget.duration if it never catches up.',
});

export const serverLogReads: readonly CatalogRead[] = [
  { query: serverLog, steps: [logFiles, logChunk], read: readServerLog, also: [VOLUME] },
];
