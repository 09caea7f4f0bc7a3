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
      'a list of which an entry is left out, in an entry after one that is',
      `rules:\n  - 7\n  - { id: b, description: d, streams: [sample/blocking], fields: [3, pid, relatoin] }\n`,
      '6:67 rules[1].fields[0]',
      '6:75 rules[1].fields[2]',
    ],
    [
      'a description that is not there',
      `rules:\n  - { id: b, streams: [sample/blocking], fields: [relatoin] }\n`,
      '5:5 rules[0].description',
      '5:51 rules[0].fields[0]',
    ],
    [
      'an emergency that nobody approved',
      `breakGlass:\n  - { id: b, reason: short, requestedBy: ada, from: "2026-11-21T14:00:00Z", streams: [sample/blockin], fields: [query], treatment: scan }\n`,
      '5:5 breakGlass[0].approvedBy',
      '5:87 breakGlass[0].streams[0]',
    ],
    [
      'a flag without an owner',
      `capabilities:\n  - { capability: cdc, connectors: [nowhere], reason: r, expires: soon }\n`,
      '5:5 capabilities[0].owner',
      '5:37 capabilities[0].connectors[0]',
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

  it('says nothing of fields where a stream could not be read: they may be of that one', () => {
    const rule = '{ id: a, description: d, streams: [Other/one, sample/blocking], fields: [field_of_one] }';
    const all = found(`rules:\n  - ${rule}\n  - ${MISSPELLED}\n`);
    expect(all.shape).toEqual(['5:40 rules[0].streams[0]']);
    expect(all.rest).toEqual(['6:67 rules[1].fields[0]']);
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
