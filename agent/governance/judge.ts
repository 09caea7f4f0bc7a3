import type { Timestamp } from '../../connectors/sdk/index.ts';
import { accept, type Before, type Rules } from './candidate.ts';
import { fingerprintOf, type PolicyLayer } from './layers.ts';
import type { PolicySource, VersionFloor } from './records.ts';
import { PolicyRefusal } from './refusal.ts';

/** The way a candidate would come: an edit of the files, taken by a reload or a start, or the API. */
export type JudgedSource = 'files' | 'api';

/** What would become of a candidate. */
export type Judgement =
  | { readonly outcome: 'accepted' }
  /** These files are not looked at: what the API applied stands for them until they are edited. */
  | { readonly outcome: 'held' }
  | { readonly outcome: 'refused'; readonly refusal: PolicyRefusal };

interface Current extends Before {
  readonly source: PolicySource;
  readonly files: string;
}

/** Whether a version that the API applied holds over files with this fingerprint: as long as nobody edits them. */
export function standsFor({ source, files }: Omit<Current, keyof Before>, fingerprint: string): boolean {
  return source === 'api' && files === fingerprint;
}

/** Judges as a start, a reload and the API do, and changes nothing. `current` is null before the first start. */
export function judge(
  { layers, source }: { readonly layers: readonly PolicyLayer[]; readonly source: JudgedSource },
  current: Current | null,
  floors: ReadonlyMap<string, VersionFloor>,
  rules: Rules,
  now: Timestamp,
): Judgement {
  const files = fingerprintOf(layers);
  if (source === 'files' && current !== null && standsFor(current, files)) return { outcome: 'held' };
  const by = { source: source === 'api' ? 'api' : 'reload', by: 'agent', reason: null, files } as const;
  try {
    accept({ layers, ...by }, current, floors, rules, now);
    return { outcome: 'accepted' };
  } catch (error) {
    if (error instanceof PolicyRefusal) return { outcome: 'refused', refusal: error };
    throw error;
  }
}
