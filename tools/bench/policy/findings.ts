import type { Gate } from '../../../policies/clear.ts';
import { print } from '../measure.ts';
import { cleared } from './items.ts';
import type { Piece } from './piece.ts';

/** In how many records something was found, apart for those with something planted and the others. */
export class FindingCount {
  readonly #records = { planted: 0, others: 0 };
  readonly #found = { planted: 0, others: 0 };
  /** Rules by the records without a plant in which they found something. */
  readonly #alarms = new Map<string, number>();

  add({ records }: Piece, gate: Gate): void {
    for (const { read, record, planted } of records) {
      const side = planted === undefined ? 'others' : 'planted';
      const masked = cleared(gate, record, read).redactions.filter(({ action }) => action === 'mask');
      this.#records[side] += 1;
      if (masked.length > 0) this.#found[side] += 1;
      if (side === 'planted') continue;
      for (const rule of new Set(masked.map((redaction) => redaction.rule))) {
        this.#alarms.set(rule, (this.#alarms.get(rule) ?? 0) + 1);
      }
    }
  }

  print(): void {
    const most = [...this.#alarms].sort(([, a], [, b]) => b - a).slice(0, 8);
    const rules = most.map(([rule, count]) => `${rule} ${count}`).join(', ');
    this.#printSide('planted', 'records with something planted');
    this.#printSide('others', `records with nothing planted; the literals of SQL are findings too: ${rules}`);
  }

  #printSide(side: 'planted' | 'others', of: string): void {
    const [found, records] = [this.#found[side], this.#records[side]];
    print({
      name: `policy.findings.${side}`,
      value: (100 * found) / records,
      unit: '%',
      note: `${found} of ${records} ${of}`,
    });
  }
}
