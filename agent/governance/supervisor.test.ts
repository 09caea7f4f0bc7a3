import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { admitted, fakeClock } from '../../connectors/sdk/testing/index.ts';
import { sampleObservation } from '../../evidence/testing/samples.ts';
import { admit, GOOD_STANDING, isDenied } from '../../policies/admit.ts';
import { isWithheld } from '../../policies/clear.ts';
import { configuredLayers } from '../config/outline.ts';
import type { Governed } from './testing/governed.ts';
import { NAMES, NUMBERS, PolicyFolder, policyText, QUERIES } from './testing/policy-folder.ts';
import type { PolicyEvent } from './version.ts';

let folder: PolicyFolder;
beforeEach(async () => {
  folder = await PolicyFolder.make();
});
afterEach(() => folder.remove());

const turns = async (count = 30) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Field names that are open for the connection. */
function open({ supervisor }: Pick<Governed, 'supervisor'>): readonly string[] {
  const { policy } = supervisor.current();
  const plan = policy.of('db').streams.get('sample/blocking');
  return (plan?.fields ?? [])
    .filter(({ treatment }) => treatment !== 'drop')
    .map(({ path }) => path.slice('body.'.length))
    .toSorted();
}

async function metric({ metrics }: Pick<Governed, 'metrics'>, name: string): Promise<readonly string[]> {
  return (await metrics.render()).split('\n').filter((line) => line.startsWith(name));
}

