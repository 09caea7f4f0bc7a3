import { createReadStream } from 'node:fs';
import path from 'node:path';
import { BUNDLE_FORMS, type BundleForm, FORM_EXTENSIONS } from '../../evidence/bundle/documents.ts';
import { openBundle } from '../../evidence/bundle/open.ts';
import type { BundleSource } from '../../evidence/bundle/source.ts';
import { AgentError } from '../errors.ts';
import { inputPath, STREAM, withInputFile } from './files.ts';
import type { CliIo } from './io.ts';
import { write } from './output.ts';
import { writeAtomically } from './write-file.ts';

/** Opens the bundle that an argument names, reads it and closes it. Throws AgentError INPUT, EvidenceError BUNDLE. */
export async function withBundle<Result>(
  file: string,
  io: CliIo,
  use: (source: BundleSource) => Promise<Result>,
): Promise<Result> {
  const source = await openBundle(file === STREAM ? io.stdin : await inputPath(file, 'the bundle', io));
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** The same for what has to be read more than once. */
export async function withReopened<Result>(
  file: string,
  io: CliIo,
  use: (open: () => Promise<BundleSource>) => Promise<Result>,
): Promise<Result> {
  return withInputFile(file, 'the bundle', io, (found) => use(() => openBundle(found)));
}

/** The bytes of a file or of standard input. Throws AgentError INPUT. */
export async function inputStream(file: string, io: CliIo): Promise<AsyncIterable<Uint8Array>> {
  return file === STREAM ? io.stdin : createReadStream(await inputPath(file, 'the bundle', io));
}

/** Writes a file, or standard output, where nothing else is printed then. */
export async function writeOutput(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  io: CliIo,
): Promise<number> {
  if (file !== STREAM) return writeAtomically(path.resolve(io.cwd, file), chunks);
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    await write(io.stdout, chunk);
  }
  return bytes;
}

/** The form that was asked for, or that the name of the file says. Throws AgentError USAGE. */
export function formOf(file: string, asked: string | undefined): BundleForm {
  const name = file.replace(/\.age$/, '').replace(/\.tgz$/, '.tar.gz');
  const named = BUNDLE_FORMS.find((form) => name.endsWith(`.${FORM_EXTENSIONS[form]}`));
  if (asked === undefined && named === undefined && STREAM !== file) {
    throw new AgentError(
      'USAGE',
      `the name ${path.basename(file)} does not say which format it should have`,
      {
        hint: `Let it end in ${Object.values(FORM_EXTENSIONS).join(', ')}, or give --format.`,
      },
    );
  }
  if (asked === undefined) return named ?? 'json';
  const form = BUNDLE_FORMS.find((each) => FORM_EXTENSIONS[each] === asked);
  if (form === undefined) {
    throw new AgentError('USAGE', 'there is no such format', {
      hint: `There are: ${Object.values(FORM_EXTENSIONS).join(', ')}.`,
    });
  }
  if (named === undefined || named === form) return form;
  throw new AgentError('USAGE', `--format ${asked} does not fit the name ${path.basename(file)}`, {
    hint: 'Leave --format out, or name the file accordingly.',
  });
}

export const FORMAT_HELP = `${Object.values(FORM_EXTENSIONS).join(', ')} (default: by the name of the file)`;
