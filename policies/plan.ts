import type {
  AdmittedView,
  Budget,
  ConnectorManifest,
  FieldType,
  ReadSpec,
  StreamSpec,
  Treatment,
} from '../connectors/sdk/index.ts';
import type { Validator } from './field-types.ts';
import type { DetectorAction } from './policy.ts';

/** What a read may use up, and what it may emit. */
export interface ReadPlan {
  readonly connector: ConnectorManifest;
  readonly read: ReadSpec;
  readonly budget: Budget;
  /** Open streams that this read emits into. */
  readonly streams: readonly string[];
  /** What is off unless a flag names it (`cdc`, `writeback`); null for ordinary reads, and when a flag holds. */
  readonly lacks: string | null;
  /** Views that it may read; empty for every read that emits no rows of views. */
  readonly views: readonly AdmittedView[];
  /** Digest of all that decides what this read lets out: another one means that what was skipped before may now pass. */
  readonly digest: string;
}

export interface StreamPlan {
  readonly stream: StreamSpec;
  readonly root: ObjectPlan;
  /** Every open or dropped field, numbered; `index` of a FieldPlan points in here. */
  readonly fields: readonly FieldPlan[];
  /** What is done with a detector's findings where it is not `mask`. */
  readonly actions: ReadonlyMap<string, Exclude<DetectorAction, 'mask'>>;
  /** Emergency rules that open a field of this stream, in order: `<policy>#break-glass/<rule>`. */
  readonly breakGlass: readonly string[];
  /** Of a stream with rows of views: the plan of each view's records, by the name that stands in their `view`. */
  readonly variants?: ReadonlyMap<string, StreamPlan>;
}

/** One level of the body. Children are in the order of RFC 8785, so that what is built from it is sorted already. */
export interface ObjectPlan {
  readonly children: readonly ChildPlan[];
  readonly known: ReadonlySet<string>;
}

export interface ChildPlan {
  readonly key: string;
  readonly array: boolean;
  readonly node: ObjectPlan | FieldPlan;
}

export interface FieldPlan {
  readonly index: number;
  /** `body.changes[].path` */
  readonly path: string;
  readonly type: FieldType;
  readonly valid: Validator;
  readonly treatment: Treatment;
  /** `<policy>#<rule>`; null when no rule lets it out. */
  readonly rule: string | null;
}

/** The fields of a stream, by their paths, as the tree that clearing walks. */
export function fieldTree(fields: readonly FieldPlan[]): ObjectPlan {
  const root = newLevel();
  for (const field of fields) place(root, field.path.slice('body.'.length).split('.'), field);
  return freeze(root);
}

interface Level {
  readonly children: Map<string, { array: boolean; node: Level | FieldPlan }>;
}

function newLevel(): Level {
  return { children: new Map() };
}

function place(level: Level, [step = '', ...rest]: readonly string[], field: FieldPlan): void {
  const array = step.endsWith('[]');
  const key = array ? step.slice(0, -2) : step;
  if (rest.length === 0) {
    level.children.set(key, { array, node: field });
    return;
  }
  const existing = level.children.get(key);
  const next = existing !== undefined && 'children' in existing.node ? existing.node : newLevel();
  level.children.set(key, { array, node: next });
  place(next, rest, field);
}

function freeze(level: Level): ObjectPlan {
  const keys = [...level.children.keys()].sort();
  return {
    known: new Set(keys),
    children: keys.flatMap((key) => {
      const child = level.children.get(key);
      if (child === undefined) return [];
      const node = 'children' in child.node ? freeze(child.node) : child.node;
      return [{ key, array: child.array, node }];
    }),
  };
}
