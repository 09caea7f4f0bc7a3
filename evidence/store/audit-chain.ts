import type { DatabaseSync } from 'node:sqlite';
import { canonicalize } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import { EvidenceError } from '../errors.ts';
import type { AuditEntry, AuditVerdict, StoredAudit } from './governance.ts';

const MAX_ENTRY_BYTES = 16 * 1024;
/** What the first entry follows. */
const BEGIN = { sequence: 0, hash: '' };

/**
 * Appends an entry to the chain: its hash covers the hash before, its number and what it says. The newest number and
 * hash stand in a row of their own, so that entries missing at the end are noticed. Call it inside a transaction.
 */
export function appendAuditEntry(database: DatabaseSync, entry: AuditEntry): void {
  const { at, actor, action, target, outcome, detail } = entry;
  const content = canonicalize({ at, actor, action, target, outcome, detail });
  if (Buffer.byteLength(content) > MAX_ENTRY_BYTES) {
    throw new EvidenceError('QUERY', `an entry of the audit trail is larger than ${MAX_ENTRY_BYTES} bytes`, {
      hint: 'Name what was done by its digest instead of repeating it.',
    });
  }
  const head = headOf(database);
  const sequence = head.sequence + 1;
  const hash = hashOf(head.hash, sequence, content);
  database
    .prepare('insert into audit (sequence, content, hash) values (?, ?, ?)')
    .run(sequence, content, hash);
  database
    .prepare(
      `insert into audit_head (one, sequence, hash) values (1, ?, ?)
       on conflict (one) do update set sequence = excluded.sequence, hash = excluded.hash`,
    )
    .run(sequence, hash);
}

/** Walks the whole chain. */
export function verifyAuditChain(database: DatabaseSync): AuditVerdict {
  let last = BEGIN;
  const rows = database.prepare('select sequence, content, hash from audit order by sequence').iterate();
  for (const row of rows) {
    const sequence = last.sequence + 1;
    const hash = hashOf(last.hash, sequence, String(row['content']));
    if (row['sequence'] !== sequence || row['hash'] !== hash) return { ok: false, at: sequence };
    last = { sequence, hash };
  }
  const head = headOf(database);
  const whole = head.sequence === last.sequence && head.hash === last.hash;
  return whole ? { ok: true, entries: last.sequence } : { ok: false, at: last.sequence + 1 };
}

export function storedAudit(row: { sequence: number; content: string; hash: string }): StoredAudit {
  return { ...(JSON.parse(row.content) as AuditEntry), sequence: row.sequence, hash: row.hash };
}

function headOf(database: DatabaseSync): typeof BEGIN {
  const row = database.prepare('select sequence, hash from audit_head').get();
  return row === undefined ? BEGIN : { sequence: Number(row['sequence']), hash: String(row['hash']) };
}

function hashOf(before: string, sequence: number, content: string): string {
  return digestOf(`${before}\n${sequence}\n${content}`);
}
