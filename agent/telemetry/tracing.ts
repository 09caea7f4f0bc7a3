import { type Attributes, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { reportError } from '../errors.ts';

/** Without an SDK registered by the operator, spans cost next to nothing and go nowhere. */
export function agentTracer(version: string): Tracer {
  return trace.getTracer('exhibit', version);
}

/** Runs `work` inside a span. Of an error only the code and our message are recorded: its own text may quote a source. */
export async function withSpan<T>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      const { code, message } = reportError(error);
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
