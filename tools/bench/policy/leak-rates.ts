import type { Gate } from '../../../policies/clear.ts';
import { print } from '../measure.ts';
import { type CorpusRecord, canaryCorpus, keptCorpus, type Planted } from './corpus.ts';
import { AIMED, leaks } from './forms.ts';
import { cleared } from './items.ts';
import { strings } from './piece.ts';

/** Each class in each form this often: over 10,000 canaries. */
const TIMES = 14;
const KEPT_TIMES = 40;

class Tally {
  readonly #counts = new Map<string, { planted: number; leaked: number }>();

  add(key: string, leaked: boolean): void {
    const count = this.#counts.get(key) ?? { planted: 0, leaked: 0 };
    this.#counts.set(key, { planted: count.planted + 1, leaked: count.leaked + (leaked ? 1 : 0) });
  }

  print(name: string, note?: string, target?: number): void {
    for (const [key, { planted, leaked }] of this.#counts) {
      print({
        name: `${name}${key}`,
        value: (100 * leaked) / planted,
        unit: '%',
        ...(target === undefined ? {} : { target }),
        note: `${leaked} of ${planted}${note === undefined ? '' : `: ${note}`}`,
      });
    }
  }
}

/** How much of what was planted can still be read afterwards, by form and by class. */
export function benchLeaks(standard: Gate, opened: Gate, seed: number): void {
  const [byDefault, aimed, byForm, byClass, kept] = Array.from({ length: 5 }, () => new Tally()) as [
    Tally,
    Tally,
    Tally,
    Tally,
    Tally,
  ];
  for (const record of canaryCorpus(seed, TIMES)) {
    const { form, canary } = record.planted as Planted;
    byDefault.add('default', leaked(standard, record));
    const isLeak = leaked(opened, record);
    byForm.add(form, isLeak);
    if (!AIMED.has(form)) continue;
    byClass.add(canary.id, isLeak);
    aimed.add('opened', isLeak);
    aimed.add(`opened.${canary.kind}`, isLeak);
  }
  for (const record of keptCorpus(seed, KEPT_TIMES)) kept.add('kept', leaked(standard, record));
  byDefault.print('policy.leak.', 'no free text opened', 0);
  aimed.print('policy.leak.', 'text opened; plain, encoded, truncated, wrapped and beside digits', 1);
  kept.print('policy.leak.', 'secrets in place of a label, a branch or a tag that is kept');
  byForm.print('policy.leak.form.');
  byClass.print('policy.leak.class.');
}

function leaked(gate: Gate, { read, record, planted }: CorpusRecord): boolean {
  const { body, entity, related } = cleared(gate, record, read);
  return leaks([...strings(body), entity, ...related], planted?.traces ?? []);
}
