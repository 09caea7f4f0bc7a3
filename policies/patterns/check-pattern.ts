import { makeScanner } from '../redact.ts';
import { compilePattern } from './compile-pattern.ts';
import { literalsOf, partsOf } from './parts.ts';
import { MAX_CHECKED_LENGTH, MAX_LENGTH, type PatternSpec } from './pattern.ts';
import { wakeOf } from './wake.ts';

export interface PatternProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string;
}

/** A shorter match would be found everywhere. */
const MIN_LENGTH = 3;
/** Characters of fixed text in one pattern, over all alternatives: each may be compared at every place of a text. */
const MAX_FIXED = 512;
/** Patterns of one policy, over all its files. */
export const MAX_PATTERNS = 256;
/** Steps that all patterns together may cost per character of the worst text: 64 KiB then take two or three seconds. */
const MAX_WORK = 8_000;
/** Steps that trying all examples may cost, which happens on every check, while everything else waits: about a second. */
const MAX_TRIAL_WORK = 10_000_000;

/**
 * What is wrong with a pattern that has the right shape, all at once: limits, how it is woken, its examples.
 *
 * @param mayTry whether the set is in order that the pattern is part of; its examples are not tried otherwise.
 */
export function checkPattern(spec: PatternSpec, mayTry: boolean): PatternProblem[] {
  const problems = [...checkLengths(spec), ...checkWake(spec)];
  return problems.length > 0 || !mayTry ? problems : checkExamples(spec);
}

/** What is wrong with all patterns of a policy together; paths begin at the list. */
export function checkPatternSet(specs: readonly PatternSpec[]): PatternProblem[] {
  if (specs.length > MAX_PATTERNS) {
    return [{ path: [], message: `has ${specs.length} patterns; at most ${MAX_PATTERNS} are allowed` }];
  }
  const work = specs.map(workOf);
  const trials = specs.map((spec, index) => (work[index] ?? 0) * examplesLength(spec));
  return [
    ...overdone(work, MAX_WORK, {
      what: 'all patterns together may cost # steps per character',
      hint: 'this one costs most: shorten it, or split off its alternatives and checksum',
    }),
    ...overdone(trials, MAX_TRIAL_WORK, {
      what: 'to try all examples may cost # steps',
      hint: 'those of this one cost most: shorten them, or it',
    }),
  ];
}

function overdone(
  costs: readonly number[],
  limit: number,
  { what, hint }: { readonly what: string; readonly hint: string },
): PatternProblem[] {
  const total = costs.reduce((sum, one) => sum + one, 0);
  if (total <= limit) return [];
  const message = `${what.replace('#', String(total))}; at most ${limit} are allowed`;
  return [{ path: [costs.indexOf(Math.max(...costs))], message, hint }];
}

function examplesLength({ examples }: PatternSpec): number {
  return [...examples.match, ...examples.noMatch].reduce((sum, { length }) => sum + length, 0);
}

/** The most steps that a pattern can cost per character of a text. */
function workOf(spec: PatternSpec): number {
  const longest = partsOf(spec).reduce((sum, { max }) => sum + max, 0);
  const checked = spec.checksum === undefined ? 0 : longest * (spec.shape.length + longest / 2);
  return Math.ceil(4 * spec.shape.length + fixedLength(spec) + (spec.context?.words.length ?? 0) + checked);
}

function fixedLength({ shape }: PatternSpec): number {
  return shape.flatMap(literalsOf).reduce((sum, literal) => sum + literal.length, 0);
}

function* checkLengths(spec: PatternSpec): Generator<PatternProblem> {
  const parts = partsOf(spec);
  const path = ['shape'];
  const longest = parts.reduce((sum, { max }) => sum + max, 0);
  const shortest = parts.reduce((sum, { min, optional }) => sum + (optional ? 0 : min), 0);
  if (longest > MAX_LENGTH) {
    yield { path, message: `may be ${longest} characters long; at most ${MAX_LENGTH} are allowed` };
  } else if (spec.checksum !== undefined && longest > MAX_CHECKED_LENGTH) {
    const message = `may be ${longest} characters long; with a checksum at most ${MAX_CHECKED_LENGTH} are allowed`;
    yield { path, message };
  }
  if (shortest < MIN_LENGTH) {
    const message = `may be as short as ${shortest} characters; at least ${MIN_LENGTH} must always be there`;
    yield { path, message, hint: 'make a part longer, or not optional' };
  }
  const fixed = fixedLength(spec);
  if (fixed > MAX_FIXED) {
    const message = `has ${fixed} characters of fixed text; at most ${MAX_FIXED} are allowed`;
    yield { path, message, hint: 'split it into several patterns' };
  }
}

function checkWake(spec: PatternSpec): PatternProblem[] {
  if (wakeOf(spec) !== undefined) return [];
  return [
    {
      path: ['shape'],
      message: 'nothing in it says in which texts to look',
      hint: 'add fixed text of two or more ASCII characters that is always there, context words, or keywords',
    },
  ];
}

/** Examples go through a whole scanner, as the texts of sources do. They are not quoted: they may be real. */
function checkExamples(spec: PatternSpec): PatternProblem[] {
  const scanner = makeScanner([compilePattern(spec)], 'text');
  const isFound = (text: string) => scanner.scan(text).findings.some(({ detector }) => detector === spec.id);
  const { match, noMatch } = spec.examples;
  return [
    ...match.flatMap((text, index) => (isFound(text) ? [] : [notFound(spec, text, index)])),
    ...noMatch.flatMap((text, index) =>
      isFound(text)
        ? [{ path: ['examples', 'noMatch', index], message: 'is found by this pattern, and must not be' }]
        : [],
    ),
  ];
}

function notFound(spec: PatternSpec, text: string, index: number): PatternProblem {
  const path = ['examples', 'match', index];
  const message = 'is not found by this pattern';
  const { keywords, shapes } = wakeOf(spec) ?? { keywords: [], shapes: [] };
  if (shapes.length === 0 && !keywords.some((word) => text.toLowerCase().includes(word))) {
    return { path, message, hint: `it holds none of the keywords: ${keywords.join(', ')}` };
  }
  const boundary = spec.boundary === 'word' ? compilePattern({ ...spec, boundary: 'none' }) : undefined;
  if (boundary !== undefined && [...boundary.find(text)].length > 0) {
    return { path, message, hint: 'it stands in the middle of a word: boundary: none finds it there' };
  }
  if (spec.checksum !== undefined && [...compilePattern(without(spec, 'checksum')).find(text)].length > 0) {
    return { path, message, hint: `its check digit is wrong for ${spec.checksum}` };
  }
  if (spec.context !== undefined && [...compilePattern(without(spec, 'context')).find(text)].length > 0) {
    return { path, message, hint: 'no word of the context stands near enough' };
  }
  return { path, message };
}

function without(spec: PatternSpec, part: 'checksum' | 'context'): PatternSpec {
  const { [part]: _, ...rest } = spec;
  return rest;
}
