import type { ConnectorManifest } from '../../connectors/sdk/index.ts';
import { compilePolicy } from '../compile.ts';
import { openness } from '../decide.ts';
import { explain } from '../explain.ts';
import type { Suggestion } from '../explain-suggestions.ts';
import type { LoadedPolicy } from '../load.ts';
import { layer } from './layers.ts';

const NOW = '2026-11-21T12:00:00.000Z';

/** Pastes every rule that is suggested for a connector, one by one, and tells which do not do what they say. */
export function trySuggestions(manifest: ConnectorManifest, layers: readonly LoadedPolicy[]) {
  const failures: string[] = [];
  let tried = 0;
  const { policy } = compilePolicy([manifest], layers, { now: NOW });
  for (const { id: stream } of manifest.streams) {
    const about = { connection: 'any', connector: manifest.id, stream };
    for (const { field, treatment, open, close } of explain(policy, [manifest], about).fields) {
      for (const [suggestion, isGood] of [
        [open, (after: number) => after < openness(treatment)],
        [close, (after: number) => after === openness('drop')],
      ] as const) {
        if (suggestion.yaml === null) continue;
        tried += 1;
        const then = pasted(manifest, layers, suggestion, { ...about, field });
        if (then !== suggestion.treatment || !isGood(openness(then))) {
          failures.push(`${manifest.id}/${stream} ${field}: ${treatment} becomes ${then}`);
        }
      }
    }
  }
  return { tried, failures };
}

/** The treatment of the field afterwards. Throws when the policy does not pass its checks. */
function pasted(
  manifest: ConnectorManifest,
  layers: readonly LoadedPolicy[],
  { yaml }: Suggestion,
  question: { connection: string; connector: string; stream: string; field: string },
) {
  const own = layer('pasted', `rules:\n${(yaml ?? '').replaceAll(/^/gm, '  ')}`);
  const { policy, problems } = compilePolicy([manifest], [...layers, own], { now: NOW });
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${question.stream} ${question.field}: ${problem.message}`);
  const [found] = explain(policy, [manifest], question).fields;
  return found?.treatment ?? 'drop';
}
