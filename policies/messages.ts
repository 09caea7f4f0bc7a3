import type { z } from 'zod';
import { nearest } from './yaml.ts';

/**
 * Words for what a schema says without words of its own. They never repeat the value: it may be a credential in the
 * wrong place.
 */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is missing';
    const inQuotes =
      issue.expected === 'string' && typeof issue.input === 'number' ? ': put it in quotes' : '';
    return `must be ${withArticle(issue.expected)}${inQuotes}`;
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(quoted).join(', ');
    if (issue.values.length === 1) return `must be ${allowed}`;
    const meant =
      typeof issue.input === 'string' ? nearest(issue.input, issue.values.map(String)) : undefined;
    return `must be one of ${allowed}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  }
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_format') return `must be a valid ${issue.format}`;
  return undefined;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function withArticle(expected: string): string {
  return NAMES[expected] ?? `of the type ${expected}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
