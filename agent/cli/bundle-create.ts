import path from 'node:path';
import type { Window } from '../../connectors/sdk/index.ts';
import { encryptTo } from '../../evidence/bundle/age.ts';
import type { BundleForm } from '../../evidence/bundle/documents.ts';
import { openBundle } from '../../evidence/bundle/open.ts';
import { writableFrom } from '../../evidence/bundle/writable.ts';
import { writeBundle } from '../../evidence/bundle/write.ts';
import type { Incident } from '../../evidence/store/store.ts';
import type { Agent } from '../app.ts';
import { formOf } from './bundle-input.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';
import { parseDuration, windowSince } from './time.ts';
import { writeAtomically } from './write-file.ts';

export interface CreateOptions {
  readonly config: string;
  readonly since: string;
  readonly output: string;
  readonly title: string;
  readonly format?: string;
  readonly recipient?: readonly string[];
  readonly json?: boolean;
}

export interface BundleRequest {
  readonly title: string;
  readonly window: Window;
  readonly scope: Incident['scope'];
  readonly file: string;
  /** Default: what the name of the file says. */
  readonly form?: BundleForm;
  /** Encrypted to these, when there are any. */
  readonly recipients?: readonly string[];
}

export interface WrittenBundle {
  readonly file: string;
  readonly incident: string;
  readonly manifest: string;
  readonly bytes: number;
}

/** Bundles stored evidence as a closed incident of its own and writes the file. */
export async function makeBundle(
  agent: Pick<Agent, 'incidents'>,
  request: BundleRequest,
  io: Pick<CliIo, 'cwd'>,
): Promise<WrittenBundle> {
  const { title, window, scope, recipients = [] } = request;
  const file = path.resolve(io.cwd, request.file);
  // A typing error in a recipient is told before anything is sealed.
  if (recipients.length > 0) await encryptTo(recipients, nothing());
  const incident = await agent.incidents.record({ title, window, scope, trigger: 'cli' });
  const made = await agent.incidents.bundle(incident.id);
  const bundle = await writableFrom(() => openBundle(made.bytes));
  const plain = writeBundle(bundle, request.form ?? formOf(request.file, undefined));
  const bytes = await writeAtomically(
    file,
    recipients.length === 0 ? plain : await encryptTo(recipients, plain),
  );
  return { file, incident: incident.id, manifest: made.manifest, bytes };
}

export async function create(options: CreateOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const window = windowSince(parseDuration(options.since, '--since'), io);
  const form = formOf(options.output, options.format);
  const { agentFrom, loadSetup } = await import('./setup.ts');
  const agent = await agentFrom(await loadSetup(options.config, io), io);
  try {
    const { title, output: file, recipient: recipients = [] } = options;
    const written = await makeBundle(agent, { title, window, scope: {}, file, form, recipients }, io);
    const encrypted = recipients.length === 0 ? '' : `, encrypted to ${recipients.length}`;
    await output.result(
      written,
      `wrote ${written.file} (${written.bytes} bytes${encrypted}, manifest ${written.manifest})`,
    );
    return EXIT.good;
  } finally {
    await agent.stop();
  }
}

// Async because that is what is encrypted.
async function* nothing(): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array(0);
}
