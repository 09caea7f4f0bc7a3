import { describe, expect, it } from 'vitest';
import { observe } from '../connectors/sdk/index.ts';
import { admitted } from '../connectors/sdk/testing/index.ts';
import { admit, GOOD_STANDING } from './admit.ts';
import { isWithheld, makeGate } from './clear.ts';
import { compilePolicy, isStale } from './compile.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import { parsePolicy } from './load.ts';
import { DEMO_MANIFEST, layer, METADATA } from './testing/layers.ts';
import { inForce, nextChange } from './validity.ts';
import { formatProblems } from './yaml.ts';

const FROM = '2026-11-21T10:00:00.000Z';
const EXPIRES = '2026-11-21T14:00:00.000Z';
const BEFORE = '2026-11-21T09:59:59.999Z';
const DURING = '2026-11-21T12:00:00.000Z';
const LAST = '2026-11-21T13:59:59.999Z';

const EMERGENCY = layer(
  'acme',
  `breakGlass:
  - id: inc-812
    reason: checkout is down and the notes say why
    requestedBy: ana@acme.example
    approvedBy: ben@acme.example
    from: 2026-11-21T10:00:00Z
    expires: 2026-11-21T14:00:00Z
    streams: [demo/locks]
    fields: [note]
    treatment: scan`,
);

const FLAGS = layer(
  'flags',
  `capabilities:
  - { capability: cdc, connectors: [demo], owner: data-platform, reason: trial, expires: 2026-11-21T14:00:00Z }`,
);

const compiledAt = (now: string, ...layers: Parameters<typeof compilePolicy>[1]) =>
  compilePolicy([DEMO_MANIFEST], layers, { now });

function noteAt(now: string) {
  const { policy } = compiledAt(now, METADATA, EMERGENCY);
  const field = policy
    .of('any')
    .streams.get('demo/locks')
    ?.fields.find(({ path }) => path === 'body.note');
  return `${field?.treatment} ${field?.rule}`;
}

