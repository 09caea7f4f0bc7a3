import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AdmittedView, GrantRequest } from '../sdk/index.ts';
import { loadManifest } from '../sdk/testing/index.ts';
import { grants } from './grants.ts';

const manifest = loadManifest(import.meta.dirname);
const all = readFileSync(join(import.meta.dirname, manifest.privileges), 'utf8');
/** Granted by the policy's views, not by a paragraph. */
const VIEWS = 'SELECT on the views of the policy';

function grantsFor(ids: readonly string[], views: readonly AdmittedView[] = []): string {
  const reads: GrantRequest['reads'] = manifest.reads
    .filter(({ id }) => ids.includes(id))
    .map((spec) => ({ spec, views }));
  expect(reads).toHaveLength(ids.length);
  return grants({ all, reads, texts: new Map() });
}

const statements = (text: string) => text.replaceAll(/^--.*$/gm, '');

describe('grants.sql', () => {
  it('has a paragraph for everything that reads need, and none that no read needs', () => {
    const needed = new Set(manifest.reads.flatMap(({ needs }) => needs).filter((need) => need !== VIEWS));
    const granted = [...all.matchAll(/^-- Needs: (.+)$/gm)].map((match) => match[1] ?? '');
    expect(granted.sort()).toEqual([...needed].sort());
  });

  it('grants nothing for reads behind a flag when it is run as a whole', () => {
    const ordinary = manifest.reads.filter(
      ({ capability, mode }) => capability === undefined && mode === 'full',
    );
    const needed = new Set(ordinary.flatMap(({ needs }) => needs));
    for (const paragraph of all.split(/\n{2,}/)) {
      const need = /^-- Needs: (.+)$/m.exec(paragraph)?.[1];
      if (need !== undefined && !needed.has(need)) expect(statements(paragraph).trim()).toBe('');
    }
  });
});

describe('the grants for some reads', () => {
  it('are the role and its walls for a read that needs nothing', () => {
    const text = statements(grantsFor(['server']));
    expect(text).toContain('CREATE ROLE exhibit LOGIN NOSUPERUSER');
    expect(text).toContain('ALTER ROLE exhibit SET default_transaction_read_only = on');
    expect(text).not.toMatch(/pg_read_all_stats|CREATE EXTENSION|REPLICATION;|GRANT (?!pg_use_reserved)/);
  });

  it('are added for what the reads need', () => {
    expect(statements(grantsFor(['blocking_tree']))).toContain('GRANT pg_read_all_stats TO exhibit;');
    expect(statements(grantsFor(['blocking_tree']))).not.toContain('CREATE EXTENSION');
    expect(statements(grantsFor(['statements']))).toContain(
      'CREATE EXTENSION IF NOT EXISTS pg_stat_statements',
    );
  });

  it('are SELECT on the columns of the views that a policy opens, whatever they are called', () => {
    const view = {
      view: 'rca_evidence.orders',
      schema: 'rca_evidence',
      name: 'or"ders',
      columns: [{ name: 'state' }, { name: 'placed' }],
      groupSize: { column: 'customers', atLeast: 5 },
    } as unknown as AdmittedView;
    const text = grantsFor(['server'], [view]);
    expect(text).toContain('GRANT USAGE ON SCHEMA "rca_evidence" TO exhibit;');
    expect(text).toContain(
      'GRANT SELECT ("state", "placed", "customers") ON "rca_evidence"."or""ders" TO exhibit;',
    );
  });
});
