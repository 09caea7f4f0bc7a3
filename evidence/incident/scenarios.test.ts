import { describe, expect, it } from 'vitest';
import type { JsonObject, Observation } from '../../connectors/sdk/index.ts';
import { startKubeApi } from '../../test/helpers/kube-api.ts';
import { type KubeRecording, loadRecording, SCENARIOS } from '../../test/helpers/kube-recording.ts';
import { startSession } from '../../test/helpers/kube-session.ts';
import type { Item } from '../item.ts';
import { fakeItem } from '../store/testing/store-fixtures.ts';
import { rankCandidates } from './candidates.ts';
import { buildTimeline } from './timeline.ts';

/** What a control plane recorded during real incidents: the change behind each has to come first. */

type When = 'while it happens' | 'afterwards';

async function itemsOf(recording: KubeRecording, when: When): Promise<readonly Item[]> {
  const { window } = recording.truth;
  const api = await startKubeApi({ recording });
  if (when === 'afterwards') {
    const end = new Date(Date.parse(window.to) + 999).toISOString();
    api.step(recording.events.filter(({ at }) => at <= end).length);
  }
  const options =
    when === 'afterwards'
      ? { now: new Date(window.to), mode: 'full' as const }
      : { now: new Date(window.from) };
  const session = await startSession({ api, ...options });
  if (when === 'while it happens') {
    api.step();
    await session.settled();
  }
  await session.stop();
  await api.close();
  return session.observations.map(itemOf);
}

function itemOf({
  stream,
  entity,
  key,
  occurredAt,
  related = [],
  window,
  body,
  ...observation
}: Observation): Item {
  return fakeItem(`${stream} ${entity} ${key} ${occurredAt}`, {
    kind: `kubernetes.${stream}/v1`,
    stream,
    class: observation.class,
    entity,
    related,
    occurredAt: new Date(occurredAt).toISOString(),
    ...(window === undefined ? {} : { window }),
    body: JSON.parse(JSON.stringify(body)) as JsonObject,
  });
}

describe.each(SCENARIOS)('%s', (scenario) => {
  it.each<When>(['while it happens', 'afterwards'])(
    'seen %s, has its change as the first candidate',
    async (when) => {
      const recording = loadRecording(scenario);
      const { cause, window, symptoms } = recording.truth;
      const items = await itemsOf(recording, when);
      // An hour before and a minute after: nobody knows the window of an incident to the second.
      const from = new Date(Date.parse(window.from) - 3_600_000).toISOString();
      const to = new Date(Date.parse(window.to) + 60_000).toISOString();
      const [first] = rankCandidates(items, { from, to });
      expect(first?.entity).toBe(
        `kubernetes://prod/${cause.namespace ?? '_cluster'}/${cause.kind}/${cause.name}`,
      );
      expect(Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(window.from));
      expect(first?.reasons.map(({ code }) => code)).toContain('fits');
      const timeline = buildTimeline(items).map(({ headline }) => headline);
      for (const symptom of symptoms)
        expect(timeline.some((line) => line.includes(`: ${symptom}`))).toBe(true);
    },
  );
});
