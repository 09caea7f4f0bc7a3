import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Completeness, Cost, Timestamp } from '../connectors/sdk/index.ts';
import { isCleared } from '../policies/clear.ts';
import type { Cleared } from '../policies/cleared.ts';
import { canonicalize, canonicalizeOrdered, canonicalText } from './canonical-json.ts';
import { EvidenceError } from './errors.ts';
import type { Envelope, Item } from './item.ts';
import { hex, itemSalt } from './leaf.ts';

/** What is the same for every record of one run. */
export interface RunProvenance {
  readonly tenant: string;
  readonly connection: string;
  /** `<id>@<version>` */
  readonly connector: string;
  readonly read: string;
  readonly readDigest: string;
  readonly run: string;
  readonly policy: { readonly digest: string; readonly version: string };
}

/** What is known when a batch of a run is sealed. */
export interface BatchProvenance {
  readonly observedAt: Timestamp;
  readonly completeness: Completeness;
  readonly cost: Cost;
}

export function isEnvelope(value: object): value is Envelope {
  return MintedEnvelope.isOne(value);
}

/** Its private name can not be had by a cast or a copy; see the gate's records for why it is no WeakSet. */
class MintedEnvelope {
  readonly #minted = true;
  readonly item: Item;
  readonly canonical: string;

  constructor(item: Item, canonical: string) {
    this.item = item;
    this.canonical = canonical;
  }

  static isOne(value: object): boolean {
    return #minted in value && value.#minted;
  }
}

function mint(item: Item, canonical: string): Envelope {
  const envelope: Readonly<Pick<MintedEnvelope, 'item' | 'canonical'>> = new MintedEnvelope(item, canonical);
  return envelope as Envelope;
}

/**
 * Makes the envelopes of one batch: provenance, a stable id, and the RFC 8785 bytes that are hashed, stored and
 * served. Members are written in RFC 8785 order with the shared parts serialised once, which is why this does not
 * call `canonicalize` on the whole item; a test holds the two to the same bytes.
 *
 * @throws EvidenceError NOT_CLEARED for a record that did not come through the gate
 */
export function envelopes(
  records: readonly Cleared[],
  run: RunProvenance,
  batch: BatchProvenance,
): Envelope[] {
  const shared = shareProvenance(run, batch);
  return records.map((record) => envelop(record, run, batch, shared));
}

function envelop(
  record: Cleared,
  run: RunProvenance,
  batch: BatchProvenance,
  shared: SharedProvenance,
): Envelope {
  if (!isCleared(record)) {
    throw new EvidenceError('NOT_CLEARED', 'a record reached the envelope without passing the gate');
  }
  const item: Item = {
    id: itemId(record, shared),
    kind: record.kind,
    class: record.class,
    connection: run.connection,
    stream: record.stream,
    entity: record.entity,
    related: record.related,
    occurredAt: record.occurredAt,
    observedAt: batch.observedAt,
    ...(record.window === undefined ? {} : { window: record.window }),
    body: record.body,
    provenance: {
      connector: run.connector,
      read: run.read,
      readDigest: run.readDigest,
      run: run.run,
      policy: run.policy,
      fields: record.fields,
      redactions: record.redactions,
      dropped: record.dropped,
      completeness: batch.completeness,
      cost: batch.cost,
    },
  };
  return mint(item, serialize(item, shared));
}

/** An item as the store keeps it. */
export interface KeptItem {
  readonly id: string;
  readonly canonical: string;
  /** Hexadecimal. */
  readonly salt: string;
}

/**
 * Stored items as envelopes again, to be sealed into a bundle. An item's salt is a MAC over its bytes under the
 * tenant's salt key: when it fits, this agent sealed exactly these bytes once, and they came through the gates then.
 *
 * @throws EvidenceError NOT_CLEARED for an item whose salt does not fit
 */
export function reopenEnvelopes(stored: readonly KeptItem[], saltKey: Uint8Array): Envelope[] {
  const key: KeyObject = createSecretKey(saltKey);
  return stored.map(({ id, canonical, salt }) => {
    const item = JSON.parse(canonical) as Item;
    if (hex(itemSalt(Buffer.from(canonical), key)) !== salt || item.id !== id) {
      throw new EvidenceError('NOT_CLEARED', `the stored item ${id} is not what this agent sealed`, {
        hint: 'The store was changed from outside, or the pseudonym key is another one: restore the right backup.',
      });
    }
    return mint(item, canonical);
  });
}

/** The same fact, collected twice, has the same id. Each part carries its length, so no two facts read the same. */
function itemId(record: Cleared, { factOf }: SharedProvenance): string {
  let fact = `${factOf},${measured(record.stream)},${measured(record.entity)},${measured(record.key)}`;
  // A gap or refusal is the same one while its key says so; anything else is bound to its time.
  if (record.class !== 'gap' && record.class !== 'refusal') fact += `,${measured(record.occurredAt)}`;
  // What an emergency rule opened must not be taken for the same fact without it, which may be stored already.
  for (const rule of record.breakGlass) fact += `,${measured(rule)}`;
  return hash('sha256', fact, 'base64url');
}

function measured(part: string): string {
  return `${part.length}:${part}`;
}

interface SharedProvenance {
  /** Tenant and connection, as they stand in the fact that an id is made from. */
  readonly factOf: string;
  readonly connection: string;
  readonly observedAt: string;
  readonly beforeDropped: string;
  readonly written: WeakMap<object, string>;
  readonly betweenFieldsAndRedactions: string;
  readonly afterRedactions: string;
}

function shareProvenance(run: RunProvenance, batch: BatchProvenance): SharedProvenance {
  const json = canonicalize;
  return {
    factOf: `${measured(run.tenant)},${measured(run.connection)}`,
    connection: json(run.connection),
    observedAt: json(batch.observedAt),
    beforeDropped: `{"completeness":${json(batch.completeness)},"connector":${json(run.connector)},"cost":${json(batch.cost)},"dropped":`,
    written: new WeakMap(),
    betweenFieldsAndRedactions: `,"policy":${json(run.policy)},"read":${json(run.read)},"readDigest":${json(run.readDigest)},"redactions":`,
    afterRedactions: `,"run":${json(run.run)}}`,
  };
}

function serialize(item: Item, shared: SharedProvenance): string {
  const text = canonicalText;
  const { fields, redactions, dropped } = item.provenance;
  const window = item.window === undefined ? '' : `,"window":${canonicalize(item.window)}`;
  return (
    `{"body":${canonicalizeOrdered(item.body)},"class":"${item.class}","connection":${shared.connection},` +
    `"entity":${text(item.entity)},"id":"${item.id}","kind":${text(item.kind)},` +
    `"observedAt":${shared.observedAt},"occurredAt":${text(item.occurredAt)},` +
    `"provenance":${shared.beforeDropped}${once(dropped, shared)},"fields":${once(fields, shared)}` +
    `${shared.betweenFieldsAndRedactions}${redactions.length === 0 ? '[]' : canonicalize(redactions)}` +
    `${shared.afterRedactions},"related":[${item.related.map(text).join()}],"stream":${text(item.stream)}${window}}`
  );
}

/** The gate hands out the same object wherever the same fields were kept or dropped. */
function once(value: object, { written }: SharedProvenance): string {
  const known = written.get(value);
  if (known !== undefined) return known;
  const json = canonicalize(value);
  written.set(value, json);
  return json;
}
