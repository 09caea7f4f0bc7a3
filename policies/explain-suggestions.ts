import type { FieldSpec, Treatment } from '../connectors/sdk/index.ts';
import { type FieldQuestion, openness } from './decide.ts';

/** What a policy would have to say. */
export interface Suggestion {
  /** What becomes of the field then; null when there is nothing to say. */
  readonly treatment: Treatment | null;
  /** An entry for `rules:`, of a policy that is layered last. */
  readonly yaml: string | null;
  /** Why there is nothing to say, or what is to be thought of before. */
  readonly why: string | null;
}

export interface Suggesting extends FieldQuestion {
  readonly treatment: Treatment;
  /** Ids of rules that are there already. */
  readonly taken: ReadonlySet<string>;
}

/** The next step: as the manifest declares it where that is wider, and then one that people would ask for. */
export function opening(of: Suggesting): Suggestion {
  const next = nextStep(of.spec, of.treatment);
  if (next === null) {
    const why = of.spec.type === 'text' ? 'free text can not be opened further' : 'it is as open as can be';
    return { treatment: null, yaml: null, why };
  }
  const isWider = openness(next) < openness(of.spec.treatment);
  const why = isWider ? `further than the manifest goes (${of.spec.treatment}): have it reviewed` : null;
  return { treatment: next, yaml: ruleYaml('open', next, of), why };
}

export function closing(of: Suggesting): Suggestion {
  if (of.treatment === 'drop') return { treatment: null, yaml: null, why: 'nothing of it leaves' };
  return { treatment: 'drop', yaml: ruleYaml('close', 'drop', of), why: null };
}

function nextStep(
  { type, class: dataClass, treatment: declared }: FieldSpec,
  now: Treatment,
): Treatment | null {
  const steps: readonly Treatment[] =
    type === 'text'
      ? [declared, 'scan']
      : dataClass === 'person' || dataClass === 'network'
        ? [declared, 'pseudonymize', 'keep']
        : [declared, 'keep'];
  return steps.find((step) => openness(step) < openness(now)) ?? null;
}

/** Names stream and field: only such a rule may open further than the manifest, and it touches nothing else. */
function ruleYaml(
  verb: 'open' | 'close',
  treatment: Treatment,
  { connector, stream, field, spec, taken }: Suggesting,
): string {
  return [
    `- id: ${freeId(`${verb}-${slug(stream)}-${slug(field)}`, taken)}`,
    '  description: "Say here why."',
    `  streams: [${connector}/${stream}]`,
    `  fields: [${JSON.stringify(field)}]`,
    // Said only where it must be: free text may be treated as its manifest says where no rule could say the same.
    ...(treatment === spec.treatment && treatment !== 'drop' ? [] : [`  treatment: ${treatment}`]),
  ].join('\n');
}

function slug(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return words.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number += 1) free = `${id}-${number}`;
  return free;
}
