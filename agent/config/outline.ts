import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { plainMessage } from '../../policies/messages.ts';
import { withSuggestions } from '../../policies/suggest.ts';
import { readYaml } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import type { NamedLayers } from '../governance/layers.ts';
import { agentConfig } from './schema.ts';

/** What a config says of policies, for commands that need no credentials: a build has none. */
export interface PolicyOutline {
  /** Presets stay names; files are absolute. */
  readonly policies: readonly string[];
  /** The same as the config writes them; relative ones start at `base`. */
  readonly names: readonly string[];
  readonly base: string;
  readonly connections: readonly OutlinedConnection[];
  /** Whose signatures policies need; the files of the keys are absolute. */
  readonly signatures: {
    readonly keys: readonly string[];
    readonly required: number;
    readonly widening: number;
  };
}

export interface OutlinedConnection {
  readonly id: string;
  readonly connector: string;
  /** Reads that it turns off. */
  readonly disabled: readonly string[];
}

const outline = z.looseObject({
  policy: agentConfig.shape.policy,
  governance: agentConfig.shape.governance,
  connections: z
    .array(
      z.looseObject({
        id: z.string(),
        connector: z.string(),
        reads: z.record(z.string(), z.looseObject({ enabled: z.boolean().default(true) })).default({}),
      }),
    )
    .default([]),
});

/** Reads `policy`, `governance` and `connections`; the rest of the file may be unfinished. Throws AgentError CONFIG. */
export function policyOutline(text: string, file: string, presets: readonly string[]): PolicyOutline {
  const yaml = readYaml(text, file);
  const parsed = outline.safeParse(yaml.data, { error: plainMessage });
  if (yaml.problems.length > 0 || !parsed.success) {
    const problems = parsed.success ? yaml.problems : withSuggestions(yaml.locate(parsed.error), outline);
    throw new AgentError('CONFIG', `${file} has problems`, {
      problems: yaml.problems.length > 0 ? yaml.problems : problems,
    });
  }
  const base = path.dirname(path.resolve(file));
  const { signatures } = parsed.data.governance;
  return {
    signatures: { ...signatures, keys: signatures.keys.map((key) => path.resolve(base, key)) },
    names: parsed.data.policy,
    base,
    policies: parsed.data.policy.map((name) => (presets.includes(name) ? name : path.resolve(base, name))),
    connections: parsed.data.connections.map(({ id, connector, reads }) => ({
      id,
      connector,
      disabled: Object.keys(reads).filter((read) => reads[read]?.enabled === false),
    })),
  };
}

/**
 * The layers that a config names when it is looked at, so that one can be added while the agent runs. A config that can
 * not be read as a whole names none, and says why.
 */
export function configuredLayers(file: string, presets: readonly string[]): () => Promise<NamedLayers> {
  return async () => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const at = { file, line: 1, column: 1, path: '' };
    if (text === undefined) return { names: [], problems: [{ ...at, message: 'can not be read' }] };
    try {
      const { names, base } = policyOutline(text, file, presets);
      return { names, base, problems: [] };
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      return { names: [], problems: error.problems };
    }
  };
}
