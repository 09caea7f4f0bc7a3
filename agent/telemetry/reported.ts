import { makeCanaries } from '../../policies/canaries/canaries.ts';
import { makeByteNet } from '../../policies/net/byte-net.ts';
import { scannersWith } from '../../policies/scanners.ts';

/** Whether the report of an error that ends a command may be shown: a command has no policy and no canaries yet. */
export function mayBeReported(text: string): boolean {
  const { net } = scannersWith([]);
  // Without the detectors the net asks of every value: of the few here that takes less than its table takes to make.
  return makeByteNet({ net, canaries: makeCanaries([]) }).check(text, 'error') === undefined;
}
