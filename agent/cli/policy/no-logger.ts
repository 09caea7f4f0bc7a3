import type { Logger } from '../../../connectors/sdk/index.ts';

/** For commands that say themselves what there is to say. */
export function noLogger(): Logger {
  const nothing = () => undefined;
  return { debug: nothing, info: nothing, warn: nothing, error: nothing };
}
