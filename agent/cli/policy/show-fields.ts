import type { ConnectorManifest, Treatment } from '../../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../../policies/compile.ts';
import { layersOf, opinions } from '../../../policies/decide.ts';
import { explainView } from '../../../policies/explain-view.ts';
import { placeOf, type RulePlace } from '../../../policies/rule-place.ts';

/** What becomes of a field, or of a column of a view, and who says so. */
export interface DecidedField {
  /** `<connector>/<stream>`, or `view <schema>.<view>`. */
  readonly stream: string;
  readonly path: string;
  readonly treatment: Treatment;
  /** The rule that decided, if only to close it; null where none is about it. */
  readonly rule: string | null;
  readonly place: RulePlace | null;
  /** The capability without which nothing of its stream is read; null when something may be. */
  readonly lacks: string | null;
}

/** Of every stream that these connectors have, those of which nothing leaves as well. */
export function decidedFields(
  policy: CompiledPolicy,
  manifests: readonly ConnectorManifest[],
  connection: string,
): readonly DecidedField[] {
  const layers = layersOf(connection, policy.layers);
  return manifests.flatMap(({ id: connector, streams }) =>
    streams.flatMap((stream) => {
      const lacks = lackOf(policy, connection, connector, stream.id);
      return Object.entries(stream.fields).map(([field, spec]): DecidedField => {
        const question = { connector, stream: stream.id, field, spec };
        const decides = opinions(question, layers, policy.compiledAt).at(-1);
        return {
          stream: `${connector}/${stream.id}`,
          path: `body.${field}`,
          treatment: decides?.treatment ?? 'drop',
          rule: decides?.rule ?? null,
          place: decides === undefined ? null : placeOf(decides.rule, decides.layer, decides.path),
          lacks,
        };
      });
    }),
  );
}

/** Of every view that the policy names. */
export function decidedViews(policy: CompiledPolicy, connection: string): readonly DecidedField[] {
  return [...policy.of(connection).views.keys()].flatMap((view) =>
    explainView(policy, { connection, view }).columns.map(({ column, treatment, place }) => {
      const { rule } = place;
      return { stream: `view ${view}`, path: column, treatment, rule, place, lacks: null };
    }),
  );
}

/** The first of them, where every read of the stream is off. */
function lackOf(
  policy: CompiledPolicy,
  connection: string,
  connector: string,
  stream: string,
): string | null {
  const feeding = [...policy.of(connection).reads.values()].filter(
    (plan) => plan.connector.id === connector && plan.read.emits.includes(stream),
  );
  return feeding.some(({ lacks }) => lacks === null) ? null : (feeding[0]?.lacks ?? null);
}
