import type {
  AdmittedRead,
  Clock,
  Completeness,
  EvidenceClass,
  Gap,
  JsonObject,
  Observed,
  Timestamp,
} from '../../connectors/sdk/index.ts';
import { envelopes } from '../../evidence/envelope.ts';
import type { Envelope } from '../../evidence/item.ts';
import { isWithheld } from '../../policies/clear.ts';
import type { ClearedRedaction } from '../../policies/cleared.ts';
import type { RecordedDecision } from '../../policies/recorded.ts';
import { lookAtOutgoing } from '../runner/outgoing.ts';
import type { InForce } from './in-force.ts';

export interface PreviewedItem {
  readonly class: EvidenceClass;
  readonly kind: string;
  readonly stream: string;
  readonly entity: string;
  readonly related: readonly string[];
  readonly occurredAt: Timestamp;
  readonly body: JsonObject;
  /** Which rule lets each field out. */
  readonly fields: Readonly<Record<string, string>>;
  readonly redactions: readonly ClearedRedaction[];
  readonly dropped: { readonly count: number; readonly names: readonly string[] };
}

/** Records that would not leave, by what keeps them in. */
export interface PreviewedWithheld {
  readonly stream: string;
  /** A reason of the gate, a code of the first gate, or what the last look at the bytes found. */
  readonly reason: string;
  readonly count: number;
}

export interface PreviewedRecords {
  /** How many items would leave, gaps apart; only the first are shown. */
  readonly total: number;
  readonly items: readonly PreviewedItem[];
  readonly withheld: readonly PreviewedWithheld[];
  readonly gaps: readonly JsonObject[];
}

interface TallyDeps {
  readonly inForce: InForce;
  readonly tenant: string;
  readonly clock: Clock;
}

interface From {
  readonly connection: string;
  readonly connector: string;
  readonly read?: string;
}

const NOT_ENDED: Completeness = { state: 'unknown', read: 0, expected: null, reason: 'a preview' };
const NO_COST = { durationMs: 0, rows: 0, bytes: 0, calls: 0 };

/** Takes what the gate decides to the last look at its bytes, as a run does, and counts instead of keeping. */
export class PreviewTally {
  readonly #from: From;
  readonly #deps: TallyDeps;
  readonly #limit: number;
  readonly #items: PreviewedItem[] = [];
  readonly #gaps: JsonObject[] = [];
  readonly #withheld = new Map<string, PreviewedWithheld>();
  #total = 0;

  constructor(from: From, deps: TallyDeps, limit: number) {
    this.#from = from;
    this.#deps = deps;
    this.#limit = limit;
  }

  clear(record: Observed | Gap, read: AdmittedRead): RecordedDecision {
    return this.#deps.inForce.gate.clear(record, read, this.#now());
  }

  take(decision: RecordedDecision, stream: string): void {
    if ('denied' in decision) return this.#withhold(stream, decision.denied);
    if (isWithheld(decision)) return this.#withhold(stream, decision.withheld);
    const known = { observedAt: this.#now(), completeness: NOT_ENDED, cost: NO_COST };
    const made = envelopes([decision], this.#provenance(), known);
    const { passed, held } = lookAtOutgoing(made, this.#deps.inForce.net);
    for (const { hit } of held) {
      this.#withhold(stream, `${hit.isCanary ? 'CANARY' : 'NET_HIT'}: ${hit.rule} at ${hit.path}`);
    }
    for (const envelope of passed) this.#show(envelope);
  }

  result(): PreviewedRecords {
    return {
      total: this.#total,
      items: this.#items,
      withheld: [...this.#withheld.values()],
      gaps: this.#gaps,
    };
  }

  #show({ item }: Envelope): void {
    if (item.class === 'gap') {
      this.#gaps.push(item.body);
      return;
    }
    this.#total += 1;
    if (this.#items.length >= this.#limit) return;
    const { kind, stream, entity, related, occurredAt, body, provenance } = item;
    const { fields, redactions, dropped } = provenance;
    this.#items.push({
      class: item.class,
      kind,
      stream,
      entity,
      related,
      occurredAt,
      body,
      fields,
      redactions,
      dropped,
    });
  }

  #withhold(stream: string, reason: string): void {
    const key = `${stream} ${reason}`;
    const count = (this.#withheld.get(key)?.count ?? 0) + 1;
    this.#withheld.set(key, { stream, reason, count });
  }

  #provenance() {
    const { connection, connector, read = 'recorded' } = this.#from;
    const { tenant, inForce } = this.#deps;
    const { version, digest } = inForce.policy;
    return {
      tenant,
      connection,
      connector: `${connector}@preview`,
      read,
      readDigest: 'preview',
      run: 'preview',
      policy: { version, digest },
    };
  }

  #now(): Timestamp {
    return this.#deps.clock.now().toISOString();
  }
}
