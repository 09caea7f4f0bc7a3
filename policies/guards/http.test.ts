import { describe, expect, it } from 'vitest';
import { checkHttp } from './http.ts';

const codes = (text: string) => checkHttp(text, 'queries/x.yaml').map(({ code, path }) => `${code} ${path}`);
const list = (request: string) => codes(`list: { ${request} }`);

describe('checkHttp', () => {
  it('proves GET below the base URL, at any depth', () => {
    const text = `read: commits
list: { method: GET, path: '/repos/{owner}/{repo}/commits', parameters: { per_page: 100 }, pages: 20 }
detail: { method: GET, path: '/repos/{owner}/{repo}/commits/{ref}', parameters: {} }`;
    expect(codes(text)).toEqual([]);
  });

  it.each([
    [`method: POST, path: /repos`, 'METHOD list.method'],
    [`method: get, path: /repos`, 'METHOD list.method'],
    [`path: /repos`, 'METHOD list.path'],
    [`method: GET, path: repos`, 'PATH list.path'],
    [`method: GET, path: //evil/repos`, 'PATH list.path'],
    [`method: GET, path: 'https://evil/repos'`, 'PATH list.path'],
    [`method: GET, path: /repos/../orgs`, 'PATH list.path'],
    [`method: GET, path: '/repos/%2e%2e/orgs'`, 'PATH list.path'],
    [`method: GET, path: '/repos/{owner}?x=1'`, 'PATH list.path'],
    [`method: GET, path: '/repos/x{owner}'`, 'PATH list.path'],
    [`method: GET, path: /repos, body: x`, 'SHAPE list.body'],
    [`method: GET, path: /repos, headers: { x-http-method-override: DELETE }`, 'SHAPE list.headers'],
    [`method: GET, path: /repos, parameters: { a: { b: 1 } }`, 'SHAPE list.parameters'],
    [`pages: 1`, 'SHAPE '],
  ])('refuses %s', (request, expected) => {
    expect(list(request)).toContain(expected);
  });

  it('refuses what is no plain YAML', () => {
    expect(codes('a: [')).toEqual(['NOT_YAML ']);
  });
});
