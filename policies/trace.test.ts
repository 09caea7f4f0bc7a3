import { describe, expect, it } from 'vitest';
import { VALIDATORS } from './field-types.ts';
import { type FieldPlan, fieldTree, type StreamPlan } from './plan.ts';
import { FieldProvenance, NOTHING_DROPPED, Trace } from './trace.ts';

const FIELDS: readonly FieldPlan[] = Array.from({ length: 60 }, (_, index) => ({
  index,
  path: `body.field_${String(index).padStart(2, '0')}`,
  type: 'integer',
  valid: VALIDATORS.integer,
  treatment: 'keep',
  rule: `base#rule-${index}`,
}));

const PLAN: StreamPlan = {
  stream: {
    id: 'wide',
    kind: 'demo.wide/v1',
    description: 'As wide as a stream can be',
    classes: ['state'],
    primaryKey: ['field_00'],
    cursor: null,
    fields: {},
  },
  root: fieldTree(FIELDS),
  fields: FIELDS,
  actions: new Map(),
  breakGlass: [],
};

function field(index: number): FieldPlan {
  const found = FIELDS[index];
  if (found === undefined) throw new Error(`there is no field ${index}`);
  return found;
}

function traceOf({ kept = [], dropped = [] }: { kept?: number[]; dropped?: number[] }): Trace {
  const trace = new Trace();
  for (const index of kept) trace.keep(field(index));
  for (const index of dropped) trace.drop(field(index));
  return trace;
}

describe('which fields were kept', () => {
  it('tells every pair of fields from each of the two alone, in the widest stream', () => {
    const provenance = new FieldProvenance(PLAN);
    for (let low = 0; low < 60; low += 1) {
      for (const kept of [[low], [low, 59], [59]]) {
        const paths = [...new Set(kept)].map((index) => field(index).path);
        expect(Object.keys(provenance.kept(traceOf({ kept })))).toEqual(paths);
      }
    }
  });

  it('names the rule of each, and gives equal records the same object', () => {
    const provenance = new FieldProvenance(PLAN);
    const fields = provenance.kept(traceOf({ kept: [31, 4] }));
    expect(fields).toEqual({ 'body.field_04': 'base#rule-4', 'body.field_31': 'base#rule-31' });
    expect(provenance.kept(traceOf({ kept: [7] }))).not.toBe(fields);
    expect(provenance.kept(traceOf({ kept: [4, 31] }))).toBe(fields);
  });
});

describe('which fields were dropped', () => {
  it('counts every value, names each field once and in order', () => {
    const trace = traceOf({ dropped: [45, 2, 45] });
    trace.undeclared += 4;
    expect(new FieldProvenance(PLAN).dropped(trace)).toEqual({ count: 7, names: ['field_02', 'field_45'] });
  });

  it('tells the same fields with another count apart', () => {
    const provenance = new FieldProvenance(PLAN);
    const counts = [1, 2, 1].map((times) => {
      return provenance.dropped(traceOf({ dropped: Array.from({ length: times }, () => 8) })).count;
    });
    expect(counts).toEqual([1, 2, 1]);
  });

  it('stays right when a source sends more combinations than are remembered', () => {
    const provenance = new FieldProvenance(PLAN);
    for (let undeclared = 1; undeclared < 3_000; undeclared += 1) {
      const trace = traceOf({ dropped: [undeclared % 60, (undeclared * 7) % 60] });
      trace.undeclared = undeclared;
      expect(provenance.dropped(trace).count).toBe(undeclared + 2);
    }
    expect(provenance.dropped(new Trace())).toBe(NOTHING_DROPPED);
  });
});
