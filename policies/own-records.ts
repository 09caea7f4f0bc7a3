import type { AdmittedRead, Gap, Timestamp } from '../connectors/sdk/index.ts';
import type { ClearedRecord } from './cleared.ts';
import { isEntity } from './entity.ts';
import type { Scanner } from './redact.ts';
import { NOTHING_DROPPED, Trace } from './trace.ts';

/** Records about ourselves: what was refused, what is missing, what policy came into force. The gate mints them. */

type ByRead = Pick<AdmittedRead, 'connection' | 'connector' | 'read' | 'trigger'>;

export interface Refusal {
  readonly code: string;
  readonly reason: string;
  readonly hint?: string;
  readonly count?: number;
  /** Id of the item that was held back. */
  readonly item?: string;
}

/** In our own words: names of policies, rules and fields, and digests; nothing that came from a source. */
export interface PolicyNote {
  readonly tenant: string;
  /** Digest of the version before; null for the first. */
  readonly from: string | null;
  readonly to: string;
  readonly version: string;
  /** What brought it: a file, the API, a flag that expired. */
  readonly source: string;
  /** `<connector>/<stream> <field>` */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly risk: string;
}

const OWN_FIELDS = Object.freeze({ body: 'exhibit#own-words' });
const NO_BREAK_GLASS: readonly string[] = Object.freeze([]);

export function refusalRecord(refusal: Refusal, read: ByRead, now: Timestamp): ClearedRecord {
  return {
    class: 'refusal',
    kind: 'exhibit.refusal/v1',
    stream: 'refusals',
    entity: ownEntity(read),
    related: [],
    key: `${refusal.code}/${read.read}/${refusal.item ?? gapPeriod(read, now)}`,
    occurredAt: now,
    body: {
      code: refusal.code,
      ...(refusal.count === undefined ? {} : { count: refusal.count }),
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
      ...(refusal.item === undefined ? {} : { item: refusal.item }),
      read: read.read,
      reason: refusal.reason,
    },
    fields: OWN_FIELDS,
    redactions: [],
    dropped: NOTHING_DROPPED,
    breakGlass: NO_BREAK_GLASS,
  };
}

export function noteRecord(
  { tenant, from, to, version, source, opened, closed, risk }: PolicyNote,
  now: Timestamp,
): ClearedRecord {
  return {
    class: 'change',
    kind: 'exhibit.policy_version/v1',
    stream: 'policy',
    entity: `exhibit://${encodeURIComponent(tenant)}/policy`,
    related: [],
    key: `${to}/${source}`,
    occurredAt: now,
    body: {
      closed: [...closed],
      from,
      opened: [...opened],
      risk,
      source,
      to,
      version,
    },
    fields: OWN_FIELDS,
    redactions: [],
    dropped: NOTHING_DROPPED,
    breakGlass: NO_BREAK_GLASS,
  };
}

/** A gap, or a refusal that a connector tells of. Its words are ours, and are scanned all the same. */
export function gapRecord(gap: Gap, read: AdmittedRead, now: Timestamp, net: Scanner): ClearedRecord {
  const trace = new Trace();
  const own = (path: string, text: string) => {
    if (!net.hasFinding(text)) return text;
    trace.redact(path, 'gap-text', 'mask');
    return net.scan(text).text;
  };
  const isRefusal = gap.refused !== undefined;
  const code = gap.refused ?? gap.gap;
  const entity =
    gap.entity !== undefined && isEntity(gap.entity) && !net.hasFinding(gap.entity)
      ? gap.entity
      : ownEntity(read);
  return {
    class: isRefusal ? 'refusal' : 'gap',
    kind: isRefusal ? 'exhibit.refusal/v1' : 'exhibit.gap/v1',
    stream: isRefusal ? 'refusals' : (gap.stream ?? 'gaps'),
    entity,
    related: [],
    key: `${code}/${read.read}/${gap.missing}/${gapPeriod(read, now)}`,
    occurredAt: now,
    ...(gap.window === undefined ? {} : { window: gap.window }),
    body: {
      code,
      ...(gap.hint === undefined ? {} : { hint: own('body.hint', gap.hint) }),
      missing: own('body.missing', gap.missing),
      read: read.read,
      reason: own('body.reason', gap.reason),
    },
    fields: OWN_FIELDS,
    redactions: trace.redactions,
    dropped: NOTHING_DROPPED,
    breakGlass: NO_BREAK_GLASS,
  };
}

/**
 * A gap that lasts is recorded once in five minutes, not on every run; an incident's own reads always record theirs.
 */
function gapPeriod(read: Pick<AdmittedRead, 'trigger'>, now: Timestamp): string {
  return read.trigger === 'interval' ? String(Math.floor(Date.parse(now) / 300_000)) : now;
}

function ownEntity(read: Pick<AdmittedRead, 'connection' | 'connector' | 'read'>): string {
  return `exhibit://${encodeURIComponent(read.connection)}/${read.connector}/read/${read.read}`;
}