describe('inForce', () => {
  it('holds from its beginning until just before its end', () => {
    const timed = { from: FROM, expires: EXPIRES };
    expect([BEFORE, FROM, LAST, EXPIRES].map((now) => inForce(timed, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(inForce({ expires: EXPIRES }, BEFORE)).toBe(true);
  });

  it('knows when something changes next', () => {
    const timed = [{ from: FROM, expires: EXPIRES }, { expires: LAST }];
    expect([BEFORE, FROM, LAST, EXPIRES].map((now) => nextChange(timed, now))).toEqual([
      FROM,
      LAST,
      EXPIRES,
      null,
    ]);
  });
});

describe('break-glass rules', () => {
  it('open a field while they hold, and at no other time', () => {
    expect(noteAt(BEFORE)).toBe('drop null');
    expect(noteAt(FROM)).toBe('scan acme#break-glass/inc-812');
    expect(noteAt(LAST)).toBe('scan acme#break-glass/inc-812');
    expect(noteAt(EXPIRES)).toBe('drop null');
  });

  it('mark what is collected under them', () => {
    const { policy } = compiledAt(DURING, METADATA, EMERGENCY);
    expect(policy.of('any').streams.get('demo/locks')?.breakGlass).toEqual(['acme#break-glass/inc-812']);
    expect(policy.of('any').streams.get('demo/people')?.breakGlass).toEqual([]);
  });

  it.each([
    ['approvedBy: ben', 'approvedBy: ana@acme.example', 'must be somebody else than who asked'],
    ['expires: 2026-11-21T14:00:00Z', 'expires: 2026-11-21T18:00:01Z', 'must be at most 8 hours after from'],
    ['expires: 2026-11-21T14:00:00Z', 'expires: 2026-11-21T10:00:00Z', 'must be after from'],
    [
      'expires: 2026-11-21T14:00:00Z',
      'expires: tomorrow',
      'must be a time in UTC such as 2026-12-31T18:00:00Z',
    ],
    [
      'reason: checkout is down and the notes say why',
      'reason: because',
      'must say why, in at least 10 characters',
    ],
  ])('are refused: %s → %s', (from, to, message) => {
    const text = `apiVersion: exhibit/v1
kind: Policy
metadata: { name: acme, version: "1", description: x }
breakGlass:
  - id: inc-812
    reason: checkout is down and the notes say why
    requestedBy: ana@acme.example
    approvedBy: ben
    from: 2026-11-21T10:00:00Z
    expires: 2026-11-21T14:00:00Z
    streams: [demo/locks]
    fields: [note]
    treatment: scan
`;
    expect('policy' in parsePolicy(text, 'p.yaml')).toBe(true);
    const parsed = parsePolicy(text.replace(from, to), 'p.yaml');
    expect('problems' in parsed && formatProblems(parsed.problems)).toContain(message);
  });

  it('can not keep free text as it is', () => {
    const keeps = layer(
      'keeps',
      `breakGlass: [{ id: x, reason: because it burns, requestedBy: a, approvedBy: b, from: "${FROM}", expires: "${EXPIRES}", streams: [demo/locks], fields: [note], treatment: keep }]`,
    );
    expect(formatProblems(compiledAt(DURING, METADATA, keeps).problems)).toContain(
      'is free text: keep is not possible',
    );
  });
});

describe('capability flags', () => {
  const request = {
    connection: 'orders',
    connector: 'demo',
    read: 'row_changes',
    mode: 'cdc',
    window: { from: FROM, to: DURING },
    trigger: 'interval',
  } as const;
  const proven = new Map(DEMO_MANIFEST.reads.map(({ id }) => [`demo/${id}`, 'sha256:aa'] as const));
  const decided = (now: string, ...layers: Parameters<typeof compilePolicy>[1]) =>
    admit(request, { policy: compiledAt(now, ...layers).policy, proven, standing: GOOD_STANDING, now });

  it('are off unless a flag names them, and off again when it expires', () => {
    expect(decided(DURING, METADATA)).toMatchObject({ denied: 'CAPABILITY_DENIED' });
    expect(decided(DURING, METADATA, FLAGS)).toMatchObject({ read: 'row_changes' });
    expect(decided(EXPIRES, METADATA, FLAGS)).toMatchObject({ denied: 'CAPABILITY_DENIED' });
  });

  it('are asked of reads that a manifest flags itself', () => {
    const read = { ...request, read: 'server_log', mode: 'full' } as const;
    const deps = { proven, standing: GOOD_STANDING, now: DURING };
    const other = layer(
      'other',
      `capabilities: [{ capability: server-log, connectors: ["*"], owner: dba, reason: trial, expires: "${EXPIRES}" }]`,
    );
    expect(admit(read, { ...deps, policy: compiledAt(DURING, METADATA, FLAGS).policy })).toMatchObject({
      denied: 'CAPABILITY_DENIED',
    });
    expect(admit(read, { ...deps, policy: compiledAt(DURING, METADATA, other).policy })).toMatchObject({
      read: 'server_log',
    });
  });

  it('must be known, of a known connector', () => {
    const typo = layer(
      'typo',
      `capabilities: [{ capability: cdd, connectors: [demmo], owner: dba, reason: trial, expires: "${EXPIRES}" }]`,
    );
    expect(formatProblems(compiledAt(DURING, METADATA, typo).problems).split('\n')).toEqual([
      'typo.yaml:4:18 capabilities[0].capability: is not a capability of any connector (did you mean "cdc"?)',
      'typo.yaml:4:48 capabilities[0].connectors[0]: is not a connector (did you mean "demo"?)',
    ]);
  });
});

describe('a policy whose time has come', () => {
  const { policy } = compiledAt(BEFORE, METADATA, EMERGENCY, FLAGS);
  const late = compiledAt(DURING, METADATA, EMERGENCY, FLAGS).policy;

  it('knows when', () => {
    expect([policy.validUntil, late.validUntil]).toEqual([FROM, EXPIRES]);
    expect(isStale(late, LAST)).toBe(false);
    expect(isStale(late, EXPIRES)).toBe(true);
    expect(compiledAt(EXPIRES, METADATA, EMERGENCY, FLAGS).policy.validUntil).toBe(null);
  });

  it('is not used by either gate, even if nobody compiled it anew', () => {
    const read = admitted({ connection: 'orders', connector: 'demo', read: 'locks', streams: ['locks'] });
    const request = { ...read, window: { from: FROM, to: FROM } };
    const proven = new Map([['demo/locks', 'sha256:aa']]);
    expect(admit(request, { policy: late, proven, standing: GOOD_STANDING, now: LAST })).toHaveProperty(
      'budget',
    );
    expect(admit(request, { policy: late, proven, standing: GOOD_STANDING, now: EXPIRES })).toMatchObject({
      denied: 'STALE_POLICY',
    });
    const gate = makeGate({
      policy: late,
      keyed: makeKeyed(epochOf(Buffer.alloc(32, 5), FROM), 'acme', (value) => JSON.stringify(value)),
    });
    const record = observe({
      stream: 'locks',
      class: 'symptom',
      entity: 'demo://orders/table',
      key: 'pid/7',
      occurredAt: DURING,
      body: { pid: 7, note: 'waiting for the nightly job' },
    });
    const inTime = gate.clear(record, read, LAST);
    expect(isWithheld(inTime) ? inTime : inTime.body).toEqual({
      note: 'waiting for the nightly job',
      pid: 7,
    });
    expect(gate.clear(record, read, EXPIRES)).toEqual({ withheld: 'stale', stream: 'locks' });
  });

  it('is warned about where it has no effect', () => {
    const { warnings } = compiledAt(EXPIRES, METADATA, EMERGENCY);
    expect(formatProblems(warnings)).toBe(
      'acme.yaml:5:5 breakGlass[0]: expired at 2026-11-21T14:00:00.000Z (it has no effect now)',
    );
  });
});
