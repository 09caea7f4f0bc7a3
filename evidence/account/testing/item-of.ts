import type { Completeness, Cost, EvidenceClass } from '../../../connectors/sdk/index.ts';
import type { Item } from '../../item.ts';

/** What of an item an account looks at. */
export interface CountedParts {
  readonly kind: EvidenceClass;
  readonly connection: string;
  readonly version: string;
  readonly read: string;
  readonly readDigest: string;
  readonly run: string;
  readonly policy: { readonly digest: string; readonly version: string };
  /** How many were let out. */
  readonly fields: number;
  readonly redactions: readonly { readonly rule: string; readonly count: number }[];
  readonly dropped: number;
  /** Records that a refusal stands for; 0: it does not say. */
  readonly withheld: number;
  readonly state: Completeness['state'];
  readonly cost: Cost;
}

/** An item of that kind; the rest of it is always the same. */
export function itemOf(parts: CountedParts): Item {
  const { kind, connection, version, read, readDigest, run, policy, redactions, dropped, state, cost } =
    parts;
  const names = Array.from(
    { length: parts.fields },
    (_, index) => [`body.field_${index}`, 'rule#id'] as const,
  );
  return {
    id: 'A'.repeat(43),
    kind: 'sample.blocking/v1',
    class: kind,
    connection,
    stream: 'blocking',
    entity: 'sample://orders-db',
    related: [],
    occurredAt: '2026-11-21T00:10:00.000Z',
    observedAt: '2026-11-21T00:14:03.250Z',
    body: kind === 'refusal' && parts.withheld > 0 ? { count: parts.withheld } : {},
    provenance: {
      connector: `sample@${version}`,
      read,
      readDigest,
      run,
      policy,
      fields: Object.fromEntries(names),
      redactions: redactions.map((redaction) => ({ ...redaction, path: 'body.role', action: 'mask' })),
      dropped: { count: dropped, names: [] },
      completeness: { state, read: 1, expected: null, reason: null },
      cost,
    },
  };
}
