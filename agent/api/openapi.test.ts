import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectGolden } from '../../connectors/sdk/testing/index.ts';
import { ApiFixture } from './testing/api-fixture.ts';
import { type OpenApi, operations } from './testing/operations.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

describe('/openapi.json', () => {
  it('lists every route that is registered, and no other', async () => {
    const registered = api.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{.+\})?/g, '{$1}')}`);
    const listed = (await operations(api)).map(({ method, template }) => `${method} ${template}`);
    expect(listed.toSorted()).toEqual([...new Set(registered)].toSorted());
    expect(listed).toHaveLength(37);
  });

  it('describes every operation: summary, tag, parameters, problems', async () => {
    for (const { operation, template } of await operations(api)) {
      const { parameters = [], responses, summary, tags } = operation;
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      const problems = [400, 401, 429, 500].map((status) => Object.keys(responses[status]?.content ?? {}));
      expect({
        summary: summary !== undefined && summary.length > 5,
        tags: tags?.length,
        inPath,
        problems: [...new Set(problems.flat())],
        successes: Object.keys(responses).filter((status) => Number(status) < 300).length,
        template,
      }).toEqual({
        summary: true,
        tags: 1,
        inPath: [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
        problems: ['application/problem+json'],
        successes: 1,
        template,
      });
    }
  });

  it('refers to nothing that is not there', async () => {
    const document = await api.get<OpenApi>('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(document.security).toEqual([{ token: [] }]);
    expect(document.components.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('is what openapi.golden.json says', async () => {
    expectGolden(
      fileURLToPath(new URL('openapi.golden.json', import.meta.url)),
      await api.get('/openapi.json'),
    );
  });
});
