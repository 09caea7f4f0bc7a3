import { describe, expect, it } from 'vitest';
import { parseBundle } from '../../evidence/bundle.ts';
import type { IncidentReading } from '../../evidence/incident/assemble.ts';
import type { Item } from '../../evidence/item.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import type { KubeApi } from '../helpers/kube-api.ts';
import { type KubeRecording, SCENARIOS } from '../helpers/kube-recording.ts';
import { ApiSession } from './api-session.ts';
import { causeEntity, causeItems, fieldChanges, recordedChange, symptomReasons } from './ground-truth.ts';
import {
  justHappened,
  untilQuiet,
  type WatchedCluster,
  watchedCluster,
  watchesEverything,
} from './kube-agent.ts';
import { bundlePlaces, findLeaks, storedPlaces, tablePlaces } from './leaks.ts';
import { type AgentProcess, API_TOKEN, eventually, startAgentProcess } from './support.ts';

/** What the change of a field looks like that the ground truth does not name. */
const WITHOUT_FIELD: Readonly<Record<string, object>> = {
  'node-lost': { condition: 'Ready', to: 'Unknown' },
  'pvc-never-binds': { condition: 'phase', to: 'Pending' },
  'quota-exhausted': { op: 'created' },
};

const FIRST_LOOK_AT = 3;

describe.concurrent('a recorded incident, told by an agent over HTTP', () => {
  it.each(SCENARIOS)('%s: names the object, the change and the symptoms, and no secret', async (scenario) => {
    const recording = justHappened(scenario);
    await using stage = await startStage(recording);
    const { api } = stage;
    expect(await watchesEverything(stage, stage.session)).toBe(true);
    const { bundle, reading, items } = await tellIncident(stage, () => api.step());

    expect(await verifyBundle(bundle, { publicKeyPem: [stage.folder.publicKeyPem] })).toMatchObject({
      good: true,
    });
    expect(toldOf(items, recording)).toContainEqual(expect.objectContaining(expectedOf(recording)));
    expect(recording.truth.symptoms.filter((reason) => !symptomReasons(items).has(reason))).toEqual([]);
    expect(reading.candidates.slice(0, FIRST_LOOK_AT).map(({ entity }) => entity)).toContain(
      causeEntity(recording),
    );
    expect(await leaksOf(stage, bundle, recording.truth.canaries)).toEqual([]);
    expect(api.requests.filter(({ path }) => path.includes('secrets'))).toEqual([]);
  });

  it('names object, field and new value when the agent starts after the change', async () => {
    const recording = justHappened('oom-after-limit-cut');
    await using stage = await startStage(recording, (api) => api.step());
    expect(await watchesEverything(stage, stage.session)).toBe(true);
    const { bundle, reading, items } = await tellIncident(stage);

    expect(await verifyBundle(bundle, { publicKeyPem: [stage.folder.publicKeyPem] })).toMatchObject({
      good: true,
    });
    expect(toldOf(items, recording)).toContainEqual(expect.objectContaining(expectedOf(recording)));
    expect(reading.candidates.slice(0, FIRST_LOOK_AT).map(({ entity }) => entity)).toContain(
      causeEntity(recording),
    );
    expect(recording.truth.symptoms.filter((reason) => !symptomReasons(items).has(reason))).toEqual([]);
    expect(await leaksOf(stage, bundle, recording.truth.canaries)).toEqual([]);
  });

  it('waits until the cluster is listed when the incident is opened as the agent starts', async () => {
    const recording = justHappened('bad-image-tag');
    await using stage = await startStage(recording, (api) => api.step());
    const incident = await stage.session.openIncident();
    const items = parseBundle(await stage.session.bundle(incident.id)).items.map(({ item }) => item as Item);
    expect(isTold(items, recording)).toBe(true);
    expect(items.filter((item) => item.class === 'gap').map(({ body }) => body)).toEqual([]);
  });
});

interface Stage extends WatchedCluster {
  readonly agent: AgentProcess;
  readonly session: ApiSession;
}

async function startStage(
  recording: KubeRecording,
  before: (api: KubeApi) => unknown = () => {},
): Promise<Stage> {
  const cluster = await watchedCluster(recording);
  before(cluster.api);
  const agent = startAgentProcess(cluster.folder);
  const session = new ApiSession(await agent.url);
  return {
    ...cluster,
    agent,
    session,
    [Symbol.asyncDispose]: async () => {
      await agent.end('SIGKILL');
      await cluster[Symbol.asyncDispose]();
    },
  };
}

async function tellIncident({ session, recording }: Stage, happen: () => unknown = () => {}) {
  happen();
  await eventually(async () => isTold(await session.items(), recording));
  await untilQuiet(session);
  const incident = await session.openIncident();
  const bundle = await session.bundle(incident.id);
  const document = parseBundle(bundle);
  const items = document.items.map(({ item }) => item as Item);
  return { bundle, items, reading: document as unknown as IncidentReading };
}

function isTold(items: readonly Item[], recording: KubeRecording): boolean {
  const reasons = symptomReasons(items);
  return (
    causeItems(items, recording).length > 0 && recording.truth.symptoms.every((reason) => reasons.has(reason))
  );
}

/** What is told about the change of the object; of a field that the ground truth names, only what is told of that. */
function toldOf(items: readonly Item[], recording: KubeRecording): readonly object[] {
  const { field } = recording.truth.cause;
  const told = causeItems(items, recording);
  if (field === undefined) return told.map(({ body }) => body);
  return fieldChanges(told).filter(({ path }) => path.includes(field));
}

/** Values from and to as the recorded objects show them; a ConfigMap's values are never read, only its keys. */
function expectedOf(recording: KubeRecording): object {
  const { scenario, cause } = recording.truth;
  if (cause.field === undefined) return { ...WITHOUT_FIELD[scenario] };
  if (cause.kind === 'ConfigMap') return { certainty: 'candidate' };
  return { certainty: 'exact', ...(recordedChange(recording) as object) };
}

/** Looks everywhere the agent wrote to or answered, while it runs and after it has ended. */
async function leaksOf({ agent, folder, session }: Stage, bundle: Uint8Array, canaries: readonly string[]) {
  await session.crawl();
  const values = [...canaries, 'canary-', API_TOKEN];
  const running = findLeaks(values, await storedPlaces(folder.dataDir));
  expect(await agent.end('SIGTERM')).toEqual({ code: 0, signal: null });
  const places = new Map<string, string | Uint8Array>([
    ...bundlePlaces(bundle),
    ...(await storedPlaces(folder.dataDir)),
    ...tablePlaces(folder.dataDir),
    ['output', agent.output()],
    ['answers', session.answers.join('\n\n')],
  ]);
  expect(agent.output()).toContain('the agent has started');
  return [...running, ...findLeaks(values, places)];
}
