import type { At, EvidenceClass, JsonObject, Timestamp, Window } from '../connectors/sdk/index.ts';

/** What a detector or a treatment took out of one field. Never the value. */
export interface ClearedRedaction {
  readonly path: string;
  /** Detector or treatment. */
  readonly rule: string;
  readonly action: 'mask' | 'drop' | 'generalize' | 'pseudonymize' | 'digest' | 'count';
  readonly count: number;
}

/** A record after the second gate: only declared and allowed fields, treated and scanned. Minted by clear.ts alone. */
export interface ClearedRecord {
  readonly class: EvidenceClass;
  readonly kind: string;
  readonly stream: string;
  readonly entity: string;
  readonly related: readonly string[];
  readonly key: string;
  readonly occurredAt: Timestamp;
  readonly window?: Window;
  readonly body: JsonObject;
  /** Field path → `<policy>#<rule>`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly redactions: readonly ClearedRedaction[];
  readonly dropped: { readonly count: number; readonly names: readonly string[] };
  /** Emergency rules that opened fields of this stream: `<policy>#break-glass/<rule>`. */
  readonly breakGlass: readonly string[];
}

export type Cleared = At<'cleared', ClearedRecord>;
