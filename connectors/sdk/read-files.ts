import type { ReadSpec } from './manifest.ts';

/** A file that a read may send. */
export interface ReadFileName {
  /**
   * What the connector finds its text under: the read's id, `<read>@<version>` of a variant, `<read>/<step>` of a step.
   */
  readonly key: string;
  /** Path in the connector's folder. */
  readonly file: string;
}

/**
 * The files of one read among those of the connector: the one that the manifest names, and its variants for newer
 * sources, `queries/wal.18.sql` beside `queries/wal.sql` for major version 18 and later, in order of versions; then its
 * steps.
 */
export function readFilesOf(
  { id, file, steps = [] }: Pick<ReadSpec, 'id' | 'file' | 'steps'>,
  files: readonly string[],
): readonly ReadFileName[] {
  const dot = file.lastIndexOf('.');
  const [stem, ending] = [file.slice(0, dot), file.slice(dot)];
  const versions = files.flatMap((name) => {
    if (!name.startsWith(`${stem}.`) || !name.endsWith(ending)) return [];
    const version = name.slice(stem.length + 1, -ending.length);
    return /^[1-9][0-9]{0,4}$/.test(version) ? [Number(version)] : [];
  });
  return [
    { key: id, file },
    ...versions
      .sort((a, b) => a - b)
      .map((version) => ({ key: `${id}@${version}`, file: `${stem}.${version}${ending}` })),
    ...steps.map((step) => ({ key: `${id}/${step}`, file: `${stem}.${step}${ending}` })),
  ];
}

/** The step that a file of this read is; undefined for the file that the manifest names, and its variants. */
export function stepOf(
  { file: main, steps = [] }: Pick<ReadSpec, 'file' | 'steps'>,
  file: string,
): string | undefined {
  const dot = main.lastIndexOf('.');
  return steps.find((step) => file === `${main.slice(0, dot)}.${step}${main.slice(dot)}`);
}

/** The text that a read sends to a source of that major version: of the newest variant that is not too new for it. */
export function textFor(reads: ReadonlyMap<string, string>, id: string, version: number): string | undefined {
  let [best, text] = [0, reads.get(id)];
  for (const [key, candidate] of reads) {
    const from = key.startsWith(`${id}@`) ? Number(key.slice(id.length + 1)) : 0;
    if (from > best && from <= version) [best, text] = [from, candidate];
  }
  return text;
}
