import type { Connector, ConnectorDeps, ConnectorModule } from '../sdk/index.ts';
import { authenticate, discover } from './authenticate.ts';
import { CLIENT_OPTIONS, type ClientOptions } from './client.ts';
import { collect } from './collect.ts';
import { config, type GitHubConfig } from './config.ts';

export const connector: ConnectorModule<GitHubConfig> = {
  config,
  egress: ({ baseUrl }) => [new URL(baseUrl).host],
  create: (settings, deps) => createGitHub(settings, deps),
};

/** `options` are for tests, which cannot wait seconds. */
export function createGitHub(
  settings: GitHubConfig,
  deps: ConnectorDeps,
  options: Partial<ClientOptions> = {},
): Connector {
  const collecting = { config: settings, deps, options: { ...CLIENT_OPTIONS, ...options } };
  const closing = new AbortController();
  const until = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);
  return {
    authenticate: (signal) => authenticate(collecting, until(signal)),
    discover: (signal) => discover(collecting, until(signal)),
    read: (run, request, signal) => collect(collecting, run, request, until(signal)),
    close: async () => closing.abort(),
  };
}