describe('reload', () => {
  it('puts an edit in force as a whole, and says so everywhere', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const agent = await folder.govern({ names: [file], clock: fakeClock() });
    const events: PolicyEvent[] = [];
    agent.supervisor.subscribe((event) => void events.push(event));
    const before = agent.supervisor.current();
    await folder.write('acme.yaml', policyText({ version: '2', rules: [NAMES, QUERIES] }));
    expect(await agent.supervisor.reload()).toBe('applied');
    const after = agent.supervisor.current();
    expect(open(agent)).toEqual(['query', 'relation']);
    expect(after).not.toBe(before);
    expect(before.policy.version).toBe('acme@1');
    expect(events).toMatchObject([
      { event: 'applied', source: 'reload', from: before.policy.digest, delta: { widens: true } },
    ]);
    expect(await metric(agent, 'exhibit_policy_info')).toEqual([
      `exhibit_policy_info{digest="${after.policy.digest}",version="acme@2"} 1`,
    ]);
    expect((await folder.audit()).map(({ action, outcome, actor }) => [action, outcome, actor])).toEqual([
      ['policy.start', 'done', 'agent'],
      ['policy.reload', 'done', 'agent'],
    ]);
    expect((await folder.store.governance.policyVersions({ limit: 5 })).items).toMatchObject([
      {
        version: 'acme@2',
        active: true,
        source: 'reload',
        layers: [{ text: expect.stringContaining('queries') }],
      },
      { version: 'acme@1', active: false, source: 'start' },
    ]);
    expect(await folder.store.governance.verifyAudit()).toEqual({ ok: true, entries: 2 });
  });

  it('tells who says to have made an edit, once, and not for an edit that says nothing new', async () => {
    const claimed = (version: string, change: string) =>
      policyText({ version, rules: [NAMES] }).replace('metadata: {', `metadata: { ${change}`);
    const ann = 'change: { by: ann, reason: "names for incidents", ticket: GOV-12 }, ';
    const file = await folder.write('acme.yaml', claimed('1', ann));
    const agent = await folder.govern({ names: [file], clock: fakeClock() });
    const versions = [claimed('2', ann), claimed('3', 'change: { by: ben, reason: a second look }, ')];
    for (const text of [...versions, claimed('4', '')]) {
      await folder.write('acme.yaml', text);
      expect(await agent.supervisor.reload()).toBe('applied');
    }
    expect((await folder.audit()).map(({ detail }) => detail['claimed'])).toEqual([
      [{ layer: 'acme@1', by: 'ann', reason: 'names for incidents', ticket: 'GOV-12' }],
      undefined,
      [{ layer: 'acme@3', by: 'ben', reason: 'a second look' }],
      undefined,
    ]);
  });

  it('judges as it would decide, and tells nobody', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const { supervisor } = await folder.govern({ names: [file], clock: fakeClock() });
    const layer = (text: string) => ({ name: file, file, isPreset: false, text, signatures: [] });
    const judged = async (text: string, as: 'api' | 'files') =>
      (await supervisor.judge([layer(text)], as)).outcome;
    expect(await judged(policyText({ rules: [QUERIES] }), 'files')).toBe('accepted');
    expect(await judged('rules: 7', 'files')).toBe('refused');
    const [first] = supervisor.version().layers;
    const applied = { layers: [layer(policyText({ rules: [NUMBERS] }))], by: 'api:token', reason: 'a test' };
    await supervisor.apply(applied, supervisor.version().policy.digest);
    const before = await folder.audit();
    // What the API applied holds over the files, until they are edited.
    expect(await judged(first?.text ?? '', 'files')).toBe('held');
    expect(await judged(first?.text ?? '', 'api')).toBe('accepted');
    expect(await folder.audit()).toEqual(before);
    expect(supervisor.lastFailure()).toBeNull();
  });

  it('takes over a layer that the config names from now on, and keeps the last good ones while it is broken', async () => {
    const one = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    await folder.write('other.yaml', policyText({ name: 'other', rules: [NUMBERS] }));
    const config = (...policy: readonly string[]) =>
      folder.write('agent.yaml', `kind: Agent\npolicy: [${policy.join(', ')}]\n`);
    const names = configuredLayers(await config(one), ['standard', 'strict']);
    const agent = await folder.govern({ names, clock: fakeClock() });
    expect(agent.supervisor.version().policy.version).toBe('acme@1');
    expect(await agent.supervisor.reload()).toBe('unchanged');
    const file = await config(one, 'other.yaml');
    expect(await agent.supervisor.reload()).toBe('applied');
    expect(agent.supervisor.version().policy.version).toBe('acme@1+other@1');
    expect(agent.supervisor.version().layers.map((layer) => layer.file)).toEqual([one, 'other.yaml']);
    await folder.write('agent.yaml', 'policy: [strict\nkind: 7\n');
    expect(await agent.supervisor.reload()).toBe('refused');
    expect(agent.supervisor.lastFailure()).toMatchObject({ code: 'PROBLEMS', problems: [{ file, line: 2 }] });
    expect(agent.supervisor.version().policy.version).toBe('acme@1+other@1');
    await config('strict');
    expect(await agent.supervisor.reload()).toBe('applied');
    expect(agent.supervisor.lastFailure()).toBeNull();
  });

  it('does nothing when nothing changed, and interrupts nothing when the meaning did not', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const agent = await folder.govern({ names: [file], clock: fakeClock() });
    const before = agent.supervisor.current();
    expect(await agent.supervisor.reload()).toBe('unchanged');
    await folder.write('acme.yaml', `# a comment\n${policyText({ rules: [NAMES] })}`);
    expect(await agent.supervisor.reload()).toBe('applied');
    expect(agent.supervisor.current()).toBe(before);
    expect(agent.supervisor.version().layers[0]?.text).toMatch(/^# a comment/);
  });

  it('keeps the last good one, and says why with file and line', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const agent = await folder.govern({ names: [file], clock: fakeClock() });
    const before = agent.supervisor.current();
    const events: PolicyEvent[] = [];
    agent.supervisor.subscribe((event) => void events.push(event));
    await folder.write('acme.yaml', policyText({ rules: [NAMES.replace('relation', 'relatoin')] }));
    expect(await agent.supervisor.reload()).toBe('refused');
    expect(agent.supervisor.current()).toBe(before);
    expect(agent.supervisor.lastFailure()).toMatchObject({
      code: 'PROBLEMS',
      source: 'reload',
      problems: [{ file, line: 5, message: expect.stringContaining('is not a field') }],
    });
    expect(events).toMatchObject([{ event: 'refused', failure: { code: 'PROBLEMS' } }]);
    expect(await metric(agent, 'exhibit_policy_last_reload_success')).toEqual([
      'exhibit_policy_last_reload_success 0',
    ]);
    expect((await folder.audit()).at(-1)).toMatchObject({
      action: 'policy.reload',
      outcome: 'refused',
      detail: { code: 'PROBLEMS', problems: [expect.stringContaining('acme.yaml:5:')] },
    });
    expect(folder.logger.lines.map(({ level, message }) => `${level} ${message}`)).toContain(
      'warn a policy was refused; the one in force stays',
    );
    await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    expect(await agent.supervisor.reload()).toBe('unchanged');
    expect(agent.supervisor.lastFailure()).toBeNull();
    expect(await metric(agent, 'exhibit_policy_last_reload_success')).toEqual([
      'exhibit_policy_last_reload_success 1',
    ]);
  });

  it('keeps the last good one when a file is gone', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const agent = await folder.govern({ names: ['strict', file], clock: fakeClock() });
    const before = agent.supervisor.current();
    await rm(file);
    expect(await agent.supervisor.reload()).toBe('refused');
    expect(agent.supervisor.current()).toBe(before);
  });

  it('never throws and never changes anything for what is no policy', async () => {
    const good = policyText({ rules: [NAMES, NUMBERS] });
    const file = await folder.write('acme.yaml', good);
    const agent = await folder.govern({ names: [file], clock: fakeClock() });
    const before = agent.supervisor.current();
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      fc.nat(good.length - 1).map((at) => `${good.slice(0, at)}%${good.slice(at)}`),
      fc
        .tuple(
          fc.nat(good.length - 1),
          fc.constantFrom('\t', '\u0000', '&a', '*a', '!!js/function', '- ', '{', ': '),
        )
        .map(([at, text]) => `${good.slice(0, at)}${text}${good.slice(at + 1)}`),
      fc.constantFrom('rules', 'metadata', 'apiVersion', 'kind').map((key) => good.replace(key, `x${key}`)),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (text) => {
        await folder.write('acme.yaml', text);
        const result = await agent.supervisor.reload();
        // What happens to be a policy after all (a change inside a description) may come into force.
        if (result === 'applied') expect(agent.supervisor.current().policy.layers).toHaveLength(1);
        else expect(agent.supervisor.current().policy.digest).toBe(before.policy.digest);
        await folder.write('acme.yaml', good);
        await agent.supervisor.reload();
        expect(agent.supervisor.current().policy.digest).toBe(before.policy.digest);
      }),
      { numRuns: 60, seed: 11 },
    );
    expect((await folder.audit()).filter(({ detail }) => detail['code'] === 'INTERNAL')).toEqual([]);
  });
});

