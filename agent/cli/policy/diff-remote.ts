import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyDiff } from '../../../policies/diff.ts';
import { loadPolicies, presetPath } from '../../../policies/load.ts';
import type { ReplayReport } from '../../../policies/replay.ts';
import type { RunningAgent } from '../running-agent.ts';
import type { Compared } from './diff-text.ts';
import type { VersionHead } from './records.ts';
import { pagesOf } from './records-source.ts';
import { onlyVersion } from './version-prefix.ts';

interface Asked {
  readonly sides: readonly [string, string];
  readonly withReplay: boolean;
}

/** What `POST /v1/policy/diff` answers. */
interface Answer extends PolicyDiff {
  readonly from: string;
  readonly fromVersion: string;
  readonly to: string;
  readonly toVersion: string;
  readonly replay?: ReplayReport;
}

/**
 * The comparison as the running agent makes it, with its connections and what it stores.
 *
 * @param namesOf the policies that a side names, when it names no version
 * @throws PolicyProblems for files of no good shape, AgentError
 */
export async function compareInAgent(
  { sides, withReplay }: Asked,
  agent: RunningAgent,
  namesOf: (side: string) => Promise<readonly string[]>,
): Promise<Compared> {
  const side = async (name: string) =>
    name.startsWith('@') ? await version(name.slice(1), agent) : await layers(await namesOf(name));
  const [before, after] = [await side(sides[0]), await side(sides[1])];
  // Our own agent's API, whose answers are what its description says.
  const said = (await agent.ask('POST', '/v1/policy/diff', {
    ...after,
    before,
    replay: withReplay,
  })) as Answer;
  return {
    before: { version: said.fromVersion, digest: said.from },
    after: { version: said.toVersion, digest: said.to },
    changes: said.changes,
    widens: said.widens,
    risk: said.risk,
    replay: said.replay ?? null,
  };
}

async function version(prefix: string, agent: RunningAgent): Promise<{ readonly version: string }> {
  const { digest } = await onlyVersion(pagesOf<VersionHead>(agent, '/v1/policy/versions', 1_000), prefix);
  return { version: digest };
}

async function layers(names: readonly string[]) {
  // What is wrong with a file is told as everywhere, with the path that was typed.
  await loadPolicies(names);
  const sent = names.map(async (name, index) =>
    presetPath(name) === undefined
      ? { name: labelOf(name, index), text: await readFile(name, 'utf8') }
      : { name },
  );
  return { layers: await Promise.all(sent) };
}

/** What the API takes for the name of a layer. */
const LABEL = /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,255}$/;

function labelOf(file: string, index: number): string {
  return [file, path.basename(file)].find((name) => LABEL.test(name)) ?? `layer-${index + 1}.yaml`;
}
