import type { DestinationStream } from 'pino';
import type { Logger } from '../../connectors/sdk/index.ts';
import type { ByteNet, NetHit, Place } from '../../policies/net/byte-net.ts';
import type { Metrics } from './metrics.ts';

/** The last look at whatever leaves this process, but for evidence, which runs look at themselves. */
export interface Outgoing {
  /**
   * Undefined when the text may leave. A hit has been counted and logged then. `items`: stored items that stand in it,
   * in that order; see ByteNet.
   */
  check(text: string | Uint8Array, where: Place, items?: readonly string[]): NetHit | undefined;
}

export interface OutgoingDeps {
  readonly net: () => ByteNet;
  readonly metrics: Pick<Metrics, 'netHit'>;
  readonly logger: Logger;
}

export function makeOutgoing({ net, metrics, logger }: OutgoingDeps): Outgoing {
  return {
    check(text, where, items) {
      const hit = net().check(text, where, items);
      if (hit === undefined) return undefined;
      metrics.netHit(where, hit.rule);
      logger.error('something that must not leave was held back: this is a defect, please report it', {
        where,
        rule: hit.rule,
        path: hit.path,
      });
      return hit;
    },
  };
}

/** Log lines that pass the net; of the others only that there was one. Throws nothing: a log must not end the agent. */
export function netted(
  destination: DestinationStream,
  net: () => ByteNet,
  onHit: (hit: NetHit) => void,
): DestinationStream {
  return {
    write(line: string) {
      const hit = net().check(line, 'log');
      if (hit === undefined) return destination.write(line);
      onHit(hit);
      const time = new Date().toISOString();
      const said = {
        level: 'error',
        time,
        rule: hit.rule,
        msg: 'a log line was held back: something in it must not leave',
      };
      return destination.write(`${JSON.stringify(said)}\n`);
    },
  };
}
