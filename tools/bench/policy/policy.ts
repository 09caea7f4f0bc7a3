import { canonicalize } from '../../../evidence/canonical-json.ts';
import { type Gate, makeGate } from '../../../policies/clear.ts';
import type { CompiledPolicy } from '../../../policies/compile.ts';
import { makeKeyed } from '../../../policies/keyed.ts';
import { epochOf } from '../../../policies/keyring.ts';
import { print } from '../measure.ts';
import { printDetectorCosts } from './detector-costs.ts';
import { FindingCount } from './findings.ts';
import { benchGrowth } from './growth.ts';
import { benchLeaks } from './leak-rates.ts';
import { type Piece, pieces } from './piece.ts';
import { processorSeconds } from './processor-time.ts';
import { clearing, itemsFor, LIMITS, megabytesFor, SCANNING, type Stage } from './stages.ts';
import { benchPolicies, NOW } from './streams.ts';

const SEED = 20_261_121;
const MEGABYTES = 64;
/** The best of so many: the machine is shared, and noise only ever slows down. */
const ROUNDS = 2;
const WARM_PASSES = 16;
const WARM_SECONDS = 3;
/** What a stage may take; a slow one sees only the part of the corpus that it gets through. */
const MAX_SECONDS = 10;

/** Clearing, detectors and what gets past them, over 64 MB of records and free text made from a seed. */
export async function benchPolicy(): Promise<void> {
  const policies = await benchPolicies();
  const standard = gateOf(policies.standard);
  const opened = gateOf(policies.opened);
  const stages = [
    ...LIMITS,
    ...clearing('default', 'preset standard, no free text', standard, [150, 150]),
    ...clearing('opened', 'every free text opened with scan', opened, [150, 60]),
    ...SCANNING,
  ];
  time(stages, standard, opened);
  benchLeaks(standard, opened, SEED + 1);
}

function gateOf(policy: CompiledPolicy): Gate {
  return makeGate({ policy, keyed: makeKeyed(epochOf(Buffer.alloc(32, 7), NOW), 'bench', canonicalize) });
}

/** An agent runs for months, so what is measured is compiled: that takes a stage some passes, and some hundred ms. */
function warm(run: () => void): void {
  let spent = 0;
  for (let pass = 0; pass < WARM_PASSES && spent < WARM_SECONDS; pass += 1) spent += processorSeconds(run);
}

interface Timing {
  readonly stage: Stage;
  seconds: number;
  /** In all rounds. */
  spent: number;
  megabytes: number;
  items: number;
}

function time(stages: readonly Stage[], standard: Gate, opened: Gate): void {
  const timings: Timing[] = stages.map((stage) => ({ stage, seconds: 0, spent: 0, megabytes: 0, items: 0 }));
  for (const warmUp of pieces(SEED + 2, 2, standard)) {
    for (const { run } of stages) warm(() => run(warmUp));
    benchGrowth(warmUp);
  }
  const findings = new FindingCount();
  let first = true;
  for (const piece of pieces(SEED, MEGABYTES, standard)) {
    for (const timing of timings) {
      if (timing.spent < MAX_SECONDS) add(timing, piece);
    }
    if (first) {
      findings.add(piece, opened);
      printDetectorCosts(piece);
    }
    first = false;
  }
  report(timings);
  findings.print();
  print({
    name: 'policy.peak_rss',
    value: process.resourceUsage().maxRSS / 1_024,
    unit: 'MiB',
    note: 'the whole process, with the part of the corpus that is in memory (8 MB as JSON)',
  });
}

function add(timing: Timing, piece: Piece): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const seconds = processorSeconds(() => timing.stage.run(piece));
    best = Math.min(best, seconds);
    timing.spent += seconds;
  }
  timing.seconds += best;
  timing.megabytes += megabytesFor(timing.stage, piece);
  timing.items += itemsFor(timing.stage, piece);
}

function report(timings: readonly Timing[]): void {
  const speeds = new Map(timings.map(({ stage, megabytes, seconds }) => [stage.name, megabytes / seconds]));
  reportEach(timings, speeds);
  const times = (name: string, of: string) => (speeds.get(name) ?? 0) / (speeds.get(of) ?? 1);
  print({
    name: 'policy.detectors.against_regexp_loop',
    value: times('policy.detectors.text', 'policy.detectors.regexp_loop'),
    unit: 'times as fast',
  });
  print({
    name: 'policy.detectors.against_memory',
    value: times('policy.detectors.text', 'policy.limit.memory'),
    unit: 'of the speed',
  });
}

function reportEach(timings: readonly Timing[], speeds: ReadonlyMap<string, number>): void {
  for (const { stage, megabytes, items, seconds } of timings) {
    const { name, note, target, over } = stage;
    print({
      name,
      value: megabytes / seconds,
      unit: 'MB/s',
      ...(target === undefined ? {} : { target }),
      ...ratios(name, speeds),
      note: `${note}; ${Math.round(items / seconds)} ${over === 'json' ? 'items' : over}/s, ${Math.round(megabytes)} MB`,
    });
  }
}

/** Against the slower of the limits that apply. */
function ratios(name: string, speeds: ReadonlyMap<string, number>): { limit?: string; ratio?: number } {
  if (name.startsWith('policy.limit.')) return {};
  const limit =
    name.endsWith('.json') || name.endsWith('.item')
      ? 'policy.limit.json.roundtrip'
      : 'policy.limit.json.parse';
  return { limit, ratio: (speeds.get(name) ?? 0) / (speeds.get(limit) ?? 1) };
}
