import { duration, type Window } from '../../connectors/sdk/index.ts';
import { AgentError } from '../errors.ts';
import type { CliIo } from './io.ts';

/** `90s`, `30m`, `1h`, in milliseconds. Throws AgentError USAGE. */
export function parseDuration(text: string, option: string): number {
  const parsed = duration.safeParse(text);
  if (parsed.success && parsed.data > 0) return parsed.data;
  throw new AgentError('USAGE', `${option} must be a duration such as 90s, 30m or 1h`);
}

/** From so long ago until now. */
export function windowSince(sinceMs: number, io: CliIo): Window {
  const now = io.clock.now().getTime();
  return { from: new Date(now - sinceMs).toISOString(), to: new Date(now).toISOString() };
}
