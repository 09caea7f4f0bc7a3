import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Timestamp } from '../../../connectors/sdk/index.ts';
import { digestOf } from '../../../evidence/digest.ts';
import { EvidenceError } from '../../../evidence/errors.ts';
import { type CompiledPolicy, compilePolicy } from '../../../policies/compile.ts';
import { type LoadedPolicy, PolicyProblems, PRESETS, parsePolicy } from '../../../policies/load.ts';
import { loadIdentity } from '../../config/load.ts';
import { configuredLayers } from '../../config/outline.ts';
import { AgentError } from '../../errors.ts';
import { standsFor } from '../../governance/judge.ts';
import { readLayers } from '../../governance/layers.ts';
import {
  type KeptVersion,
  PolicyRecords,
  type PolicySource,
  type VersionFloor,
} from '../../governance/records.ts';
import { givenName } from '../../governance/sent-layers.ts';
import type { CliIo } from '../io.ts';
import { shownPath, storeFile } from '../own-store.ts';
import type { AgentAddress, RunningAgent } from '../running-agent.ts';
import {
  allManifests,
  type ChosenPolicies,
  choosePolicies,
  mustCompile,
  type PolicyChoice,
} from './layers.ts';
import { fromStoreOrAgent, withAgent } from './records-source.ts';

/** The version in force, or that was when the agent ended. */
interface VersionThere {
  readonly digest: string;
  readonly source: PolicySource;
  readonly by: string;
  readonly appliedAt: Timestamp;
  /** Texts of an agent that runs are masked where detectors find something. */
  readonly layers: readonly { readonly name: string; readonly digest: string; readonly text: string }[];
}

export type Asked =
  | {
      readonly from: 'agent';
      readonly agent: RunningAgent;
      readonly version: VersionThere;
      /** Why what is configured is not in force. */
      readonly lastFailure: { readonly code: string } | null;
    }
  | {
      readonly from: 'store';
      readonly version: VersionThere;
      readonly kept: KeptVersion;
      readonly floors: ReadonlyMap<string, VersionFloor>;
    }
  /** Nothing was ever in force with this config, or nobody could tell. */
  | { readonly from: null; readonly isKnown: boolean; readonly why: string };

/** Which policies a command answers for, and whom it asks what is in force. */
export interface Answering extends PolicyChoice {
  readonly url?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly inForce?: boolean | undefined;
}

/** Of what an answer says how it came to be. */
interface InForceHead extends Omit<VersionThere, 'layers'> {
  readonly from: 'agent' | 'store';
}

interface Answer extends ChosenPolicies {
  readonly policy: CompiledPolicy;
  readonly manifests: Awaited<ReturnType<typeof allManifests>>;
  /** Null where nothing is known to be in force. */
  readonly inForce: InForceHead | null;
}

/** Options of commands that answer for the files, or for what is in force. */
export function withInForce(command: Command): Command {
  return withAgent(command).option(
    '--in-force',
    'answer for the policy in force in place of the files; of an agent that does not run, the last one',
  );
}

/**
 * What a command answers for: the files, with a line on standard error where another policy is in force, or that one.
 * Throws PolicyProblems, AgentError.
 */
export async function compiledFor(
  asking: Answering,
  io: CliIo,
  fallback?: readonly string[],
): Promise<Answer> {
  const chosen = await choosePolicies(asking, io, fallback);
  const { config, isConfigured } = chosen;
  const { url, tokenFile, inForce } = asking;
  if (config === undefined || isConfigured !== true) {
    if (inForce === true || url !== undefined) throw NOT_OF_A_CONFIG;
    return { ...chosen, ...(await mustCompile(chosen, io)), inForce: null };
  }
  const named = { ...(url === undefined ? {} : { url }), ...(tokenFile === undefined ? {} : { tokenFile }) };
  const ask = () => askInForce({ config, ...named }, io);
  if (inForce === true) {
    const asked = await ask();
    return { ...chosen, ...(await compileThere(asked, { ...chosen, config }, io)), inForce: headOf(asked) };
  }
  const compiled = await mustCompile(chosen, io);
  const asked = await ask();
  await tellInForce(asked, { digest: compiled.policy.digest, config }, io);
  return { ...chosen, ...compiled, inForce: headOf(asked) };
}

const NOT_OF_A_CONFIG = new AgentError(
  'USAGE',
  'an agent is asked about the policy of its config, not about others',
  {
    hint: 'Leave the policies out, and name the config with -c.',
  },
);

/**
 * Asks the running agent, or its store when it does not run. Throws only where an address was given: otherwise whoever
 * asks goes on without an answer, and says so.
 */
