import type { JsonObject } from '../../connectors/sdk/index.ts';
import { number, text } from './body.ts';

/** Pieces of headlines. Each is empty where the field it is made of is missing. */

export function arrow(from: string, to: string): string {
  return from === '' && to === '' ? '' : `${from || '(none)'} → ${to || '(none)'}`;
}

/** Nothing where the value is the same: then something else about it changed. */
export function moved(body: JsonObject): string {
  const [from, to] = [text(body, 'from'), text(body, 'to')];
  return from === to ? '' : arrow(from, to);
}

export function flag(body: JsonObject, field: string, meaning: string): string {
  return body[field] === true ? `(${meaning})` : '';
}

export function bracket(detail: string): string {
  return detail === '' ? '' : `(${detail})`;
}

export function words(body: JsonObject, field: string): string {
  return text(body, field).replaceAll('_', ' ');
}

/** `public.orders`. */
export function relation(body: JsonObject): string {
  const name = text(body, 'relation');
  return name === '' ? '' : [text(body, 'schema'), name].filter((part) => part !== '').join('.');
}

/** What is there, in one list. */
export function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** `7 idle`; nothing of what is none or not known. */
export function counted(body: JsonObject, field: string, what: string): string {
  const count = number(body, field);
  return count === null || count === 0 ? '' : `${count} ${what}`;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytes(count: number | null): string {
  if (count === null) return '';
  const step = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), UNITS.length - 1);
  return `${Math.round((count / 1_024 ** step) * 10) / 10} ${UNITS[step] ?? ''}`;
}
