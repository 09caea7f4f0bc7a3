import { randomUUID } from 'node:crypto';
import type { Governed } from '../../../agent/governance/testing/governed.ts';
import type { PolicyFolder } from '../../../agent/governance/testing/policy-folder.ts';
import { collect } from '../../../agent/pipeline.ts';
import { makeSealing } from '../../../agent/sealing.ts';
import type { Connector } from '../../../connectors/sdk/index.ts';
import { fakeClock, recordingLogger } from '../../../connectors/sdk/testing/index.ts';
import { Ledger } from '../../../evidence/ledger.ts';
import { sampleKeys } from '../../../evidence/testing/samples.ts';
import type { Cleared } from '../../../policies/cleared.ts';
import { type Decided, type Evaluator, left, type Situation } from './evaluator.ts';
import { compiled, inForceOf, PROVEN, standingOf, throughGates } from './in-memory.ts';

/**
 * The ways in which an agent comes by a policy: at its start, from an edit, over its API. What the API applies outlives a
 * restart, so that agent has a store of its own.
 */
export async function agentEvaluators(
  folder: PolicyFolder,
  ofApi: PolicyFolder,
  files: readonly string[],
  now: string,
): Promise<readonly Evaluator[]> {
  const clock = fakeClock({ at: now });
  const reloading = await folder.govern({ names: files, clock });
  const applying = await ofApi.govern({ names: files, clock });
  return [
    {
      name: 'start',
      async decide(situation) {
        const started = await folder.govern({ names: files, clock });
        const decided = inForce(started, situation);
        await started.supervisor.stop();
        return decided;
      },
    },
    {
      name: 'reload',
      async decide(situation) {
        if ((await reloading.supervisor.reload()) === 'refused')
          return { refused: String(reloading.supervisor.lastFailure()?.message) };
        return inForce(reloading, situation);
      },
    },
    {
      name: 'apply over the API',
      async decide(situation) {
        const expected = applying.service.version().policy.digest;
        await applying.service.apply(sent(situation), { by: 'ann', reason: 'a test of ours', expected });
        return inForce(applying, situation);
      },
    },
    {
      name: 'candidate of the API',
      async decide(situation) {
        const candidate = await applying.service.candidate(sent(situation));
        const checked = await applying.service.check(sent(situation), 'api');
        if (checked.digest !== compiled(situation).digest) return { refused: 'another digest' };
        return throughGates(inForceOf(candidate), situation);
      },
    },
    { name: 'a run of the pipeline', decide: (situation) => run(situation, folder) },
  ];
}

function inForce({ supervisor }: Governed, situation: Situation): Decided {
  const current = supervisor.current();
  if (current.policy.digest !== compiled(situation).digest) return { refused: 'another digest' };
  return throughGates(current, situation);
}

function sent({ layers }: Situation) {
  return layers.map(({ file, text }) => ({ name: file, text }));
}

/** What a run of the agent takes to the envelope, before it is sealed and stored. */
async function run(situation: Situation, { store }: PolicyFolder): Promise<Decided> {
  const { request, record, now } = situation;
  const version = inForceOf(compiled(situation));
  const cleared: Cleared[] = [];
  const withheld: string[] = [];
  const connector = {
    read: async (context) => {
      await context.emit(record);
      return { completeness: { state: 'complete', read: 1, expected: 1, reason: null } };
    },
  } as Pick<Connector, 'read'> as Connector;
  const clock = fakeClock({ at: now, sleep: 'manual' });
  const sealing = makeSealing({
    tenant: 'acme',
    agent: { name: 'exhibit', version: '0.0.1', build: `sha256:${'b'.repeat(64)}`, identity: 'test' },
    policy: () => version.policy,
    privileges: () => null,
    keys: sampleKeys(),
    clock,
  });
  const { status } = await collect(
    { id: randomUUID(), request },
    {
      tenant: 'acme',
      inForce: () => version,
      standing: { ...standingOf(situation), ask: async () => false, stop: () => undefined },
      decisions: { note: () => undefined },
      proven: PROVEN,
      connections: { get: () => connector },
      store,
      ledger: new Ledger({ store }),
      sealWith: sealing.run,
      clock,
      logger: recordingLogger(),
      readiness: { ready: () => undefined },
      meters: {
        cleared: (one) => void cleared.push(one),
        withheld: (reason) => void withheld.push(reason),
        netHit: () => undefined,
        committed: () => undefined,
        finished: () => undefined,
      },
    },
    new AbortController().signal,
  );
  const [first] = cleared;
  const [reason] = withheld;
  if (reason !== undefined) return { withheld: reason };
  if (first === undefined) return { refused: `the run was ${status}, and nothing came of it` };
  return status === 'refused' ? { refused: String(first.body['code']) } : left(first);
}
