import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import { PRESETS, presetLabel } from '../../../policies/load.ts';
import { formatProblems } from '../../../policies/yaml.ts';
import { configuredLayers } from '../../config/outline.ts';
import { deltaBetween } from '../../governance/delta.ts';
import { judge } from '../../governance/judge.ts';
import { type PolicyLayer, readLayers } from '../../governance/layers.ts';
import type { SentLayer } from '../../governance/sent-layers.ts';
import type { CheckReport } from '../../governance/service.ts';
import { loadTrust } from '../../governance/signatures.ts';
import { beforeOf } from '../../governance/start.ts';
import type { CliIo } from '../io.ts';
import { shownPath } from '../own-store.ts';
import type { RunningAgent } from '../running-agent.ts';
import type { Asked } from './in-force.ts';
import type { ChosenPolicies } from './layers.ts';

/** Whether policies would come into force where they are to, by what decides there. */
export interface Verdict {
  /** `not-asked`: nobody judged it. */
  readonly outcome: 'accepted' | 'held' | 'refused' | 'not-asked';
  readonly asked: 'agent' | 'store' | null;
  /** Why it is refused, or was not asked. */
  readonly code: string | null;
  readonly message: string | null;
  readonly hint: string | null;
}

const NOTHING = { code: null, message: null, hint: null };

/** Policies that compile, judged as the running agent would when it looks at the files, or as it would at its start. */
export async function judged(
  asked: Asked,
  chosen: ChosenPolicies & { readonly config: string },
  manifests: readonly ConnectorManifest[],
  io: CliIo,
): Promise<Verdict> {
  if (asked.from === null) return { ...NOTHING, outcome: 'not-asked', asked: null, message: asked.why };
  const config = shownPath(chosen.config, io);
  const names = chosen.isConfigured === true ? configuredLayers(config, PRESETS) : chosen.names;
  const { layers } = await readLayers(names);
  if (asked.from === 'agent') return judgedByAgent(asked.agent, layers);
  const { keys, ...counts } = chosen.signatures ?? { keys: [], required: 0, widening: 0 };
  const known = (chosen.connections ?? []).filter(({ connector }) =>
    manifests.some(({ id }) => id === connector),
  );
  const rules = {
    manifests,
    connections: (chosen.connections ?? []).map(({ id }) => id),
    trust: await loadTrust(keys, counts),
    diff: deltaBetween(manifests, known),
  };
  const now = io.clock.now().toISOString();
  const current = { ...asked.kept, ...beforeOf(asked.kept, rules, now) };
  const judgement = judge({ layers, source: 'files' }, current, asked.floors, rules, now);
  if (judgement.outcome !== 'refused') return { ...NOTHING, ...judgement, asked: 'store' };
  const { refusal, message, hint } = judgement.refusal;
  return { outcome: 'refused', asked: 'store', code: refusal, message, hint: hint ?? null };
}

async function judgedByAgent(agent: RunningAgent, layers: readonly PolicyLayer[]): Promise<Verdict> {
  const body = { layers: layers.map(sent), as: 'files' };
  // Our own agent's API, whose answers are what its description says.
  const report = (await agent.ask('POST', '/v1/policy/check', body)) as CheckReport;
  const { outcome, refusal, problems } = report;
  if (outcome === 'accepted' || outcome === 'held') return { ...NOTHING, outcome, asked: 'agent' };
  // Another version of the agent, with other manifests.
  const found = { code: 'PROBLEMS', message: formatProblems(problems), hint: null };
  return { outcome: 'refused', asked: 'agent', ...(refusal ?? found) };
}

function sent({ name, isPreset, text, signatures }: PolicyLayer): SentLayer {
  return isPreset
    ? { name: presetLabel(name) }
    : { name, text, signatures: signatures.map((one) => one.text) };
}

export function verdictText({ outcome, asked, code, message, hint }: Verdict): string {
  const [who, would] = asked === 'agent' ? ['the running agent', 'takes'] : ['the agent', 'would start with'];
  switch (outcome) {
    case 'accepted':
      return `${who} ${would} them as they are`;
    case 'held':
      return `${who} holds to what was applied over HTTP until these files are edited`;
    case 'refused':
      return `REFUSED: ${who} ${asked === 'agent' ? 'does' : 'would'} not take them: ${code}: ${message}${hint === null ? '' : `\n  hint: ${hint}`}`;
    default:
      return `not compared with what is in force: ${message}`;
  }
}
