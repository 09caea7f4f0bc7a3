import { canonicalize } from '../../evidence/canonical-json.ts';
import { benchAgent } from './api.ts';
import { measureLimits } from './limits.ts';
import { benchPipeline, makePipeline } from './pipeline.ts';
import { multiply, realSamples } from './records.ts';
import { benchGuard, benchScan } from './scan.ts';

/** Prints one JSON object per line: what the product does, and the physical limits of the same machine in the same run. */
const samples = await realSamples();
const [envelope] = (await makePipeline()).envelop(multiply(samples, 1));
const limits = await measureLimits(canonicalize(envelope?.item));
await benchPipeline(samples, limits);
await benchScan(samples, limits);
await benchGuard();
await benchAgent(samples);
