import type { JsonValue } from '../connectors/sdk/index.ts';

/** Coarser, still useful: a number becomes the 1-2-5 step below it, a time its hour, an address its network. */
export function generalize(value: unknown): JsonValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? step(value) : undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const hour = /^(\d{4}-\d{2}-\d{2}T\d{2}):\d{2}:\d{2}(?:\.\d+)?Z$/.exec(value);
  if (hour) return `${hour[1]}:00:00.000Z`;
  const ipv4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?:\/\d+)?$/.exec(value);
  if (ipv4) return `${ipv4[1]}.0/24`;
  return undefined;
}

function step(value: number): number {
  if (value === 0) return 0;
  const size = Math.abs(value);
  const decade = 10 ** Math.floor(Math.log10(size));
  const lead = size / decade;
  const rounded = (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * decade;
  return Math.sign(value) * rounded;
}

/** How much there is of it: elements, characters or keys. */
export function count(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value !== null && typeof value === 'object') return Object.keys(value).length;
  return 1;
}
