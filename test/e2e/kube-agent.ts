import { type KubeApi, startKubeApi } from '../helpers/kube-api.ts';
import { type KubeRecording, loadRecording, type Scenario } from '../helpers/kube-recording.ts';
import type { ApiSession } from './api-session.ts';
import { type AgentFolder, type AgentFolderOptions, eventually, makeAgentFolder } from './support.ts';

/** A recorded cluster and the folder of an agent that watches it; agents come and go. */
export interface WatchedCluster extends AsyncDisposable {
  readonly recording: KubeRecording;
  readonly api: KubeApi;
  readonly folder: AgentFolder;
}

export async function watchedCluster(
  recording: KubeRecording,
  options: Partial<AgentFolderOptions> = {},
): Promise<WatchedCluster> {
  const api = await startKubeApi({ recording });
  const connections = [{ id: 'prod', connector: 'kubernetes', config: { server: api.url } }];
  const folder = await makeAgentFolder({ connections, ...options });
  return {
    recording,
    api,
    folder,
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await folder.remove();
    },
  };
}

/**
 * Events are let happen at once and carry their recorded spacing: the last of them is to be now or `agoMs` before, none
 * in the future.
 */
export function justHappened(scenario: Scenario, agoMs = 1_000): KubeRecording {
  const { from, to } = loadRecording(scenario).truth.window;
  return loadRecording(scenario, new Date(Date.now() - (Date.parse(to) - Date.parse(from)) - agoMs));
}

/** A watch is opened when its list has been handled: from here on, nothing that happens is missed. */
export async function watchesEverything({ api }: WatchedCluster, session: ApiSession): Promise<boolean> {
  const { items } = await session.get<{ items: { reads: unknown[] }[] }>('/v1/connections');
  const reads = items.flatMap((connection) => connection.reads).length;
  return eventually(() => api.openWatches === reads);
}

/** Streams are sealed four times a second: when a second and a half brings nothing new, nothing is on its way. */
export async function untilQuiet(session: ApiSession): Promise<void> {
  let [before, same] = [-1, 0];
  await eventually(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = (await session.items()).length;
    same = now === before ? same + 1 : 0;
    before = now;
    return same >= 5;
  });
}
