import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decryptWith, encryptTo, readIdentities } from '../../evidence/bundle/age.ts';
import { type BundleForm, CONTENTS_FILE, ITEMS_FILE } from '../../evidence/bundle/documents.ts';
import { documentFiles } from '../../evidence/bundle/extract.ts';
import { writableFrom } from '../../evidence/bundle/writable.ts';
import { writeBundle } from '../../evidence/bundle/write.ts';
import { AgentError } from '../errors.ts';
import { formOf, inputStream, withBundle, withReopened, writeOutput } from './bundle-input.ts';
import { readInput, STREAM } from './files.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';
import { writeAtomically } from './write-file.ts';

/** Files of bundles in, files out. */

interface Written {
  readonly file: string;
  readonly bytes: number;
  readonly form?: BundleForm;
  readonly recipients?: number;
}

export interface ConvertOptions {
  readonly format?: string;
}

/** The same bundle in another form: documents, items and all digests stay. */
export async function convert(
  from: string,
  to: string,
  options: ConvertOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const form = formOf(to, options.format);
  const bytes = await withReopened(from, io, async (open) =>
    writeOutput(to, writeBundle(await writableFrom(open), form), io),
  );
  return done({ file: to, form, bytes }, output);
}

/**
 * File names are ours, not the bundle's: nothing in it can choose where it is written. Nothing is overwritten: an
 * `evidence.pub` that is there is the one that the reader trusts, and that of the bundle is the bundle's own.
 */
export async function extract(file: string, folder: string, output: Output, io: CliIo): Promise<ExitCode> {
  const target = path.resolve(io.cwd, folder);
  const written: string[] = [];
  const put = async (name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    await writeAtomically(path.join(target, name), chunks);
    written.push(path.join(folder, name));
  };
  await withBundle(file, io, async (source) => {
    const files = documentFiles(source.documents);
    await mkdir(target, { recursive: true });
    const there = new Set(await readdir(target));
    const taken = [...files.keys(), CONTENTS_FILE, ITEMS_FILE].find((name) => there.has(name));
    if (taken !== undefined) {
      throw new AgentError(
        'INPUT',
        `${path.join(folder, taken)} is there already, and would be overwritten`,
        {
          hint: 'Give an empty folder, so that no key of yours is replaced by one from the bundle.',
        },
      );
    }
    for (const [name, bytes] of files) await put(name, one(bytes));
    await put(CONTENTS_FILE, lines(source.contents()));
    await put(ITEMS_FILE, lines(source.items()));
  });
  await output.result({ written }, written.map((name) => `wrote ${name}`).join('\n'));
  return EXIT.good;
}

export interface EncryptOptions {
  readonly recipient: readonly string[];
  readonly output?: string;
}

/** Reads the bundle first, so that nothing else is encrypted by mistake. */
export async function encrypt(
  file: string,
  options: EncryptOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const to = options.output ?? (file === STREAM ? STREAM : `${file}.age`);
  const bytes = await withReopened(file, io, async (open) => {
    const source = await open();
    await source.close();
    const plain = writeBundle(await writableFrom(open), source.form);
    return writeOutput(to, await encryptTo(options.recipient, plain), io);
  });
  return done({ file: to, recipients: options.recipient.length, bytes }, output);
}

export interface DecryptOptions {
  readonly identity: readonly string[];
  readonly output?: string;
}

export async function decrypt(
  file: string,
  options: DecryptOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const to = options.output ?? decryptedName(file);
  const texts = await Promise.all(options.identity.map((each) => readInput(each, 'the identity file', io)));
  const identities = texts.flatMap((text) => readIdentities(text.toString('utf8')));
  const plain = decryptWith(identities, await inputStream(file, io));
  return done({ file: to, bytes: await writeOutput(to, plain, io) }, output);
}

function decryptedName(file: string): string {
  if (file === STREAM) return STREAM;
  if (file.endsWith('.age')) return file.slice(0, -'.age'.length);
  throw new AgentError('USAGE', 'the name of the file does not end in .age', {
    hint: 'Name the file to write with --output.',
  });
}

async function done(written: Written, output: Output): Promise<ExitCode> {
  // Standard output has the file itself.
  if (written.file !== STREAM) {
    await output.result(written, `wrote ${written.file} (${written.bytes} bytes)`);
  }
  return EXIT.good;
}

// Async because files are written from streams.
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

async function* lines(batches: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array, void> {
  const newline = Buffer.from('\n');
  for await (const batch of batches) yield Buffer.concat(batch.flatMap((line) => [line, newline]));
}
