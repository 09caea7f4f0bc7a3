import type { RunMeters } from '../runner/deps.ts';
import type { Metrics } from './metrics.ts';

/** Turns what runs tell about themselves into metrics. */
export function runMeters(metrics: Metrics): RunMeters {
  return {
    cleared: (record) => {
      metrics.items(record.class, 1);
      if (record.dropped.count > 0) metrics.fieldsDropped(record.dropped.count);
      for (const { rule, count } of record.redactions) metrics.redactions(rule, count);
      const code = record.body['code'];
      if (record.class === 'gap' && typeof code === 'string') metrics.gap(code);
    },
    netHit: ({ where, rule }) => metrics.netHit(where, rule),
    withheld: (reason) => metrics.withheld(reason),
    committed: (_items, seconds) => metrics.commit(seconds * 1_000),
    finished: ({ status }, seconds) => metrics.run(status, seconds * 1_000),
  };
}
