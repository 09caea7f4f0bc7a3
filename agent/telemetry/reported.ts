import { makeCanaries } from '../../policies/canaries/canaries.ts';
import { makeByteNet } from '../../policies/net/byte-net.ts';
import { scannersWith } from '../../policies/scanners.ts';

/** Whether the report of an error that ends a command may be shown: a command has no policy and no canaries yet. */
export function mayBeReported(text: string): boolean {
  const { net, detectors } = scannersWith([]);
  return makeByteNet({ net, detectors, canaries: makeCanaries([]) }).check(text, 'error') === undefined;
}
