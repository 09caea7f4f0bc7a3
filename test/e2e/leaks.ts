import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Texts in which planted values are looked for, by where they come from. */
export type Places = ReadonlyMap<string, string | Uint8Array>;

/** `<value> in <place>` for every value that appears anywhere, in whatever case, as it is or in an encoding. */
export function findLeaks(values: readonly string[], places: Places): readonly string[] {
  const leaks: string[] = [];
  for (const [place, content] of places) {
    const text = Buffer.from(typeof content === 'string' ? Buffer.from(content) : content)
      .toString('latin1')
      .toLowerCase();
    for (const value of values) {
      if (encodings(value).some((encoded) => text.includes(encoded.toLowerCase())))
        leaks.push(`${value} in ${place}`);
    }
  }
  return leaks;
}

/** Base64 of a text depends on where in its three bytes it begins: the part in the middle is the same each time. */
function encodings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return [value, encodeURIComponent(value), bytes.toString('hex'), ...base64];
}

/** Every file of a data directory but the keys, and the database once more, table by table: rows span pages. */
export async function storedPlaces(dataDir: string): Promise<Map<string, string | Uint8Array>> {
  const places = new Map<string, string | Uint8Array>();
  for (const entry of await readdir(dataDir, { withFileTypes: true })) {
    if (entry.isFile()) places.set(entry.name, await readFile(join(dataDir, entry.name)));
  }
  return places;
}

/** Of a store that nobody has open. */
export function tablePlaces(dataDir: string): Map<string, string> {
  const database = new DatabaseSync(join(dataDir, 'evidence.db'), { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
    return new Map(tables.map(({ name }) => [`table ${String(name)}`, rowsOf(database, String(name))]));
  } finally {
    database.close();
  }
}

function rowsOf(database: DatabaseSync, table: string): string {
  const rows = database.prepare(`select * from "${table}"`).all();
  const text = (value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
  return rows.map((row) => Object.values(row).map(text).join('\n')).join('\n');
}

/** What is hidden in the base64 of a bundle: the signed statement. */
export function bundlePlaces(bytes: Uint8Array): Map<string, string | Uint8Array> {
  const { attestation } = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
    attestation: { dsseEnvelope: { payload: string } };
  };
  return new Map<string, string | Uint8Array>([
    ['bundle', bytes],
    ['signed statement', Buffer.from(attestation.dsseEnvelope.payload, 'base64')],
  ]);
}
