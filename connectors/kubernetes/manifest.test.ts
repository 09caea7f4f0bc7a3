import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubeReads } from '../../test/helpers/kube-session.ts';
import { connectorManifest, Secret } from '../sdk/index.ts';
import { EXCESS } from './auth.ts';
import { kubernetesConfig } from './config.ts';
import { streamsOf } from './index.ts';
import { policyRules } from './privileges.ts';
import { apiGroup, parseQuery, resourceQuery } from './schema.ts';

const ROOT = fileURLToPath(new URL('./', import.meta.url));
const manifest = connectorManifest.parse(parse(readFileSync(`${ROOT}manifest.yaml`, 'utf8')));
const queries = new Map([...kubeReads()].map(([read, source]) => [read, parseQuery(read, source)]));

describe('manifest', () => {
  it('has a read for every query file and no other', () => {
    expect(manifest.reads.map((read) => read.id).sort()).toEqual([...queries.keys()].sort());
    expect(manifest.reads.every((read) => read.file === `queries/${read.id}.yaml`)).toBe(true);
  });

  it('says which streams each query can give rise to', () => {
    const declared = new Map(manifest.reads.map((read) => [read.id, read.emits]));
    expect(declared).toEqual(streamsOf(queries));
  });

  it('names the rights that are looked for beyond those', () => {
    expect(manifest.rights).toEqual(EXCESS.map(([name]) => name));
  });

  it('names the rights each read needs', () => {
    for (const read of manifest.reads) {
      const query = queries.get(read.id);
      if (query === undefined) throw new Error(`no query ${read.id}`);
      const name = apiGroup(query) === '' ? query.resource : `${query.resource}.${apiGroup(query)}`;
      const history = query.history === undefined ? [] : [`list ${query.history.list.split('/').pop()}.apps`];
      expect(read.needs).toEqual([`list ${name}`, `watch ${name}`, ...history]);
    }
  });

  it('has a test config that parses', () => {
    const { token: _reference, ...config } = manifest.test.config;
    expect(kubernetesConfig.parse({ ...config, token: new Secret('t') }).server).toBe(
      'https://127.0.0.1:6443',
    );
  });
});

describe('clusterrole.yaml', () => {
  it('grants what the queries ask for and no more', () => {
    const role = parse(readFileSync(`${ROOT}privileges/clusterrole.yaml`, 'utf8')) as {
      readonly rules: unknown;
    };
    expect(role.rules).toEqual(policyRules(queries.values()));
  });

  it('grants nothing on secrets, and no verb but list and watch', () => {
    const rules = policyRules(queries.values());
    expect(new Set(rules.flatMap((rule) => rule.verbs))).toEqual(new Set(['list', 'watch']));
    expect(rules.flatMap((rule) => rule.resources)).not.toContain('secrets');
    expect(JSON.stringify(rules)).not.toContain('*');
  });
});

describe('query files', () => {
  it('cannot name Secrets', () => {
    const secrets = {
      apiVersion: 'v1',
      kind: 'Secret',
      resource: 'secrets',
      list: '/api/v1/secrets',
      namespaced: true,
      verbs: ['list', 'watch'],
      accept: 'metadata',
    };
    expect(resourceQuery.safeParse(secrets).error?.issues.map((issue) => issue.message)).toEqual([
      'secrets are never read',
    ]);
  });

  it('are refused with every problem named', () => {
    expect(() => parseQuery('pods', 'kind: Pod\nlist: /api/v1/nodes\nverbs: [list, delete]\n')).toThrow(
      /verbs\.1.*/,
    );
  });

  it('ask for metadata of ConfigMaps only', () => {
    expect(queries.get('configmaps')?.accept).toBe('metadata');
  });
});

describe('config', () => {
  it.each([
    ['nothing', {}],
    ['two ways', { inCluster: true, server: 'https://a.example' }],
    ['plain http elsewhere', { server: 'http://a.example' }],
    ['an unknown key', { inCluster: true, insecure: true }],
  ])('refuses %s', (_, config) => {
    expect(kubernetesConfig.safeParse(config).success).toBe(false);
  });
});
