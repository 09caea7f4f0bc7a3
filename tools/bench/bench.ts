import { canonicalize } from '../../evidence/canonical-json.ts';
import { benchAgent } from './api.ts';
import { benchEvidence } from './evidence/evidence.ts';
import { type Limits, measureLimits } from './limits.ts';
import { benchPipeline, makePipeline } from './pipeline.ts';
import { benchPolicy } from './policy/policy.ts';
import { benchPostgresql } from './postgresql/postgresql.ts';
import { multiply, realSamples, type Sample } from './records.ts';
import { benchGuard, benchScan } from './scan.ts';

/** What the parts that work on recorded sources share; made once, and only for a part that asks. */
interface Shared {
  samples(): Promise<readonly Sample[]>;
  limits(): Promise<Limits>;
}

const PARTS: Readonly<Record<string, (shared: Shared) => Promise<void>>> = {
  pipeline: async ({ samples, limits }) => benchPipeline(await samples(), await limits()),
  detectors: async ({ samples, limits }) => benchScan(await samples(), await limits()),
  evidence: async ({ samples }) => benchEvidence(await samples()),
  policy: () => benchPolicy(),
  guard: () => benchGuard(),
  postgresql: () => benchPostgresql(),
  agent: async ({ samples }) => benchAgent(await samples()),
};

/**
 * Prints one JSON object per line: what the product does, and the physical limits of the same machine in the same
 * run. Arguments name the parts to run; without any, all run.
 */
const asked = process.argv.slice(2);
const unknown = asked.filter((part) => PARTS[part] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(', ')}; parts: ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
const shared = makeShared();
for (const [part, run] of Object.entries(PARTS)) {
  if (asked.length === 0 || asked.includes(part)) await run(shared);
}

function makeShared(): Shared {
  let samples: Promise<readonly Sample[]> | undefined;
  let limits: Promise<Limits> | undefined;
  const measured = async () => {
    const [envelope] = (await makePipeline()).envelop(multiply(await shared.samples(), 1));
    return measureLimits(canonicalize(envelope?.item));
  };
  const shared: Shared = {
    samples: () => (samples ??= realSamples()),
    limits: () => (limits ??= measured()),
  };
  return shared;
}
