import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { AgentError } from '../errors.ts';
import type { PreviewedItem } from '../governance/preview-tally.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';
import { previewLive } from './policy/preview.ts';

interface ViewsOptions {
  readonly config: string;
  readonly json?: boolean;
}

interface Looked {
  /** What was said of each view, gaps and refusals included. */
  readonly views: readonly JsonObject[];
  readonly rows: readonly JsonObject[];
  /** What is there, or should be, and was not read. */
  readonly unread: readonly JsonObject[];
}

type Show = (looked: Looked) => { readonly data: unknown; readonly text: string };

/** `exhibit views`: the views that the policy lets be read, as they would leave; no other can be asked for. */
export function views(command: Command, context: CommandContext): void {
  const subcommand = (name: string, description: string, show: Show): void => {
    withJson(withConfig(command.command(name)))
      .description(description)
      .argument('<connection>', 'a connection of the config')
      .argument('[view]', '<schema>.<view>, as the policy names it (default: all)')
      .action((connection: string, view: string | undefined, options: ViewsOptions) =>
        context.run(options, (output) => look({ connection, view, show }, options, output, context.io)),
      );
  };
  subcommand('discover', 'which views are read, and what else is in their schemas', discovered);
  subcommand('profile', 'types, missing and different values of their columns', profiled);
  subcommand('sample', 'their rows, treated as the policy says', sampled);
}

interface Wanted {
  readonly connection: string;
  readonly view: string | undefined;
  readonly show: Show;
}

/** All views of a policy are fewer items than this. */
const LIMIT = 10_000;

async function look(
  { connection, view, show }: Wanted,
  { config }: ViewsOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const options = { config, connection, read: 'views', since: '1h', limit: LIMIT };
  const { previews } = await previewLive(options, output, io);
  const [preview] = previews;
  if (preview?.refused) {
    throw new AgentError('POLICY', preview.refused.reason, { hint: preview.refused.hint });
  }
  if (preview?.error) {
    await output.result({ error: preview.error }, `the read failed: ${preview.error.message}`);
    return EXIT.notGood;
  }
  const looked = about(view, preview?.items ?? [], preview?.gaps ?? []);
  if (looked.views.length + looked.unread.length === 0) {
    throw new AgentError(
      'NOT_FOUND',
      view === undefined ? 'the policy names no view' : 'the policy names no such view',
      {
        hint: 'Write it under views in a policy, with its columns; see docs/policy.md.',
      },
    );
  }
  const { data, text } = show(looked);
  await output.result(data, text);
  return EXIT.good;
}

function about(
  view: string | undefined,
  items: readonly PreviewedItem[],
  gaps: readonly JsonObject[],
): Looked {
  const named = ({ body }: { readonly body: JsonObject }) => view === undefined || body['view'] === view;
  const missing = (body: JsonObject) =>
    view === undefined || body['missing'] === view || textOf(body['missing']).startsWith(`${view}.`);
  const of = (stream: string) => items.filter((item) => item.stream === stream && named(item));
  const refusals = items.filter((item) => item.class === 'refusal').map(({ body }) => body);
  return {
    views: of('views').map(({ body }) => body),
    rows: of('view_rows').map(({ body }) => body),
    unread: [...refusals, ...gaps].filter(missing),
  };
}

function discovered({ views: seen, unread }: Looked) {
  const rows = seen.map((body) => [
    textOf(body['view']),
    textOf(body['state']),
    `${listOf(body['columns']).length} columns`,
    `from ${listOf(body['tables']).map(textOf).join(', ')}`,
  ]);
  return { data: { views: seen, unread }, text: [table(rows), notRead(unread)].filter(Boolean).join('\n') };
}

function profiled({ views: seen, unread }: Looked) {
  const data = seen.map((body) => ({
    view: body['view'],
    rows: body['rows'],
    columns: body['columns'] ?? [],
  }));
  const text = seen.map((body) => {
    const columns = listOf(body['columns']).map((column) => {
      const { name, type, null_share, distinct, smallest, largest, earliest, latest } = column as JsonObject;
      const range = [smallest ?? earliest, largest ?? latest].filter((end) => end !== undefined).map(textOf);
      return [
        `  ${textOf(name)}`,
        textOf(type),
        `${textOf(null_share)} null`,
        `${textOf(distinct)} distinct`,
        range.join(' to '),
      ];
    });
    return `${textOf(body['view'])}: ${textOf(body['state'])}, ${textOf(body['rows'] ?? 0)} rows\n${table(columns)}`;
  });
  return { data: { views: data, unread }, text: [...text, notRead(unread)].filter(Boolean).join('\n') };
}

function sampled({ views: seen, rows, unread }: Looked) {
  const data = seen.map((body) => ({
    view: body['view'],
    suppressed: body['suppressed'] ?? 0,
    truncated: body['truncated'] ?? false,
    rows: rows.filter((part) => part['view'] === body['view']).flatMap((part) => listOf(part['rows'])),
  }));
  const text = data.map(({ view, suppressed, truncated, rows: own }) => {
    const more = truncated === true ? ', cut off' : '';
    const title = `${textOf(view)}: ${own.length} rows, ${textOf(suppressed)} about too few${more}`;
    return [title, ...own.map((row) => `  ${JSON.stringify(row)}`)].join('\n');
  });
  return { data: { views: data, unread }, text: [...text, notRead(unread)].filter(Boolean).join('\n') };
}

/** Refusals and gaps, one a line. */
function notRead(unread: readonly JsonObject[]): string {
  return table(unread.map((body) => ['  not read', textOf(body['missing']), textOf(body['reason'])]));
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
