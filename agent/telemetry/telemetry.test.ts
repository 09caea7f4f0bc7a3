import { describe, expect, it } from 'vitest';
import { ConnectorError, type LogFields, Secret } from '../../connectors/sdk/index.ts';
import { AgentError } from '../errors.ts';
import { createLogger, errorFields } from './logger.ts';
import { createMetrics, INSTRUMENTS } from './metrics.ts';
import { agentTracer, withSpan } from './tracing.ts';

function logging(
  scrub: (text: string) => string = (text) => text.replaceAll(/canary-\d+/g, '[REDACTED:test]'),
) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', scrub, destination, base: { agent: 'test' } });
  return {
    logger,
    text: () => lines.join(''),
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('createLogger', () => {
  it('writes JSON lines with a level, a time and the fields', () => {
    const { logger, lines } = logging();
    logger.warn('a read failed', { connection: 'orders-db', items: 12, partial: false, hint: null });
    expect(lines()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        agent: 'test',
        connection: 'orders-db',
        items: 12,
        partial: false,
        hint: null,
        msg: 'a read failed',
      },
    ]);
  });

  it('leaves out what is below its level', () => {
    const { logger, text } = logging();
    logger.debug('nothing to see');
    expect(text()).toBe('');
  });

  it('scrubs every string, the message as well', () => {
    const { logger, text } = logging();
    logger.info('got canary-101', { value: 'x canary-102 y', other: 'plain' });
    expect(text()).not.toMatch(/canary/);
    expect(text()).toContain('plain');
  });

  it('writes nothing of what the scanner can not read', () => {
    const { logger, text } = logging(() => {
      throw new Error('canary-103');
    });
    logger.info('hello', { value: 'canary-104' });
    expect(text()).not.toMatch(/canary|hello/);
    expect(text()).toContain('[UNSCANNED]');
  });

  it('does not look into what should not be there', () => {
    const { logger, text } = logging();
    const smuggled = {
      password: new Secret('canary-105'),
      error: new Error('canary-106'),
    } as unknown as LogFields;
    logger.error('odd', smuggled);
    expect(text()).not.toMatch(/canary/);
    expect(text()).toContain('[object]');
  });

  it('cuts long fields after scanning them', () => {
    const { logger, text } = logging();
    logger.info('long', { value: `${'x'.repeat(1020)}canary-107` });
    expect(text()).not.toMatch(/cana/);
  });
});

describe('errorFields', () => {
  it('tells code, message and hint of our own errors, and never the cause', () => {
    const error = new ConnectorError('AUTH', 'the source refused us', {
      hint: 'Check the role.',
      cause: new Error('password "canary-201" is wrong'),
    });
    expect(errorFields(error)).toEqual({
      code: 'AUTH',
      reason: 'the source refused us',
      hint: 'Check the role.',
    });
  });

  it('tells only the kind of any other error', () => {
    expect(JSON.stringify(errorFields(new TypeError('canary-202')))).toMatch(/^(?!.*canary).*TypeError/);
    expect(JSON.stringify(errorFields('canary-203'))).not.toContain('canary');
  });
});

describe('createMetrics', () => {
  it('renders what was counted, and only in its own registry', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.items('change', 3);
    one.items('change', 4);
    one.fieldsDropped(9);
    one.redactions('email', 2);
    one.gap('PRIVILEGE');
    one.run('partial', 1_500);
    one.policy('sha256:aa', 'standard@1');
    one.policy('sha256:bb', 'standard@2');
    const text = await one.render();
    expect(text).toContain('exhibit_items_total{class="change"} 7');
    expect(text).toContain('exhibit_fields_dropped_total 9');
    expect(text).toContain('exhibit_redactions_total{detector="email"} 2');
    expect(text).toContain('exhibit_gaps_total{code="PRIVILEGE"} 1');
    expect(text).toContain('exhibit_runs_total{status="partial"} 1');
    expect(text).toContain('exhibit_run_duration_seconds_sum 1.5');
    expect(text).toContain('exhibit_policy_info{digest="sha256:bb",version="standard@2"} 1');
    expect(text).not.toContain('sha256:aa');
    expect(await other.render()).not.toContain('email');
  });

  it('has a description for every instrument, and names that say the unit', () => {
    for (const { name, help } of Object.values(INSTRUMENTS)) {
      expect(name).toMatch(/^exhibit_[a-z_]+$/);
      expect(help.length).toBeGreaterThan(10);
    }
  });
});

describe('withSpan', () => {
  it('hands back the result, and throws what the work throws', async () => {
    const tracer = agentTracer('1.2.3');
    expect(await withSpan(tracer, 'work', { read: 'locks' }, async () => 41)).toBe(41);
    const error = new AgentError('TIMEOUT', 'too slow');
    await expect(withSpan(tracer, 'work', {}, () => Promise.reject(error))).rejects.toBe(error);
  });
});
