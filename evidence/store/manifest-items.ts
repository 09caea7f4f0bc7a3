import type { DatabaseSync } from 'node:sqlite';
import type { ContentsEntry } from '../manifest.ts';
import type { ManifestFate } from './store.ts';

/** What the manifest of a run commits to: items that are kept, and what is left of those that expired. */
export function contentsOf(database: DatabaseSync, digest: string): readonly ContentsEntry[] {
  return database
    .prepare(
      `with sealed as (select sequence from manifests where digest = ? and purpose = 'run')
       select id, leaf, position from evidence where manifest = (select sequence from sealed)
       union all
       select id, leaf, position from expired where class is not null and manifest = (select sequence from sealed)
       order by position`,
    )
    .all(digest)
    .map((row) => ({ id: String(row['id']), leaf: String(row['leaf']) }));
}

export function fatesOf(database: DatabaseSync, digests: readonly string[]): readonly ManifestFate[] {
  return database
    .prepare(
      `with named as (
         select min(sequence) as first, max(sequence) as last from manifests
         where purpose = 'run' and digest in (select value from json_each(?)))
       select sequence, digest, item_first, items,
         (select count(*) from evidence where manifest = sequence) as kept,
         (select count(*) from expired where manifest = sequence and class is not null) as expired
       from manifests where purpose = 'run'
         and sequence between (select first from named) and (select last from named) order by sequence`,
    )
    .all(JSON.stringify(digests))
    .map((row) => ({
      sequence: Number(row['sequence']),
      digest: String(row['digest']),
      first: Number(row['item_first']),
      items: Number(row['items']),
      kept: Number(row['kept']),
      expired: Number(row['expired']),
    }));
}
