import { discover } from '../../agent/registry/discover.ts';
import { loadConnector, textsOf } from '../../agent/registry/load.ts';
import { systemClock } from '../../agent/scheduler/system-clock.ts';
import {
  type AdmittedRead,
  isGap,
  type Observation,
  type Observed,
  observe,
  Secret,
} from '../../connectors/sdk/index.ts';
import { admitted, fakeDeps, recordingRun } from '../../connectors/sdk/testing/index.ts';
import { GITHUB_TOKEN, startGitHubApi } from '../../test/helpers/github-api.ts';
import { startKubeApi } from '../../test/helpers/kube-api.ts';
import { loadRecording } from '../../test/helpers/kube-recording.ts';
import { prepareIncident } from '../../test/helpers/pg-incident.ts';
import { startPostgres } from '../../test/helpers/postgres.ts';

/** A record as a connector really emitted it, with the read that it belongs to. */
export interface Sample {
  readonly read: AdmittedRead;
  readonly observation: Observation;
}

interface Source {
  readonly connector: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** What the three connectors emit for a recorded cluster, a recorded repository and a real database under strain. */
export async function realSamples(): Promise<Sample[]> {
  const now = new Date();
  const kube = await startKubeApi({ recording: loadRecording('oom-after-limit-cut', now) });
  kube.step();
  const github = await startGitHubApi({ rebaseTo: now });
  const server = await startPostgres();
  const incident = await prepareIncident(server);
  await incident.play();
  const sources: Source[] = [
    { connector: 'kubernetes', config: { server: kube.url }, close: () => kube.close() },
    {
      connector: 'github',
      config: { token: new Secret(GITHUB_TOKEN), repositories: ['acme/shop'], baseUrl: github.url },
      close: () => github.close(),
    },
    {
      connector: 'postgresql',
      config: { dsn: new Secret(incident.dsn) },
      close: async () => {
        await incident.release();
        await server.stop();
      },
    },
  ];
  const samples: Sample[] = [];
  for (const source of sources) {
    samples.push(...(await samplesOf(source)));
    await source.close();
  }
  return samples;
}

async function samplesOf({ connector: id, config }: Source): Promise<Sample[]> {
  const { definitions } = await discover();
  const definition = definitions.find((candidate) => candidate.id === id);
  if (definition === undefined) throw new Error(`there is no connector ${id}`);
  const { module, reads, manifest } = await loadConnector(definition);
  const connector = module.create(
    module.config.parse(config),
    fakeDeps({ connection: id, clock: systemClock(), reads: textsOf(reads), fetch }),
  );
  const samples: Sample[] = [];
  const to = new Date(Date.now() + 60_000).toISOString();
  const from = new Date(Date.now() - 6 * 3_600_000).toISOString();
  for (const spec of manifest.reads) {
    const read = admitted({
      connection: id,
      connector: id,
      read: spec.id,
      streams: spec.emits,
      mode: 'full',
      window: { from, to },
    });
    const run = recordingRun({ clock: systemClock() });
    await connector.read(run, read, AbortSignal.timeout(20_000));
    samples.push(
      ...run.records
        .filter((record) => !isGap(record))
        .map((observation) => ({ read, observation: observation as Observed })),
    );
  }
  await connector.close();
  return samples;
}

/** `count` records in the mix of the samples, all different from one another in key and time. */
export function multiply(
  samples: readonly Sample[],
  count: number,
  from = 0,
): { read: AdmittedRead; record: Observed }[] {
  const base = Date.parse('2026-11-21T00:00:00.000Z');
  return Array.from({ length: count }, (_, index) => {
    const { read, observation } = samples[index % samples.length] as Sample;
    const occurredAt = new Date(base + (from + index) * 10).toISOString();
    return {
      read,
      record: observe({ ...observation, key: `${observation.key}/${from + index}`, occurredAt }),
    };
  });
}
