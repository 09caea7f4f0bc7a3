import { type BundleDifference, compareBundles, isSame } from '../../evidence/bundle/compare.ts';
import { AgentError } from '../errors.ts';
import { withBundle } from './bundle-input.ts';
import { STREAM } from './files.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';

/** How many ids are listed for people; `--json` has all. */
const LISTED = 20;

/** Exit code 0 when both say the same, 1 when not, as `diff` does. */
export async function diff(a: string, b: string, output: Output, io: CliIo): Promise<ExitCode> {
  if (a === STREAM && b === STREAM) {
    throw new AgentError('USAGE', 'only one of the bundles can come from standard input');
  }
  const difference = await withBundle(a, io, (inA) => withBundle(b, io, (inB) => compareBundles(inA, inB)));
  const same = isSame(difference);
  await output.result({ verified: false, same, ...difference }, describe(difference, same));
  return same ? EXIT.good : EXIT.notGood;
}

function describe({ items, parts, manifest }: BundleDifference, same: boolean): string {
  const lines = [same ? 'the same evidence' : 'different evidence'];
  lines.push(`items: ${items.same} the same`);
  lines.push(...listed('only in A', items.onlyInA));
  lines.push(...listed('only in B', items.onlyInB));
  lines.push(...listed('in both, with another leaf', items.changed));
  if (parts.length > 0) lines.push(`other parts: ${parts.join(', ')}`);
  for (const { field, a, b } of manifest) {
    lines.push(`other ${field}:`, `  A ${JSON.stringify(a)}`, `  B ${JSON.stringify(b)}`);
  }
  lines.push('not verified: run exhibit verify on both');
  return lines.join('\n');
}

function listed(what: string, ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return [];
  const more = ids.length > LISTED ? [`  and ${ids.length - LISTED} more (--json has all)`] : [];
  return [`${what}: ${ids.length}`, ...ids.slice(0, LISTED).map((id) => `  ${id}`), ...more];
}
