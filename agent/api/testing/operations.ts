import type { ApiFixture } from './api-fixture.ts';

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly securitySchemes: unknown;
  };
  readonly security: unknown;
}

export interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: unknown }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

export interface Listed {
  readonly method: string;
  /** As in the document: `/v1/evidence/{id}`. */
  readonly template: string;
  /** One that matches it. */
  readonly path: string;
  readonly operation: Operation;
}

/** Every operation of the OpenAPI document, so that tests over all routes can not forget a new one. */
export async function operations(api: ApiFixture): Promise<readonly Listed[]> {
  const document = await api.get<OpenApi>('/openapi.json');
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      path: template
        .replace('{digest}', `sha256:${'0'.repeat(64)}`)
        .replace('{id}', 'some-id')
        .replace('{tile}', '0/000.p/1')
        .replace('{connection}/{stream}', 'db/blocking'),
      operation,
    })),
  );
}
