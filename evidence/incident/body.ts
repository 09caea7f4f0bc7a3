import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';

/**
 * Looks into bodies, of which a policy may have left anything out: what is absent or of another type is an empty text,
 * null or an empty list.
 */

export function text(body: JsonObject, field: string): string {
  const value = body[field];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function number(body: JsonObject, field: string): number | null {
  const value = body[field];
  return typeof value === 'number' ? value : null;
}

export function objects(body: JsonObject, field: string): readonly JsonObject[] {
  const value = body[field];
  return isArray(value) ? value.filter(isObject) : [];
}

/** The texts of a list. */
export function texts(body: JsonObject, field: string): readonly string[] {
  const value = body[field];
  return isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
