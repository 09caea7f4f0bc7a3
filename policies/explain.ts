import type {
  Budget,
  ConnectorManifest,
  FieldSpec,
  ReadSpec,
  StreamSpec,
  Treatment,
} from '../connectors/sdk/index.ts';
import type { CompiledPolicy } from './compile.ts';
import { layersOf, opinions } from './decide.ts';
import { scopeRules } from './diff-limits.ts';
import { detectorPlace } from './diff-reads.ts';
import { type NearMiss, nearestRule } from './explain-nearest.ts';
import { closing, opening, type Suggestion } from './explain-suggestions.ts';
import { placeOf, type RulePlace } from './rule-place.ts';
import { hintFor } from './suggest.ts';

/** Why a stream, or one of its fields, leaves as it does. */
export interface Explanation {
  readonly policy: { readonly version: string; readonly digest: string };
  readonly connection: string;
  readonly connector: string;
  readonly stream: string;
  readonly description: string;
  /** Whether any field of the stream leaves. */
  readonly isOpen: boolean;
  /** The one that was asked about, or all. */
  readonly fields: readonly FieldExplanation[];
  /** What is done with findings; with all others: mask. */
  readonly detectors: readonly DetectorExplanation[];
  readonly reads: readonly ReadExplanation[];
  /** Of every layer that says something; all of it holds. */
  readonly scope: readonly {
    readonly dimension: string;
    readonly allow: readonly string[];
    readonly deny: readonly string[];
    readonly place: RulePlace;
  }[];
}

export interface FieldExplanation {
  /** As the manifest names it. */
  readonly field: string;
  readonly description: string;
  readonly type: FieldSpec['type'];
  readonly class: FieldSpec['class'];
  /** The treatment that the manifest gives it. */
  readonly declared: Treatment;
  readonly treatment: Treatment;
  /** The rule that decides; null when none matches, and then the field is dropped. */
  readonly decides: RuleOpinion | null;
  /** Rules that match as well, in order; each is overruled by what comes later. */
  readonly overruled: readonly RuleOpinion[];
  /** The rule that comes nearest to matching, and does not. */
  readonly nearest: NearMiss | null;
  /** What a policy would say to let out more of it, and to let out nothing. */
  readonly open: Suggestion;
  readonly close: Suggestion;
}

export interface RuleOpinion extends RulePlace {
  readonly treatment: Treatment;
  /** What the rule asks for and may not have: it is wider than the manifest, and does not name stream and field. */
  readonly held: Treatment | null;
}

export interface DetectorExplanation {
  readonly detector: string;
  readonly action: 'drop' | 'withhold' | 'ignore';
  readonly place: RulePlace | null;
}

export interface ReadExplanation {
  readonly read: string;
  readonly title: string;
  readonly mode: ReadSpec['mode'];
  /** Milliseconds. */
  readonly interval: number;
  readonly budget: Budget;
  /** The capability without which it does not run; null when it may run. */
  readonly lacks: string | null;
}

export interface ExplainQuestion {
  readonly connection: string;
  readonly connector: string;
  readonly stream: string;
  readonly field?: string;
}

/** Thrown when there is no such connector, stream or field. */
export class NotDeclared extends Error {
  override readonly name = 'NotDeclared';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Reads its answers from the decisions themselves. Throws NotDeclared, with what was probably meant. */
export function explain(
  policy: CompiledPolicy,
  manifests: readonly ConnectorManifest[],
  question: ExplainQuestion,
): Explanation {
  const { connection, connector } = question;
  const manifest = declaredIn(manifests, ({ id }) => id, connector, 'there is no such connector');
  const stream = declaredIn(
    manifest.streams,
    ({ id }) => id,
    question.stream,
    `${connector} has no such stream`,
  );
  const name = `${connector}/${stream.id}`;
  const known = Object.entries(stream.fields);
  const { field } = question;
  const asked =
    field === undefined ? known : [declaredIn(known, ([id]) => id, field, `${name} has no such field`)];
  const held = policy.of(connection);
  const plan = held.streams.get(name);
  return {
    policy: { version: policy.version, digest: policy.digest },
    connection,
    connector,
    stream: stream.id,
    description: stream.description,
    isOpen: plan !== undefined,
    fields: asked.map(([id, spec]) =>
      explainField(policy, { ...question, stream: stream.id, field: id }, spec),
    ),
    detectors: [...(plan?.actions ?? [])].map(([detector, action]) => ({
      detector,
      action,
      place: detectorPlace(policy, connection, connector, stream.id, detector),
    })),
    reads: readsOf(policy, connection, manifest, stream),
    scope: scopeRules(policy, connection),
  };
}

function declaredIn<T>(all: readonly T[], idOf: (one: T) => string, asked: string, message: string): T {
  const found = all.find((one) => idOf(one) === asked);
  if (found === undefined) throw new NotDeclared(message, hintFor(asked, all.map(idOf)));
  return found;
}

function explainField(
  policy: CompiledPolicy,
  question: Required<ExplainQuestion>,
  spec: FieldSpec,
): FieldExplanation {
  const { connection, connector, stream, field } = question;
  const asked = { connector, stream, field, spec };
  const layers = layersOf(connection, policy.layers);
  const all = opinions(asked, layers, policy.compiledAt).map(
    ({ rule, layer, path, treatment, held }): RuleOpinion => ({
      ...placeOf(rule, layer, path),
      treatment,
      held,
    }),
  );
  const decides = all.at(-1) ?? null;
  const treatment = decides?.treatment ?? 'drop';
  const isEmergency = decides?.rule.includes('#break-glass/') ?? false;
  const taken = new Set(layers.flatMap((layer) => layer.policy.rules.map(({ id }) => id)));
  const suggesting = { connector, stream, field, spec, treatment, taken };
  return {
    field,
    description: spec.description,
    type: spec.type,
    class: spec.class,
    declared: spec.treatment,
    treatment,
    decides,
    overruled: all.slice(0, -1),
    nearest: nearestRule(policy, connection, asked),
    open: isEmergency ? UNTIL_OVER : opening(suggesting),
    close: isEmergency ? UNTIL_OVER : closing(suggesting),
  };
}

const UNTIL_OVER: Suggestion = {
  treatment: null,
  yaml: null,
  why: 'an emergency rule decides, over all other rules; edit that, or wait for its end',
};

function readsOf(
  policy: CompiledPolicy,
  connection: string,
  manifest: ConnectorManifest,
  stream: StreamSpec,
): readonly ReadExplanation[] {
  return manifest.reads.flatMap(({ id, title, mode, interval, emits }) => {
    const plan = emits.includes(stream.id)
      ? policy.of(connection).reads.get(`${manifest.id}/${id}`)
      : undefined;
    return plan === undefined
      ? []
      : [{ read: id, title, mode, interval, budget: plan.budget, lacks: plan.lacks }];
  });
}
