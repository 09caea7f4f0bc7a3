import path from 'node:path';
import { z } from 'zod';
import { plainMessage } from '../../policies/messages.ts';
import { withSuggestions } from '../../policies/suggest.ts';
import { readYaml } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import { agentConfig } from './schema.ts';

/** What a config says of policies, for commands that need no credentials: a build has none. */
export interface PolicyOutline {
  /** Presets stay names; files are absolute. */
  readonly policies: readonly string[];
  readonly connections: readonly OutlinedConnection[];
}

export interface OutlinedConnection {
  readonly id: string;
  readonly connector: string;
  /** Reads that it turns off. */
  readonly disabled: readonly string[];
}

const outline = z.looseObject({
  policy: agentConfig.shape.policy,
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

/** Reads `policy` and `connections`; the rest of the file may be unfinished. Throws AgentError CONFIG. */
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
  return {
    policies: parsed.data.policy.map((name) => (presets.includes(name) ? name : path.resolve(base, name))),
    connections: parsed.data.connections.map(({ id, connector, reads }) => ({
      id,
      connector,
      disabled: Object.keys(reads).filter((read) => reads[read]?.enabled === false),
    })),
  };
}