describe('watching', () => {
  it('takes an edit only when it was the same twice', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const [one, other] = [
      await folder.write('one.yaml', policyText({ name: 'one', rules: [NAMES] })),
      await folder.write('other.yaml', policyText({ name: 'other', rules: [NUMBERS] })),
    ];
    const agent = await folder.govern({ names: [one, other], clock, reloadMs: 5_000 });
    const seen: (readonly string[])[] = [];
    agent.supervisor.subscribe(() => void seen.push(open(agent)));
    agent.supervisor.watch();
    const poll = async () => {
      clock.advance(5_000);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await turns();
    };
    await poll();
    await poll();
    expect(seen).toEqual([]);
    await folder.write('one.yaml', policyText({ name: 'one', rules: [QUERIES] }));
    await poll();
    expect(seen).toEqual([]);
    await folder.write('other.yaml', policyText({ name: 'other' }));
    await poll();
    expect(seen).toEqual([]);
    await poll();
    expect(seen).toEqual([['query']]);
    await folder.write('one.yaml', 'broken: [');
    for (const _ of [1, 2, 3, 4, 5]) await poll();
    expect(open(agent)).toEqual(['query']);
    expect((await folder.audit()).filter(({ outcome }) => outcome === 'refused')).toHaveLength(1);
  });

  it('closes what an emergency rule opened at the very moment, and before the timer fires clears nothing', async () => {
    const clock = fakeClock({ at: '2026-11-21T01:00:00.000Z', sleep: 'manual' });
    const emergency = `breakGlass:
  - id: outage
    reason: the checkout is down since midnight
    requestedBy: ann
    approvedBy: bob
    from: 2026-11-21T00:30:00Z
    expires: 2026-11-21T02:00:00Z
    streams: [sample/blocking]
    fields: [query]
    treatment: scan
`;
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES], more: emergency }));
    const agent = await folder.govern({ names: [file], clock, reloadMs: 0 });
    const after = '2026-11-21T02:00:00.000Z';
    const decided = decisionsAt(agent, after);
    expect(decided).toEqual(['STALE_POLICY', 'stale']);
    expect(decisionsAt(agent, '2026-11-21T01:59:59.999Z')).toEqual(['admitted', 'cleared']);
    agent.supervisor.watch();
    await turns();
    expect(open(agent)).toEqual(['query', 'relation']);
    const before = agent.supervisor.current();
    clock.advance(3_600_000 - 1);
    await turns();
    expect(agent.supervisor.current()).toBe(before);
    clock.advance(1);
    await turns();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(open(agent)).toEqual(['relation']);
    expect(agent.supervisor.current()).not.toBe(before);
    expect((await folder.audit()).at(-1)).toMatchObject({ action: 'policy.expiry', outcome: 'done' });
    expect(await metric(agent, 'exhibit_policy_reload_total{result="recompiled"}')).toEqual([
      'exhibit_policy_reload_total{result="recompiled"} 1',
    ]);
  });
});

