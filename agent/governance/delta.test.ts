import { describe, expect, it } from 'vitest';
import { SAMPLE_MANIFEST } from '../../evidence/testing/samples.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { parsePolicy } from '../../policies/load.ts';
import { deltaBetween } from './delta.ts';
import { NAMES, policyText, QUERIES } from './testing/policy-folder.ts';

const diff = deltaBetween([SAMPLE_MANIFEST], [{ id: 'db', connector: 'sample' }]);

function compiled(text: string) {
  const policy = parsePolicy(text, 'acme.yaml');
  if ('problems' in policy) throw new Error(JSON.stringify(policy.problems));
  const { problems, policy: result } = compilePolicy([SAMPLE_MANIFEST], [policy], {
    now: '2026-11-21T00:00:00.000Z',
  });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return result;
}

const BASE = policyText({ rules: [NAMES] });
const plus = (more: string) => policyText({ rules: [NAMES], more });

describe('a policy is wider than another', () => {
  it.each([
    ['with a field', BASE, policyText({ rules: [NAMES, QUERIES] }), 'body.query'],
    [
      'with a more open treatment',
      policyText({ rules: [NAMES.replace('keep', 'digest')] }),
      BASE,
      'body.relation',
    ],
    ['without a scope', plus('scope: { database: { deny: [hr] } }\n'), BASE, 'scope database'],
    [
      'with another scope',
      plus('scope: { database: { allow: [a] } }\n'),
      plus('scope: { database: { allow: [b] } }\n'),
      'scope',
    ],
    ['without a refused right', plus('privileges: { refuse: [SUPERUSER] }\n'), BASE, 'SUPERUSER'],
    [
      'without a budget',
      plus('budgets: [{ reads: [sample/blocking], rows: 5 }]\n'),
      BASE,
      'budget sample/blocking',
    ],
    [
      'with a detector that is not heard',
      BASE,
      plus('detectors: [{ detector: high-entropy, action: ignore }]\n'),
      'high-entropy',
    ],
    [
      'with a detector that only masks',
      plus('detectors: [{ detector: email, action: withhold }]\n'),
      plus('detectors: [{ detector: email, action: drop }]\n'),
      ' email',
    ],
    [
      'with a view',
      BASE,
      plus('views: [{ view: app.queue, description: a queue, columns: { depth: keep } }]\n'),
      'view app.queue',
    ],
  ])('%s', (_case, narrow, wide, name) => {
    const opened = diff(compiled(narrow), compiled(wide));
    expect([opened.widens, opened.opened.join()]).toEqual([true, expect.stringContaining(name)]);
    const closed = diff(compiled(wide), compiled(narrow));
    expect(closed.closed.join()).toContain(name);
    if (_case !== 'with another scope') expect(closed.widens).toBe(false);
  });

  it('never than itself', () => {
    expect(diff(compiled(BASE), compiled(`# comment\n${BASE}`))).toMatchObject({
      widens: false,
      risk: 'none',
      opened: [],
      closed: [],
    });
  });
});
