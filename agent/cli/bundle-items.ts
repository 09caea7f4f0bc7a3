import { splitItem } from '../../evidence/bundle/entry.ts';
import { MAX_ITEM_BYTES } from '../../evidence/bundle/limits.ts';
import { UnreadableBundle } from '../../evidence/bundle/refuse.ts';
import { readJson } from '../../evidence/read-json.ts';
import { withBundle } from './bundle-input.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { write } from './output.ts';

export interface ItemFilters {
  readonly class?: string;
  readonly kind?: string;
  readonly connection?: string;
}

const FILTERS = ['class', 'kind', 'connection'] as const;
const NEWLINE = Buffer.from('\n');

/** The items as NDJSON, each as it was sealed; they were not verified. */
export async function items(file: string, filters: ItemFilters, io: CliIo): Promise<ExitCode> {
  const wanted = FILTERS.filter((name) => filters[name] !== undefined);
  await withBundle(file, io, async (source) => {
    let index = 0;
    for await (const batch of source.items()) {
      const lines: Uint8Array[] = [];
      for (const entry of batch) {
        const item = splitItem(entry)?.item;
        if (item !== undefined && isWanted(item, index, wanted, filters)) lines.push(item, NEWLINE);
        index += 1;
      }
      if (lines.length > 0) await write(io.stdout, Buffer.concat(lines));
    }
  });
  return EXIT.good;
}

function isWanted(
  item: Uint8Array,
  index: number,
  wanted: readonly (typeof FILTERS)[number][],
  filters: ItemFilters,
): boolean {
  if (wanted.length === 0) return true;
  const read = readJson(item, MAX_ITEM_BYTES);
  if ('unreadable' in read || typeof read.value !== 'object' || read.value === null) {
    throw new UnreadableBundle('NOT_JSON', `items[${index}]`, 'is no item');
  }
  const fields = read.value as Readonly<Record<string, unknown>>;
  return wanted.every((name) => fields[name] === filters[name]);
}