/** What the two gates of the version in force say at a time, whatever timers have done. */
function decisionsAt({ supervisor }: Governed, now: string): readonly string[] {
  const { policy, gate } = supervisor.current();
  const request = {
    connection: 'db',
    connector: 'sample',
    read: 'blocking',
    mode: 'full',
    trigger: 'once',
    window: { from: now, to: now },
  } as const;
  const proven = new Map([['sample/blocking', `sha256:${'a'.repeat(64)}`]]);
  const read = admit(request, { policy, proven, standing: GOOD_STANDING, now });
  const given = admitted({ ...request, streams: ['blocking'] });
  const record = gate.clear(sampleObservation(3), given, now);
  return [isDenied(read) ? read.denied : 'admitted', isWithheld(record) ? record.withheld : 'cleared'];
}

describe('start', () => {
  it('is refused when the files can not be used, unless the last good one may stand in', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const clock = fakeClock();
    const first = await folder.govern({ names: [file], clock });
    const { digest } = first.supervisor.current().policy;
    await folder.write('acme.yaml', 'rules: [');
    await folder.reopen();
    await expect(folder.govern({ names: [file], clock })).rejects.toMatchObject({
      code: 'POLICY',
      refusal: 'PROBLEMS',
    });
    const second = await folder.govern({ names: [file], clock, startWithLastGood: true });
    expect(second.supervisor.current().policy.digest).toBe(digest);
    expect(second.supervisor.lastFailure()).toMatchObject({ code: 'PROBLEMS', source: 'start' });
    expect(await metric(second, 'exhibit_policy_last_reload_success')).toEqual([
      'exhibit_policy_last_reload_success 0',
    ]);
  });

  it('of a rehearsal leaves no trace, whether it would succeed or not', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const options = { names: [file], clock: fakeClock(), rehearsal: true };
    const events: PolicyEvent[] = [];
    const { supervisor } = await folder.govern(options);
    supervisor.subscribe((event) => void events.push(event));
    await supervisor.begin();
    expect(supervisor.version().policy.version).toBe('acme@1');
    await folder.write('acme.yaml', 'rules: [');
    await expect(folder.govern(options)).rejects.toMatchObject({ refusal: 'PROBLEMS' });
    const versions = await folder.store.governance.policyVersions({ limit: 1 });
    expect([events, await folder.audit(), versions.items]).toEqual([[], [], []]);
    expect(await folder.store.state('exhibit:governance', 'policy')).toEqual(new Map());
  });

  it('has no last good one to stand in the first time', async () => {
    const file = await folder.write('acme.yaml', 'rules: [');
    const started = folder.govern({ names: [file], clock: fakeClock(), startWithLastGood: true });
    await expect(started).rejects.toMatchObject({ refusal: 'PROBLEMS' });
  });

  it('goes on with what the API applied until somebody edits the files', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const clock = fakeClock();
    const first = await folder.govern({ names: [file], clock });
    const layer = { name: 'acme.yaml', text: policyText({ version: '2', rules: [NUMBERS] }) };
    const { digest } = first.supervisor.current().policy;
    const who = { by: 'api:token', reason: 'ticket OPS-44', expected: digest };
    expect(await first.service.apply([layer], who)).toBe('applied');
    expect(await first.supervisor.reload()).toBe('unchanged');
    expect(open(first)).toEqual(['pid', 'wait_ms']);
    await folder.reopen();
    const second = await folder.govern({ names: [file], clock });
    expect(open(second)).toEqual(['pid', 'wait_ms']);
    expect(second.supervisor.version()).toMatchObject({
      source: 'api',
      by: 'api:token',
      reason: 'ticket OPS-44',
    });
    await folder.write('acme.yaml', policyText({ version: '3', rules: [QUERIES] }));
    await folder.reopen();
    const third = await folder.govern({ names: [file], clock });
    expect(open(third)).toEqual(['query']);
    expect(third.supervisor.version()).toMatchObject({ source: 'start', by: 'agent' });
    const told: PolicyEvent[] = [];
    third.supervisor.subscribe((event) => void told.push(event));
    await third.supervisor.begin();
    expect(told).toMatchObject([
      { event: 'applied', source: 'start', from: expect.stringMatching(/^sha256:/) },
    ]);
  });
});

