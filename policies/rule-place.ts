import type { LoadedPolicy } from './load.ts';

/** Where a rule stands. */
export interface RulePlace {
  /** `<policy>#<rule>`; `<policy>` alone for parts of a policy that have no id. */
  readonly rule: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

export function placeOf(rule: string, layer: LoadedPolicy, path: readonly PropertyKey[]): RulePlace {
  const { file, line } = layer.source.place(path, '');
  return { rule, file, line };
}

/** The place of a part of a policy that has no id. */
export function placeIn(layer: LoadedPolicy, path: readonly PropertyKey[]): RulePlace {
  return placeOf(layer.policy.metadata.name, layer, path);
}
