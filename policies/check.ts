import type { ConnectorManifest, StreamSpec, Treatment } from '../connectors/sdk/index.ts';
import { namesField, openness } from './decide.ts';
import { DETECTORS } from './detectors/index.ts';
import type { LoadedPolicy } from './load.ts';
import { checkPattern, checkPatternSet } from './patterns/check-pattern.ts';
import type { PatternSpec } from './patterns/pattern.ts';
import { matchesStream, type PolicyRule } from './policy.ts';
import { hintFor } from './suggest.ts';
import { nearest, type Problem } from './yaml.ts';

/** A problem at a place of a layer's file, before it has a line. */
interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string | undefined;
}

/** All that policies may speak of. */
interface World {
  readonly manifests: readonly ConnectorManifest[];
  readonly streams: readonly { readonly connector: string; readonly stream: StreamSpec }[];
  readonly layers: readonly LoadedPolicy[];
  /** Absent: any connection may be named. */
  readonly connections: readonly string[] | undefined;
}

/**
 * What a policy says that can not mean anything, or may not be said: everything at once, at its line. The shape of
 * each file has been checked before; here it meets the manifests and the other layers.
 */
export function checkPolicies(
  manifests: readonly ConnectorManifest[],
  layers: readonly LoadedPolicy[],
  connections: readonly string[] | undefined,
): Problem[] {
  const streams = manifests.flatMap((manifest) =>
    manifest.streams.map((stream) => ({ connector: manifest.id, stream })),
  );
  const world: World = { manifests, streams, layers, connections };
  return layers.flatMap((layer) =>
    CHECKS.flatMap((check) => check(layer, world)).map((finding) => placed(layer, finding)),
  );
}

const CHECKS: readonly ((layer: LoadedPolicy, world: World) => readonly Finding[])[] = [
  checkConnections,
  checkRules,
  checkBudgets,
  checkDetectors,
  checkPatterns,
  checkPatternCosts,
  checkCapabilities,
  checkRetention,
];

/** At its line. */
export function placed({ source }: LoadedPolicy, { path, message, hint }: Finding): Problem {
  return { ...source.place(path, message), ...(hint === undefined ? {} : { hint }) };
}

function checkConnections({ policy }: LoadedPolicy, { connections }: World): Finding[] {
  if (connections === undefined) return [];
  return (policy.connections ?? []).flatMap((id, index) =>
    connections.includes(id)
      ? []
      : [
          {
            path: ['connections', index],
            message: 'is not a connection of this agent',
            hint: hintFor(id, connections),
          },
        ],
  );
}

function checkRules({ policy }: LoadedPolicy, world: World): Finding[] {
  return (['rules', 'breakGlass'] as const).flatMap((list) =>
    policy[list].flatMap((rule: Pick<PolicyRule, 'streams' | 'fields' | 'treatment'>, index) =>
      checkRule(rule, [list, index], world),
    ),
  );
}

function checkRule(
  rule: Pick<PolicyRule, 'streams' | 'fields' | 'treatment'>,
  at: readonly PropertyKey[],
  { streams }: World,
): Finding[] {
  return rule.streams.flatMap((pattern, position) => {
    const matched = streams.filter(({ connector, stream }) => matchesStream(pattern, connector, stream.id));
    if (matched.length === 0) return [unknownStream(pattern, [...at, 'streams', position], streams)];
    return (rule.fields ?? []).flatMap((field, index) =>
      checkField(rule, field, [...at, 'fields', index], matched),
    );
  });
}

function unknownStream(pattern: string, path: readonly PropertyKey[], streams: World['streams']): Finding {
  const names = streams.map(({ connector, stream }) => `${connector}/${stream.id}`);
  const candidate = nearest(pattern, names);
  return {
    path,
    message: 'matches no stream of any connector',
    hint: candidate === undefined ? undefined : `did you mean "${candidate}"?`,
  };
}

/** As many names as are read in one line. */
const MAX_LISTED = 24;

function checkField(
  rule: Pick<PolicyRule, 'streams' | 'fields' | 'treatment'>,
  field: string,
  path: readonly PropertyKey[],
  matched: World['streams'],
): Finding[] {
  const declaring = matched.filter(({ stream }) => stream.fields[field] !== undefined);
  if (declaring.length === 0) {
    const fields = [...new Set(matched.flatMap(({ stream }) => Object.keys(stream.fields)))];
    const hint =
      nearest(field, fields) === undefined && fields.length > MAX_LISTED
        ? '`exhibit policy explain <connection> <stream>` lists them'
        : hintFor(field, fields);
    return [{ path, message: 'is not a field of the streams this rule names', hint }];
  }
  const { treatment } = rule;
  if (treatment === undefined) return [];
  return declaring.flatMap(({ connector, stream }): Finding[] => {
    const spec = stream.fields[field];
    if (spec === undefined) return [];
    if (spec.type === 'text' && NOT_FOR_TEXT.has(treatment)) {
      return [
        {
          path,
          message: `is free text: ${treatment} is not possible`,
          hint: 'use scan, digest, count or drop',
        },
      ];
    }
    if (openness(treatment) < openness(spec.treatment) && !namesField(rule)) {
      return [
        {
          path,
          message: `is opened further than the manifest of ${connector} does, by a rule with a wildcard`,
          hint: `name the stream: ${connector}/${stream.id}`,
        },
      ];
    }
    return [];
  });
}