describe('apply', () => {
  it('lets one of two who compared with the same version win', async () => {
    const agent = await folder.govern({ names: ['strict'], clock: fakeClock() });
    const expected = agent.supervisor.current().policy.digest;
    const apply = (rule: string) =>
      agent.service.apply([{ name: 'acme.yaml', text: policyText({ rules: [rule] }) }], {
        by: 'api:token',
        reason: 'a race in a test',
        expected,
      });
    const results = await Promise.allSettled([apply(NAMES), apply(NUMBERS)]);
    expect(results).toMatchObject([
      { status: 'fulfilled', value: 'applied' },
      { status: 'rejected', reason: { refusal: 'CHANGED_MEANWHILE' } },
    ]);
    expect(open(agent)).toEqual(['relation']);
    expect((await folder.audit()).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'refused']);
  });

  it('leaves everything as it is when the version can not be kept', async () => {
    const file = await folder.write('acme.yaml', policyText({ rules: [NAMES] }));
    const agent = await folder.govern({ names: [file], clock: fakeClock() });
    const before = agent.supervisor.current();
    await folder.store.close();
    await folder.write('acme.yaml', policyText({ rules: [QUERIES] }));
    expect(await agent.supervisor.reload()).toBe('refused');
    expect(agent.supervisor.current()).toBe(before);
    expect(agent.supervisor.lastFailure()?.code).toBe('NOT_KEPT');
  });
});
