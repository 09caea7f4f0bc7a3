import { describe, expect, it } from 'vitest';
import { judgeRequests } from './request-guard.ts';

const rest = (text: string) => judgeRequests(text, 'queries/x.yaml', 'rest').code;
const kubernetes = (text: string) => judgeRequests(text, 'queries/x.yaml', 'kubernetes').code;

describe('judgeRequests', () => {
  it('lets through what only reads', () => {
    expect(rest('list: { method: GET, path: "/repos/{owner}/{repo}/commits" }')).toBeNull();
    expect(rest('list: { method: HEAD, path: /a }\ndetail: { method: GET, path: /a/b }')).toBeNull();
    expect(kubernetes('resource: pods\nverbs: [list, watch]\nchanged: [{ path: spec.replicas }]')).toBeNull();
  });

  it.each([
    ['a method that writes', 'list: { method: POST, path: /a }', 'VERB'],
    ['one of several methods', 'a: { method: GET, path: /a }\nb: [{ method: DELETE, path: /b }]', 'VERB'],
    [
      'a method in lower case, which servers may take for another',
      'list: { method: post, path: /a }',
      'VERB',
    ],
    ['a method that is no text', 'list: { method: { GET: 1 }, path: /a }', 'VERB'],
    ['no method at all', 'list: { path: /a }', 'NO_REQUEST'],
    ['a path to another host', 'list: { method: GET, path: "https://evil.example/a" }', 'PATH'],
    ['a path that starts with another host', 'list: { method: GET, path: "//evil.example/a" }', 'PATH'],
    ['a path that climbs', 'list: { method: GET, path: /repos/../admin }', 'PATH'],
    ['a path that is no text', 'list: { method: GET, path: [7] }', 'PATH'],
    ['an anchor', 'a: &a { method: GET, path: /a }\nb: *a', 'NOT_YAML'],
    ['what is no YAML', '{{', 'NOT_YAML'],
  ])('refuses in a REST file: %s', (_case, text, code) => {
    expect(rest(text)).toBe(code);
  });

  it.each([
    ['a verb that writes', 'resource: pods\nverbs: [list, patch]', 'VERB'],
    ['a single verb', 'resource: pods\nverb: create', 'VERB'],
    ['secrets', 'resource: secrets\nverbs: [list]', 'RESOURCE'],
    ['a door into containers', 'resources: [pods, pods/exec]\nverbs: [get]', 'RESOURCE'],
    ['logs', 'resource: pods/log\nverbs: [get]', 'RESOURCE'],
    ['a proxy', 'resource: services/proxy\nverbs: [get]', 'RESOURCE'],
    ['no verb at all', 'resource: pods', 'NO_REQUEST'],
  ])('refuses in a Kubernetes file: %s', (_case, text, code) => {
    expect(kubernetes(text)).toBe(code);
  });
});
