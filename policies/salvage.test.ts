import { describe, expect, it } from 'vitest';
import { SAMPLE_MANIFEST } from '../evidence/testing/samples.ts';
import { checkRest } from './check-rest.ts';
import { checkable, parsePolicy } from './load.ts';

const HEAD = 'apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: acme, version: "1", description: d }\n';

/** `line:column path`, of the shape and of the rest. */
function found(...texts: readonly string[]) {
  const read = texts.map((text) => parsePolicy(HEAD + text, 'acme.yaml'));
  const shape = read.flatMap((one) => ('problems' in one ? one.problems : []));
  const rest = checkRest([SAMPLE_MANIFEST], checkable(read), ['db']);
  const said = (problems: typeof shape) =>
    problems.map(({ line, column, path }) => `${line}:${column} ${path}`);
  return { shape: said(shape), rest: said(rest) };
}

const MISSPELLED = '{ id: b, description: d, streams: [sample/blocking], fields: [relatoin] }';

describe('a policy file of which parts have no good shape', () => {
  it.each([
    [
      'a key that is not known',
      `ruls: []\nrules:\n  - ${MISSPELLED}\n`,
      '4:1 ruls',
      '6:67 rules[0].fields[0]',
    ],
    [
      'a value of the wrong type in a part of its own',
      `budgets: 7\nrules:\n  - ${MISSPELLED}\n`,
      '4:1 budgets',
      '6:67 rules[0].fields[0]',
    ],
    [
      'an entry that lacks something, before the others',
      `rules:\n  - { id: a }\n  - ${MISSPELLED}\n`,
      '5:5 rules[0].description',
      '6:67 rules[1].fields[0]',
    ],
    [
      'a treatment that there is not, in the very rule',
      `rules:\n  - { treatment: keeep, id: b, description: d, streams: [sample/blocking], fields: [relatoin] }\n`,
      '5:7 rules[0].treatment',
      '5:85 rules[0].fields[0]',
    ],
    [
      'an entry of a list in the very rule',
      `rules:\n  - { id: b, description: d, streams: [sample/blocking], fields: [relatoin, 3] }\n  - ${MISSPELLED}\n`,
      '5:77 rules[0].fields[1]',
      '6:67 rules[1].fields[0]',
    ],
    [
      'a name that is none',
      `connections: [nowhere]\nrules:\n  - { id: B, description: d, streams: [sample/blocking], fields: [pid] }\n`,
      '6:7 rules[0].id',
      '4:15 connections[0]',
    ],
  ])('is checked all the same around %s', (_what, text, shape, rest) => {
    const all = found(text);
    expect(all.shape).toContain(shape);
    expect(all.rest).toContain(rest);
  });

  it('tells of an id that is there twice, which the schema does only when nothing else is wrong', () => {
    const twice = found(`budgets: 7\nrules:\n  - ${MISSPELLED}\n  - ${MISSPELLED}\n`);
    expect(twice.shape).toEqual(['4:1 budgets', '7:7 rules[1].id']);
    expect(twice.rest).toEqual(['6:67 rules[0].fields[0]', '7:67 rules[1].fields[0]']);
  });

  it('says nothing of detectors where a pattern could not be read', () => {
    const text = 'detectors: [{ detector: own, action: drop }]\n';
    const broken = 'patterns: [{ id: own }]\n';
    expect(found(broken, text).rest).toEqual([]);
    expect(found('budgets: 7\n', text).rest).toEqual(['4:15 detectors[0].detector']);
  });

  it.each([
    ['a list', '- a\n'],
    ['a text', 'hello\n'],
  ])('is no mapping, but %s: no part is checked', (_what, text) => {
    expect(parsePolicy(text, 'acme.yaml')).not.toHaveProperty('partial');
  });

  it('does not follow names of prototypes', () => {
    const text = `__proto__: { rules: [] }\nconstructor: 1\nrules:\n  - ${MISSPELLED}\n`;
    expect(found(text).rest).toEqual(['7:67 rules[0].fields[0]']);
  });
});
