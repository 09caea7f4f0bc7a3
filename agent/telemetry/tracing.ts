import { type Attributes, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { reportError } from '../errors.ts';
import type { Job } from '../scheduler/job.ts';
import type { Outgoing } from './outgoing.ts';

/** Without an SDK registered by the operator, spans cost next to nothing and go nowhere. */
export function agentTracer(version: string): Tracer {
  return trace.getTracer('exhibit', version);
}

/** Runs `work` inside a span whose attributes pass the last look, where there is one. Of an error only the code and our message are recorded: its own text may quote a source. */
export async function withSpan<T>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  outgoing?: Outgoing,
): Promise<T> {
  const clean = (text: string) => (outgoing?.check(text, 'trace') === undefined ? text : '[WITHHELD]');
  const passed = Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? clean(value) : value]),
  );
  return tracer.startActiveSpan(name, { attributes: passed }, async (span) => {
    try {
      return await work();
    } catch (error) {
      const { code, message } = reportError(error);
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR, message: clean(message) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What a span says of a run. */
export function spanOf({ id, request }: Job): Attributes {
  const { connection, connector, read, mode, trigger } = request;
  return {
    'exhibit.run': id,
    'exhibit.connection': connection,
    'exhibit.connector': connector,
    'exhibit.read': read,
    'exhibit.mode': mode,
    'exhibit.trigger': trigger,
  };
}
