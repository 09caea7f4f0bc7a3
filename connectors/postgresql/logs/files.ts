import { INSIDES, type Inside } from './parser.ts';

/** Formats in which a server can write its log, the one that says most first. */
export const FORMATS = ['jsonlog', 'csvlog', 'stderr'] as const;
export type LogFormat = (typeof FORMATS)[number];

/** A file of the log directory as the server lists it. */
export interface ListedFile {
  readonly file: string;
  readonly size: number;
  /** RFC 3339; null where the server has no time for it. */
  readonly modified: string | null;
}

/** How far a file has been read. */
export interface Mark {
  readonly offset: number;
  readonly inside: Inside;
  /** Its size then. */
  readonly size: number;
}

/** A file with something to read in it. */
export interface Portion {
  readonly file: string;
  readonly size: number;
  readonly offset: number;
  readonly inside: Inside;
  /** Bytes before the offset that nobody will read. */
  readonly skipped: number;
}

/** Of a log that is seen for the first time, this much is read: enough to say what led to here. */
export const LOOK_BACK = 1024 ** 2;
/** Whoever is further behind than this gives up what lies between. */
const MOST_BEHIND = 256 * 1024 ** 2;

export interface LogState {
  /** Time of the read before; null at the first. */
  readonly before: string | null;
  readonly marks: ReadonlyMap<string, Mark>;
}

/** The files of one format: csvlog and jsonlog have endings of their own, stderr takes any other name. */
export function ofFormat(files: readonly ListedFile[], format: LogFormat): readonly ListedFile[] {
  return files.filter(({ file }) => formatOf(file) === format);
}

function formatOf(file: string): LogFormat {
  if (file.endsWith('.csv')) return 'csvlog';
  return file.endsWith('.json') ? 'jsonlog' : 'stderr';
}

/** What there is to read, oldest first. A file is known by the digest of its name; a shorter one was begun anew. */
export function plan(
  files: readonly ListedFile[],
  state: LogState,
  current: string,
  key: (file: string) => string,
): readonly Portion[] {
  return files
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.file < b.file ? -1 : 1))
    .map((file) => portion(file, state, current, state.marks.get(key(file.file))))
    .filter(({ size, offset, skipped }) => size > offset || skipped > 0);
}

function portion(listed: ListedFile, state: LogState, current: string, mark: Mark | undefined): Portion {
  const { file, size } = listed;
  const none = { file, size, offset: size, inside: 'nothing' as const, skipped: 0 };
  if (mark === undefined) {
    const isNew = state.before !== null && timeOf(listed) >= Date.parse(state.before);
    if (state.before === null && file === current)
      return fromBehind({ ...none, offset: Math.max(0, size - LOOK_BACK) }, 0);
    return isNew ? fromBehind({ ...none, offset: 0 }, 0) : none;
  }
  if (size < mark.offset) return fromBehind({ ...none, offset: 0 }, 0);
  // The last line of a file that has been left may never end.
  if (size === mark.size) return none;
  return fromBehind({ ...none, offset: mark.offset, inside: mark.inside }, mark.offset);
}

function fromBehind(portion: Portion, from: number): Portion {
  const behind = portion.size - portion.offset;
  if (behind <= MOST_BEHIND) return portion;
  const offset = portion.size - LOOK_BACK;
  return { ...portion, offset, inside: 'nothing', skipped: offset - from };
}

function timeOf({ modified }: ListedFile): number {
  return modified === null ? 0 : Date.parse(modified);
}

/** What an earlier read left; anything else is as if there had been none. */
export function readMark(value: unknown): Mark | undefined {
  if (!Array.isArray(value)) return undefined;
  const [offset, inside, size] = value as readonly unknown[];
  const known = INSIDES.find((one) => one === inside);
  if (typeof offset !== 'number' || typeof size !== 'number' || known === undefined) return undefined;
  return { offset, inside: known, size };
}
