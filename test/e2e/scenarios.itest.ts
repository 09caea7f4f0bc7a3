import { describe, expect, it } from 'vitest';
import { parseBundle } from '../../evidence/bundle.ts';
import type { IncidentReading } from '../../evidence/incident/assemble.ts';
import type { Item } from '../../evidence/item.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { type KubeApi, startKubeApi } from '../helpers/kube-api.ts';
import { type KubeRecording, loadRecording, SCENARIOS, type Scenario } from '../helpers/kube-recording.ts';
import { ApiSession } from './api-session.ts';
import { causeEntity, causeItems, fieldChanges, recordedChange, symptomReasons } from './ground-truth.ts';
import { bundlePlaces, findLeaks, storedPlaces, tablePlaces } from './leaks.ts';
import { type AgentFolder, type AgentProcess, API_TOKEN, eventually, makeAgentFolder, startAgentProcess } from './support.ts';

/** What the change of a field looks like that the ground truth does not name. */
const WITHOUT_FIELD: Partial<Record<Scenario, object>> = {
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
    await watchesEverything(stage);
    const { bundle, reading, items } = await tellIncident(stage, () => api.step());

    expect(verifyBundle(bundle, { publicKeyPem: [stage.folder.publicKeyPem] })).toMatchObject({ good: true });
    expectCause(items, recording, scenario);
    expect(recording.truth.symptoms.filter((reason) => !symptomReasons(items).has(reason))).toEqual([]);
    expect(reading.candidates.slice(0, FIRST_LOOK_AT).map(({ entity }) => entity)).toContain(causeEntity(recording));
    expect(await leaksOf(stage, bundle, recording.truth.canaries)).toEqual([]);
    expect(api.requests.filter(({ path }) => path.includes('secrets'))).toEqual([]);
  });

  it('names object, field and new value when the agent starts after the change', async () => {
    const recording = justHappened('oom-after-limit-cut');
    await using stage = await startStage(recording, (api) => api.step());
    await watchesEverything(stage);
    const { bundle, reading, items } = await tellIncident(stage);

    expect(verifyBundle(bundle, { publicKeyPem: [stage.folder.publicKeyPem] })).toMatchObject({ good: true });
    expectCause(items, recording, 'oom-after-limit-cut');
    expect(reading.candidates.slice(0, FIRST_LOOK_AT).map(({ entity }) => entity)).toContain(causeEntity(recording));
    expect(recording.truth.symptoms.filter((reason) => !symptomReasons(items).has(reason))).toEqual([]);
    expect(await leaksOf(stage, bundle, recording.truth.canaries)).toEqual([]);
  });
});

/** Events are let happen at once and carry their recorded spacing: the last of them is to be now, none in the future. */
function justHappened(scenario: Scenario): KubeRecording {
  const { from, to } = loadRecording(scenario).truth.window;
  return loadRecording(scenario, new Date(Date.now() - (Date.parse(to) - Date.parse(from)) - 1_000));
}

interface Stage extends AsyncDisposable {
  readonly recording: KubeRecording;
  readonly api: KubeApi;
  readonly folder: AgentFolder;
  readonly agent: AgentProcess;
  readonly session: ApiSession;
}

async function startStage(recording: KubeRecording, before: (api: KubeApi) => unknown = () => {}): Promise<Stage> {
  const api = await startKubeApi({ recording });
  before(api);
  const connections = [{ id: 'prod', connector: 'kubernetes', config: { server: api.url } }];
  const folder = await makeAgentFolder({ connections });
  const agent = startAgentProcess(folder);
  const session = new ApiSession(await agent.url);
  return {
    recording,
    api,
    folder,
    agent,
    session,
    [Symbol.asyncDispose]: async () => {
      await agent.end('SIGKILL');
      await api.close();
      await folder.remove();
    },
  };
}

/** A watch is opened when its list has been handled: from here on, nothing that happens is missed. */
async function watchesEverything({ api, session }: Stage): Promise<void> {
  const { items } = await session.get<{ items: { reads: unknown[] }[] }>('/v1/connections');
  const reads = items.flatMap((connection) => connection.reads).length;
  await eventually(() => api.openWatches >= reads);
  expect(api.openWatches).toBe(reads);
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
  return causeItems(items, recording).length > 0 && recording.truth.symptoms.every((reason) => reasons.has(reason));
}

/** Streams are sealed four times a second: when two looks half a second apart find the same, nothing is on its way. */
async function untilQuiet(session: ApiSession): Promise<void> {
  let before = -1;
  await eventually(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = (await session.items()).length;
    const same = now === before;
    before = now;
    return same;
  });
}

function expectCause(items: readonly Item[], recording: KubeRecording, scenario: Scenario): void {
  const { kind, field } = recording.truth.cause;
  const told = causeItems(items, recording);
  const changes = fieldChanges(told);
  if (field === undefined) {
    expect(told.map(({ body }) => body)).toContainEqual(expect.objectContaining({ ...WITHOUT_FIELD[scenario] }));
    return;
  }
  const named = changes.filter(({ path }) => path.includes(field));
  if (kind === 'ConfigMap') {
    expect(named).toContainEqual(expect.objectContaining({ certainty: 'candidate' }));
    return;
  }
  const recorded = recordedChange(recording);
  expect(recorded).not.toBeNull();
  expect(named).toContainEqual(expect.objectContaining({ certainty: 'exact', ...(recorded as object) }));
}

/** Looks everywhere the agent wrote to or answered, while it runs and after it has ended. */
async function leaksOf({ agent, folder, session }: Stage, bundle: Uint8Array, canaries: readonly string[]) {
  await session.crawl();
  const values = [...canaries, 'canary', API_TOKEN];
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