export async function askInForce(address: AgentAddress, io: CliIo): Promise<Asked> {
  try {
    if (address.url === undefined) {
      const { paths } = await loadIdentity(shownPath(address.config, io));
      const isThere = await access(storeFile(paths.dataDir)).then(
        () => true,
        () => false,
      );
      if (!isThere) return { from: null, isKnown: true, why: 'no agent has worked with this config here' };
    }
    return await fromStoreOrAgent<Asked>(address, io, {
      store: async (store) => {
        const records = new PolicyRecords(store);
        const kept = await records.active();
        if (kept === null) return { from: null, isKnown: true, why: 'no policy was ever in force here' };
        const layers = kept.layers.map((layer) => ({ ...layer, digest: digestOf(layer.text) }));
        return { from: 'store', version: { ...kept, layers }, kept, floors: await records.floors() };
      },
      agent: async (agent) => {
        // Our own agent's API, whose answers are what its description says.
        const said = (await agent.ask('GET', '/v1/policy')) as VersionThere & {
          readonly lastFailure: { readonly code: string } | null;
        };
        return { from: 'agent', agent, version: said, lastFailure: said.lastFailure };
      },
    });
  } catch (error) {
    if (address.url !== undefined) throw error;
    if (error instanceof AgentError || error instanceof EvidenceError)
      return { from: null, isKnown: false, why: error.message };
    throw error;
  }
}

/** One line on standard error, where what is in force is another policy than the files say, or nobody could tell. */
export async function tellInForce(
  asked: Asked,
  { digest, config }: { readonly digest: string; readonly config: string },
  io: CliIo,
): Promise<void> {
  if (asked.from === null) {
    if (!asked.isKnown) io.stderr.write(`note: whether this is in force could not be asked: ${asked.why}\n`);
    return;
  }
  const { version } = asked;
  if (version.digest === digest) return;
  if (asked.from === 'store') {
    // A start takes the files, unless what the API applied stands for them.
    const { fingerprint } = await readLayers(configuredLayers(shownPath(config, io), PRESETS));
    if (!standsFor(asked.kept, fingerprint)) return;
  }
  const is = asked.from === 'agent' ? 'in force is' : 'the agent would start with';
  const how = version.source === 'api' ? `${version.by} over HTTP` : version.by;
  const refused = asked.from === 'agent' && asked.lastFailure !== null;
  const why = refused ? `; the files were refused: ${asked.lastFailure.code}` : '';
  io.stderr.write(
    `note: ${is} another policy than these files: ${version.digest}, since ${version.appliedAt}, by ${how}${why}\n`,
  );
}

function headOf(asked: Asked): InForceHead | null {
  if (asked.from === null) return null;
  const { digest, source, by, appliedAt } = asked.version;
  return { from: asked.from, digest, source, by, appliedAt };
}

async function compileThere(
  asked: Asked,
  { config, connections }: ChosenPolicies & { readonly config: string },
  io: CliIo,
): Promise<Pick<Answer, 'policy' | 'manifests'>> {
  if (asked.from === null) {
    throw new AgentError('CONFLICT', `what is in force could not be asked: ${asked.why}`, {
      hint: 'Name the agent with --url and --token-file.',
    });
  }
  const manifests = await allManifests();
  const layers = await layersThere(asked.version, shownPath(config, io));
  const known = connections === undefined ? {} : { connections: connections.map(({ id }) => id) };
  const now = io.clock.now().toISOString();
  const { policy, problems } = compilePolicy(manifests, layers, { now, ...known });
  if (problems.length > 0) throw new PolicyProblems(problems);
  return { policy, manifests };
}

/** The texts as they were put in force; what is masked is looked for among the files. */
async function layersThere({ layers }: VersionThere, config: string): Promise<readonly LoadedPolicy[]> {
  const isMasked = layers.some(({ text, digest }) => digestOf(text) !== digest);
  const files = isMasked ? (await readLayers(configuredLayers(config, PRESETS))).layers : [];
  const parsed = layers.map(({ name, text, digest }) => {
    const whole = [text, ...files.map((file) => file.text)].find((one) => digestOf(one) === digest);
    if (whole !== undefined) return parsePolicy(whole, givenName(name));
    throw new AgentError(
      'CONFLICT',
      `the API masks a part of ${name}, so what it decides can not be told from here`,
      {
        hint: 'Ask again where the agent is stopped, or POST /v1/policy/explain of the agent.',
      },
    );
  });
  const problems = parsed.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw new PolicyProblems(problems);
  return parsed.flatMap((result) => ('policy' in result ? [result] : []));
}

export const IN_FORCE_HELP =
  '\nThis is what the files say; a line on standard error tells where another policy is in force, such as one that was\napplied over HTTP. --in-force answers for that one; `exhibit policy diff @<its digest> current` compares the two.\n';

/** What an answer begins with that is about the version in force. */
export function inForceText(head: InForceHead | null): string {
  if (head === null) return '';
  const how = head.source === 'api' ? `${head.by} over HTTP` : head.by;
  const is = head.from === 'agent' ? 'in force' : 'in force when the agent ended';
  return `${is}, since ${head.appliedAt}, by ${how}\n`;
}
