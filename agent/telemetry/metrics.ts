import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EvidenceClass } from '../../connectors/sdk/index.ts';
import type { RunEnd } from '../../evidence/store/store.ts';
import type { Withheld } from '../../policies/clear.ts';

interface Instrument {
  readonly name: string;
  /** With its unit, where the name does not say it. */
  readonly help: string;
  readonly labels: readonly string[];
}

/** Everything the agent measures. Labels are closed sets or ids from the config: never values from a source. */
export const INSTRUMENTS = {
  items: { name: 'exhibit_items_total', help: 'Items stored, by class.', labels: ['class'] },
  fieldsDropped: { name: 'exhibit_fields_dropped_total', help: 'Fields that no rule let out.', labels: [] },
  redactions: {
    name: 'exhibit_redactions_total',
    help: 'Matches taken out of open text.',
    labels: ['detector'],
  },
  withheld: {
    name: 'exhibit_records_withheld_total',
    help: 'Records that did not pass at all.',
    labels: ['reason'],
  },
  gaps: {
    name: 'exhibit_gaps_total',
    help: 'Things that could not be collected, by code.',
    labels: ['code'],
  },
  runs: { name: 'exhibit_runs_total', help: 'Finished runs, by status.', labels: ['status'] },
  runDuration: { name: 'exhibit_run_duration_seconds', help: 'Time one run took.', labels: [] },
  commit: { name: 'exhibit_store_commit_seconds', help: 'Time until a batch was durable.', labels: [] },
  policyInfo: {
    name: 'exhibit_policy_info',
    help: 'Always 1; the policy in force.',
    labels: ['digest', 'version'],
  },
  policyReloads: {
    name: 'exhibit_policy_reload_total',
    help: 'Times a policy was looked at to be put in force, by what came of it.',
    labels: ['result'],
  },
  policyReloadSuccess: {
    name: 'exhibit_policy_last_reload_success',
    help: '1 when what is configured is in force; 0 while it is refused and the last good one stays.',
    labels: [],
  },
  policyAppliedAt: {
    name: 'exhibit_policy_applied_timestamp_seconds',
    help: 'When the policy in force came into force.',
    labels: [],
  },
  netHits: {
    name: 'exhibit_net_hits_total',
    help: 'Findings in bytes that were about to leave: each is a defect, and was held back.',
    labels: ['where', 'rule'],
  },
  timestamps: {
    name: 'exhibit_timestamps_total',
    help: 'Manifests for which a timestamp was asked, by whether one was given.',
    labels: ['result'],
  },
  openIncidents: { name: 'exhibit_incidents_open', help: 'Incidents that are open.', labels: [] },
  jobsRunning: { name: 'exhibit_jobs_running', help: 'Reads that run right now.', labels: [] },
} as const satisfies Record<string, Instrument>;

/** Seconds: from a catalog query to the longest budget of a read. */
const RUN_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Seconds: one SQLite transaction with a full sync. */
const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** What came of a policy that was to be put in force. */
export type PolicyReload = 'applied' | 'unchanged' | 'recompiled' | 'refused';

export interface Metrics {
  items(byClass: EvidenceClass, count: number): void;
  fieldsDropped(count: number): void;
  redactions(detector: string, count: number): void;
  withheld(reason: Withheld['withheld']): void;
  gap(code: string): void;
  run(status: RunEnd['status'], durationMs: number): void;
  commit(durationMs: number): void;
  policy(digest: string, version: string): void;
  policyReload(result: PolicyReload): void;
  /** Whether what is configured is in force, or was put aside by what the API applied. */
  policyUsable(isUsable: boolean): void;
  policyAppliedAt(at: Date): void;
  /** `where`: response, log, error, metrics, trace or item; never a path or a value. */
  netHit(where: string, rule: string): void;
  timestamp(result: 'given' | 'missing'): void;
  openIncidents(count: number): void;
  /** Adds 1 or takes 1 away. */
  jobsRunning(change: 1 | -1): void;
  /** Prometheus text exposition format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Instruments in a registry of their own, so that two agents in one process do not share counters. */
export function createMetrics(options: { readonly process: boolean } = { process: false }): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (of: Instrument) =>
    new Counter({ name: of.name, help: of.help, labelNames: of.labels, registers });
  const gauge = (of: Instrument) =>
    new Gauge({ name: of.name, help: of.help, labelNames: of.labels, registers });
  const histogram = (of: Instrument, buckets: number[]) =>
    new Histogram({ name: of.name, help: of.help, labelNames: of.labels, buckets, registers });

  const items = counter(INSTRUMENTS.items);
  const dropped = counter(INSTRUMENTS.fieldsDropped);
  const redactions = counter(INSTRUMENTS.redactions);
  const withheld = counter(INSTRUMENTS.withheld);
  const gaps = counter(INSTRUMENTS.gaps);
  const runs = counter(INSTRUMENTS.runs);
  const runDuration = histogram(INSTRUMENTS.runDuration, RUN_BUCKETS);
  const commit = histogram(INSTRUMENTS.commit, COMMIT_BUCKETS);
  const policyInfo = gauge(INSTRUMENTS.policyInfo);
  const policyReloads = counter(INSTRUMENTS.policyReloads);
  const policyReloadSuccess = gauge(INSTRUMENTS.policyReloadSuccess);
  const policyAppliedAt = gauge(INSTRUMENTS.policyAppliedAt);
  const netHits = counter(INSTRUMENTS.netHits);
  const timestamps = counter(INSTRUMENTS.timestamps);
  const incidents = gauge(INSTRUMENTS.openIncidents);
  const running = gauge(INSTRUMENTS.jobsRunning);

  return {
    items: (byClass, count) => items.inc({ class: byClass }, count),
    fieldsDropped: (count) => dropped.inc(count),
    redactions: (detector, count) => redactions.inc({ detector }, count),
    withheld: (reason) => withheld.inc({ reason }),
    gap: (code) => gaps.inc({ code }),
    run: (status, durationMs) => {
      runs.inc({ status });
      runDuration.observe(durationMs / 1000);
    },
    commit: (durationMs) => commit.observe(durationMs / 1000),
    policy: (digest, version) => {
      policyInfo.reset();
      policyInfo.set({ digest, version }, 1);
    },
    policyReload: (result) => policyReloads.inc({ result }),
    policyUsable: (isUsable) => policyReloadSuccess.set(isUsable ? 1 : 0),
    timestamp: (result) => timestamps.inc({ result }),
    policyAppliedAt: (at) => policyAppliedAt.set(at.getTime() / 1000),
    netHit: (where, rule) => netHits.inc({ where, rule }),
    openIncidents: (count) => incidents.set(count),
    jobsRunning: (change) => running.inc(change),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
