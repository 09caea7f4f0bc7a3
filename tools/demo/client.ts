import type { Secret } from '../../connectors/sdk/index.ts';

/** The agent's HTTP API, as any program of a responder would use it. */
export interface AgentClient {
  post<T>(path: string, body: unknown): Promise<T>;
  get<T>(path: string): Promise<T>;
  bytes(path: string): Promise<Uint8Array>;
}

export function makeAgentClient(url: string, token: Secret): AgentClient {
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token.open()}`, 'content-type': 'application/json' };
    const response = await fetch(new URL(path, url), { ...init, headers });
    if (response.ok) return response;
    throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${await response.text()}`);
  };
  return {
    post: async (path, body) =>
      (await (await request(path, { method: 'POST', body: JSON.stringify(body) })).json()) as never,
    get: async (path) => (await (await request(path)).json()) as never,
    bytes: async (path) => new Uint8Array(await (await request(path)).arrayBuffer()),
  };
}