/** Their values would have to be of one narrow shape. */
const NOT_FOR_TEXT: ReadonlySet<Treatment> = new Set(['keep', 'generalize', 'pseudonymize']);

function checkBudgets({ policy }: LoadedPolicy, { manifests }: World): Finding[] {
  const reads = manifests.flatMap((manifest) =>
    manifest.reads.map((read) => ({ connector: manifest.id, read: read.id })),
  );
  return policy.budgets.flatMap((budget, index) =>
    budget.reads.flatMap((pattern, position) => {
      if (reads.some(({ connector, read }) => matchesStream(pattern, connector, read))) return [];
      const candidate = nearest(
        pattern,
        reads.map(({ connector, read }) => `${connector}/${read}`),
      );
      return [
        {
          path: ['budgets', index, 'reads', position],
          message: 'matches no read of any connector',
          hint: candidate === undefined ? undefined : `did you mean "${candidate}"?`,
        },
      ];
    }),
  );
}

function checkDetectors({ policy }: LoadedPolicy, { layers }: World): Finding[] {
  const patterns = layers.flatMap((layer) => layer.policy.patterns);
  const known = [...DETECTORS, ...patterns].map(({ id }) => id);
  const always = new Set([...DETECTORS, ...patterns].filter(({ net }) => net === 'all').map(({ id }) => id));
  return policy.detectors.flatMap(({ detector, action }, index): Finding[] => {
    if (!known.includes(detector)) {
      const path = ['detectors', index, 'detector'];
      return [{ path, message: 'is not a detector', hint: hintFor(detector, known) }];
    }
    if (action === 'ignore' && always.has(detector)) {
      const path = ['detectors', index, 'action'];
      return [
        {
          path,
          message: 'this detector guards every value that leaves: it can not be ignored',
          hint: 'use mask, drop or withhold',
        },
      ];
    }
    return [];
  });
}

function checkPatterns(layer: LoadedPolicy, { layers }: World): Finding[] {
  const builtIn = new Set(DETECTORS.map(({ id }) => id));
  const earlier = new Set(
    layers.slice(0, layers.indexOf(layer)).flatMap(({ policy }) => policy.patterns.map(({ id }) => id)),
  );
  const areInBounds = checkPatternSet(patternsUpTo(layer, layers)).length === 0;
  return layer.policy.patterns.flatMap((pattern, index): Finding[] => {
    const taken = builtIn.has(pattern.id)
      ? 'a built-in detector has this id'
      : earlier.has(pattern.id)
        ? 'a pattern of an earlier layer has this id'
        : undefined;
    const own = checkPattern(pattern, areInBounds).map(({ path, message, hint }) => ({
      path: ['patterns', index, ...path],
      message,
      hint,
    }));
    return taken === undefined ? own : [{ path: ['patterns', index, 'id'], message: taken }, ...own];
  });
}

/** All patterns together, over the layers up to this one, may cost only so much. */
function checkPatternCosts(layer: LoadedPolicy, { layers }: World): Finding[] {
  if (layer.policy.patterns.length === 0) return [];
  const upTo = patternsUpTo(layer, layers);
  const offset = upTo.length - layer.policy.patterns.length;
  return checkPatternSet(upTo).map(({ path: [index], message, hint }) => ({
    path: typeof index === 'number' && index >= offset ? ['patterns', index - offset] : ['patterns'],
    message,
    hint,
  }));
}

function patternsUpTo(layer: LoadedPolicy, layers: World['layers']): readonly PatternSpec[] {
  return layers.slice(0, layers.indexOf(layer) + 1).flatMap(({ policy }) => policy.patterns);
}

function checkRetention({ policy }: LoadedPolicy, { streams }: World): Finding[] {
  if (policy.connections !== undefined && policy.retention.length > 0) {
    const hint = 'put it into a file without connections';
    return [{ path: ['retention'], message: 'can not be about single connections', hint }];
  }
  return policy.retention.flatMap((rule, index) =>
    rule.streams.flatMap((pattern, position) =>
      streams.some(({ connector, stream }) => matchesStream(pattern, connector, stream.id))
        ? []
        : [unknownStream(pattern, ['retention', index, 'streams', position], streams)],
    ),
  );
}

/** What a flag can give: modes that change more than they tell, and what reads ask for by name. */
export function knownCapabilities(manifests: readonly ConnectorManifest[]): readonly string[] {
  const named = manifests.flatMap(({ reads }) => reads.flatMap(({ capability }) => capability ?? []));
  return [...new Set(['cdc', 'writeback', ...named])];
}

function checkCapabilities({ policy }: LoadedPolicy, { manifests }: World): Finding[] {
  const known = knownCapabilities(manifests);
  return policy.capabilities.flatMap(({ capability, connectors }, index) => [
    ...(known.includes(capability)
      ? []
      : [
          {
            path: ['capabilities', index, 'capability'],
            message: 'is not a capability of any connector',
            hint: hintFor(capability, known),
          },
        ]),
    ...connectors.flatMap((id, position) =>
      id === '*' || manifests.some((manifest) => manifest.id === id)
        ? []
        : [
            {
              path: ['capabilities', index, 'connectors', position],
              message: 'is not a connector',
              hint: hintFor(
                id,
                manifests.map((manifest) => manifest.id),
              ),
            },
          ],
    ),
  ]);
}
