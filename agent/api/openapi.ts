import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './deps.ts';

/** The document, from the routes that are registered and the schemas that validate. */
export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Exhibit',
      version,
      description:
        'Signed evidence for root-cause analysis. Every request but the two health checks carries the bearer token; every error is application/problem+json (RFC 9457).',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [
      { name: 'Evidence', description: 'What was collected.' },
      { name: 'Incidents', description: 'Windows in time that evidence is bundled for.' },
      { name: 'Manifests', description: 'What proves it.' },
      { name: 'Log', description: 'What proves that nothing was taken away.' },
      { name: 'Collecting', description: 'Where it comes from.' },
      { name: 'Policy', description: 'What may leave, who decided that, and what came of it.' },
      { name: 'Operation', description: 'How the agent is.' },
    ],
  });
}
