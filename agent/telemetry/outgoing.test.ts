import { describe, expect, it } from 'vitest';
import { recordingLogger } from '../../connectors/sdk/testing/index.ts';
import { makeCanaries } from '../../policies/canaries/canaries.ts';
import { makeByteNet } from '../../policies/net/byte-net.ts';
import { scannersWith } from '../../policies/scanners.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { makeOutgoing, netted } from './outgoing.ts';
import { mayBeReported } from './reported.ts';

const TOKEN = ['ghp', 'Q7xV2mK9pL4nR8tW3yB6cD1fG5hJ0kZs2aX4'].join('_');
const MARKER = 'planted-north-4471-row';
const { net: scanner, detectors } = scannersWith([]);
const canaries = makeCanaries([{ id: 'archive', value: MARKER }]);
const net = makeByteNet({ net: scanner, detectors, canaries });

describe('log lines', () => {
  it.each([
    ['a credential', TOKEN, 'github-token'],
    ['a canary', MARKER, 'canary:archive'],
  ])('with %s that was not scrubbed are replaced by one that says so', (_case, value, rule) => {
    let written = '';
    const hits: string[] = [];
    const destination = netted(
      { write: (line: string) => void (written += line) },
      () => net,
      (hit) => hits.push(hit.rule),
    );
    const logger = createLogger({ level: 'info', scrub: (text) => text, destination });
    logger.info('before', { read: 'locks' });
    logger.info('leaking', { value });
    logger.info('after', { count: 3 });
    const lines = written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'before'],
      ['error', 'a log line was held back: something in it must not leave'],
      ['info', 'after'],
    ]);
    expect([lines[1]?.['rule'], hits]).toEqual([rule, [rule]]);
    expect(written).not.toContain(value);
  });
});

describe('the last look', () => {
  it('counts and logs a hit, and lets everything else pass', async () => {
    const metrics = createMetrics();
    const logger = recordingLogger();
    const outgoing = makeOutgoing({ net: () => net, metrics, logger });
    expect(outgoing.check('{"a":1}', 'response')).toBeUndefined();
    expect(outgoing.check(`{"a":{"b":"x ${MARKER}"}}`, 'bundle')).toMatchObject({ isCanary: true });
    expect(logger.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['error', { where: 'bundle', rule: 'canary:archive', path: 'a.b' }],
    ]);
    expect(await metrics.render()).toContain(
      'exhibit_net_hits_total{where="bundle",rule="canary:archive"} 1',
    );
  });

  it('is taken at errors as well', () => {
    expect(mayBeReported('error: the config file agent.yaml can not be read\n')).toBe(true);
    expect(mayBeReported(`error: ${TOKEN}\n`)).toBe(false);
  });
});
