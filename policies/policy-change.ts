import type { ConnectorManifest } from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import type { ChangeKind, Effect, Risk } from './risk.ts';
import type { RulePlace } from './rule-place.ts';

/** One thing that is not as it was. */
export interface PolicyChange {
  readonly kind: ChangeKind;
  /** The connection that it is about; null for what holds for the agent as a whole. */
  readonly connection: string | null;
  /** `<connector>/<stream> <field>`, `<connector>/<read>`, a scope dimension, a view, a detector. */
  readonly where: string;
  readonly from: string;
  readonly to: string;
  readonly effect: Effect;
  readonly risk: Risk;
  /** The rule that decided, and the one that does now; null where none does, or none single one. */
  readonly before: RulePlace | null;
  readonly after: RulePlace | null;
}

export interface Connected {
  readonly id: string;
  /** Id of its connector. */
  readonly connector: string;
}

/** What every part of the comparison works on. */
export interface Comparison {
  readonly before: CompiledPolicy;
  readonly after: CompiledPolicy;
  readonly connection: Connected;
  readonly manifest: ConnectorManifest;
}
