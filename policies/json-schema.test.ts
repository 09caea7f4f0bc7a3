import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policySchema, policyTestSchema } from './json-schema.ts';
import { PRESETS, presetPath } from './load.ts';
import { DEMO_MANIFEST } from './testing/layers.ts';

interface Validator {
  compile(schema: unknown): (data: unknown) => boolean;
}

/** Another reader of JSON Schema than the one that wrote it: the validator that a tool of ours brings along. */
function validatorOf(schema: string): (data: unknown) => boolean {
  const tool = createRequire(new URL('../node_modules/dependency-cruiser/package.json', import.meta.url));
  const { default: Ajv } = tool('ajv') as { default: new (options: object) => Validator };
  return new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(schema));
}

const isPolicy = validatorOf(policySchema());
const isTest = validatorOf(policyTestSchema());
const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const read = async (file: string): Promise<unknown> => parse(await readFile(file, 'utf8')) as unknown;
const POLICIES = [...PRESETS.map((name) => presetPath(name) ?? ''), at('examples/acme.yaml')];

describe('the schemas for editors', () => {
  it.each(POLICIES)('hold for %s, which names its schema', async (file) => {
    expect(isPolicy(await read(file))).toBe(true);
    expect(await readFile(file, 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/policy\.schema\.json\n/,
    );
  });

  it('offer the names that there are, and insist on none of them', async () => {
    const schema = policySchema([{ ...DEMO_MANIFEST, rights: ['SUPERUSER'] }]);
    const { properties } = JSON.parse(schema) as { properties: Record<string, { items: unknown }> };
    expect(properties).toMatchObject({
      rules: {
        items: {
          properties: { streams: { items: { examples: ['*', 'demo/*', 'demo/locks', 'demo/people'] } } },
        },
      },
      budgets: {
        items: {
          properties: { reads: { items: { examples: expect.arrayContaining(['demo/server_log']) } } },
        },
      },
      detectors: {
        items: { properties: { detector: { examples: expect.arrayContaining(['email', 'jwt']) } } },
      },
      capabilities: {
        items: { properties: { capability: { examples: ['cdc', 'writeback', 'server-log'] } } },
      },
      privileges: { properties: { refuse: { items: { examples: expect.arrayContaining(['SUPERUSER']) } } } },
    });
    expect(validatorOf(schema)(await read(at('examples/acme.yaml')))).toBe(true);
  });

  it('hold for the tests of the example', async () => {
    const file = at('examples/acme.test.yaml');
    expect(isTest(await read(file))).toBe(true);
    expect(isPolicy(await read(file))).toBe(false);
    expect(await readFile(file, 'utf8')).toContain('$schema=../policy-test.schema.json\n');
  });

  it('refuse what the loader refuses: unknown keys at every level, and values that are none', async () => {
    const file = at('examples/acme.yaml');
    const text = await readFile(file, 'utf8');
    const edits: readonly [string, string][] = [
      ['kind: Policy', 'kind: Policy\nrule: []'],
      ['  name: acme', '  name: acme\n  owner: ada'],
      ['  - id: pull-request-titles', '  - id: pull-request-titles\n    stream: x'],
      ['treatment: scan', 'treatment: show'],
      ['action: withhold', 'action: hide'],
      ['    deny: [kube-*, payroll]', '    denied: [kube-*, payroll]'],
      ['    duration: 2s', '    duration: 2 seconds'],
      ['    requestedBy: ada-l', '    requested: ada-l'],
    ];
    for (const [from, to] of edits) {
      expect(text).toContain(from);
      expect([to, isPolicy(parse(text.replace(from, to)))]).toEqual([to, false]);
    }
  });

  it('describe themselves, and lie in the package as they are made', async () => {
    const schema = JSON.parse(policySchema()) as Record<string, unknown>;
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: expect.stringContaining('policy.schema.json'),
      additionalProperties: false,
      properties: { patterns: { description: expect.stringContaining('Detectors of your own') } },
    });
    expect(await readFile(at('policy.schema.json'), 'utf8')).toBe(policySchema());
    expect(await readFile(at('policy-test.schema.json'), 'utf8')).toBe(policyTestSchema());
  });
});
