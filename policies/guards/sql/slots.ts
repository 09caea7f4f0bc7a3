import type { FunctionRule } from './functions.ts';

/**
 * What a read of changes (mode cdc) does to its replication slot. Each of its files may call the one function of its
 * step; no other template may call any of them. They work in read-only transactions and change nothing but the slot.
 */
export const SLOT_STEPS = ['peek', 'create', 'advance', 'drop'] as const;
export type SlotStep = (typeof SLOT_STEPS)[number];

/** Rows of a peek are bounded by its third argument and whole transactions; the statement's LIMIT holds them. */
const PEEKED_ROWS = 10_000;

const STEPS: Readonly<Record<SlotStep, readonly [string, FunctionRule]>> = {
  peek: ['pg_logical_slot_peek_binary_changes', rows('lsn xid data', PEEKED_ROWS)],
  create: ['pg_create_logical_replication_slot', rows('slot_name lsn', 1)],
  advance: ['pg_replication_slot_advance', rows('slot_name end_lsn', 1)],
  drop: ['pg_drop_replication_slot', rows('pg_drop_replication_slot', 1)],
};

/** The functions that a statement may call beyond the lists. */
export function slotFunctions(step: SlotStep | undefined): ReadonlyMap<string, FunctionRule> {
  return new Map(step === undefined ? [] : [STEPS[step]]);
}

function rows(columns: string, count: number): FunctionRule {
  return { kind: 'set', growth: 1, columns: columns.split(' '), rows: count };
}
