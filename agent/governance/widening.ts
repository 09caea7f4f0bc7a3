import type { ConnectorManifest, JsonValue, Timestamp } from '../../connectors/sdk/index.ts';
import { type CompiledPolicy, compilePolicy } from '../../policies/compile.ts';
import type { LoadedPolicy } from '../../policies/load.ts';
import { nextChange } from '../../policies/validity.ts';
import type { PolicyLayer } from './layers.ts';
import { PolicyRefusal } from './refusal.ts';
import { mustBeSigned, type PolicyTrust, type SignatureReport } from './signatures.ts';

/** What an edit opens and closes, as people and records are told of it. */
export interface Delta {
  readonly widens: boolean;
  readonly risk: 'none' | 'low' | 'medium' | 'high';
  /** `<connector>/<stream> <field>`, capabilities, and what else can be opened. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly changes: JsonValue;
}

export type DiffOf = (before: CompiledPolicy, after: CompiledPolicy) => Delta;

export const NO_DELTA: Delta = { widens: false, risk: 'none', opened: [], closed: [], changes: [] };

/** Flags and emergencies that are announced; a policy with more of them counts as one that widens. */
const MAX_MOMENTS = 64;

/**
 * Whether `after` will let out more than `before` at any time: now, and at every moment at which a flag or an emergency
 * rule of either begins or ends. Otherwise what begins tomorrow would be looked at by nobody.
 */
export function widensEver(
  before: readonly LoadedPolicy[],
  after: readonly LoadedPolicy[],
  now: Timestamp,
  { manifests, diff }: { readonly manifests: readonly ConnectorManifest[]; readonly diff: DiffOf },
): boolean {
  const at = momentsOf([...before, ...after], now);
  if (at.length > MAX_MOMENTS) return true;
  return at.some((moment) => {
    const compiled = (layers: readonly LoadedPolicy[]) =>
      compilePolicy(manifests, layers, { now: moment }).policy;
    return diff(compiled(before), compiled(after)).widens;
  });
}

/**
 * Throws PolicyRefusal unless those layers are signed often enough that make a version wider: the ones that are not in
 * the version in force, or all, when it is wider because something was left out or stands elsewhere.
 */
export function mustBeApproved(
  layers: readonly PolicyLayer[],
  reports: readonly SignatureReport[],
  inForce: readonly PolicyLayer[],
  { widening }: PolicyTrust,
): void {
  const known = new Set(inForce.map(({ text }) => text));
  const changed = layers.filter(({ isPreset, text }) => !isPreset && !known.has(text));
  const asked = changed.length > 0 ? changed : layers.filter(({ isPreset }) => !isPreset);
  if (asked.length === 0 && inForce.some(({ isPreset }) => !isPreset)) {
    throw new PolicyRefusal(
      'WIDENING_UNSIGNED',
      'a policy that narrowed was left out, and nothing is signed',
      {
        hint: 'Put it back, or replace it by a signed policy of the same name that allows more.',
      },
    );
  }
  for (const [index, layer] of layers.entries()) {
    const report = reports[index];
    if (report !== undefined && asked.includes(layer)) mustBeSigned(layer, report, widening, 'widening');
  }
}

function momentsOf(layers: readonly LoadedPolicy[], now: Timestamp): readonly Timestamp[] {
  const timed = layers.flatMap(({ policy }) => [...policy.capabilities, ...policy.breakGlass]);
  const moments = [now];
  for (let next = nextChange(timed, now); next !== null; next = nextChange(timed, next)) {
    moments.push(next);
    if (moments.length > MAX_MOMENTS) break;
  }
  return moments;
}
