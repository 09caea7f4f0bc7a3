import { existsSync } from 'node:fs';
import { type Cluster, HttpMethod, KubeConfig, RequestContext, type User } from '@kubernetes/client-node';
import { ConnectorError } from '../sdk/index.ts';
import { isLoopback, type KubernetesConfig } from './config.ts';
import { anyFetchDispatcher, type Dispatcher } from './dispatcher.ts';

/**
 * The only file that imports the Kubernetes client and the only one that opens a secret. It takes credentials and TLS
 * from a KubeConfig and speaks HTTP through the fetch it is handed; the client's own Watch is not used, because it
 * cannot set Accept and swallows lines that do not parse.
 */
export interface KubeClient {
  /** GET; the caller reads the body. Redirects are errors: credentials go to the API server and nowhere else. */
  get(path: string, options: GetOptions, signal: AbortSignal): Promise<Response>;
  /** POST of one of the reviews by which a client asks about itself. Nothing else is ever sent with a body. */
  review(path: ReviewPath, body: object, signal: AbortSignal): Promise<Response>;
}

export interface GetOptions {
  readonly accept: string;
  readonly query: Readonly<Record<string, string>>;
}

export const REVIEWS = [
  '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
] as const;
export type ReviewPath = (typeof REVIEWS)[number];

/** Credentials may rotate (service account tokens do, hourly): they are taken anew for every request. */
export function kubeClient(config: KubernetesConfig, send: typeof fetch): KubeClient {
  const kubeConfig = loadKubeConfig(config);
  const server = serverOf(kubeConfig);
  let dispatcher: Dispatcher | undefined;
  const request = async (
    url: URL,
    method: 'GET' | 'POST',
    accept: string,
    signal: AbortSignal,
    body?: string,
  ) => {
    const context = new RequestContext(url.href, method === 'GET' ? HttpMethod.GET : HttpMethod.POST);
    await authenticated(kubeConfig, context);
    // One dispatcher for all requests, so that its connections are used again.
    dispatcher ??= dispatcherOf(context);
    const headers = {
      ...context.getHeaders(),
      accept,
      'user-agent': 'exhibit',
      ...(body === undefined ? {} : JSON_BODY),
    };
    const init = {
      method,
      headers,
      signal,
      redirect: 'error',
      ...(body === undefined ? {} : { body }),
    } as const;
    // `dispatcher` is an option that fetch knows in Node and its standard type does not.
    return send(url, dispatcher === undefined ? init : Object.assign({ dispatcher }, init));
  };
  return {
    get: (path, options, signal) =>
      request(urlOf(server, path, options.query), 'GET', options.accept, signal),
    review: (path, body, signal) =>
      request(urlOf(server, path, {}), 'POST', 'application/json', signal, JSON.stringify(body)),
  };
}

const JSON_BODY = { 'content-type': 'application/json' } as const;

/** Hosts that this config talks to, as `host:port`; a kubeconfig is opened to see which. */
export function hostsOf(config: KubernetesConfig): readonly string[] {
  const { hostname, port, protocol } = new URL(serverOf(loadKubeConfig(config)));
  return [`${hostname}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`];
}

function loadKubeConfig(config: KubernetesConfig): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    if (config.kubeconfig !== undefined) kubeConfig.loadFromString(config.kubeconfig.open());
    else if (config.kubeconfigFile !== undefined) kubeConfig.loadFromFile(config.kubeconfigFile);
    else if (config.server !== undefined) loadExplicit(kubeConfig, config, config.server);
    else loadFromPod(kubeConfig);
    if (config.context !== undefined) kubeConfig.setCurrentContext(config.context);
    allowPlainLoopback(kubeConfig);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError('CONFIG', 'the kubeconfig could not be loaded', {
      hint: 'Check that it can be read and is a kubeconfig: `kubectl --kubeconfig <file> config view`.',
      cause: error,
    });
  }
  return kubeConfig;
}

function loadExplicit(kubeConfig: KubeConfig, config: KubernetesConfig, server: string): void {
  const cluster: Cluster = {
    name: 'explicit',
    server,
    skipTLSVerify: false,
    ...(config.caFile === undefined ? {} : { caFile: config.caFile }),
  };
  const user: User = {
    name: 'explicit',
    ...(config.token === undefined ? {} : { token: config.token.open() }),
  };
  kubeConfig.loadFromClusterAndUser(cluster, user);
}

const POD_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

function loadFromPod(kubeConfig: KubeConfig): void {
  if (process.env['KUBERNETES_SERVICE_HOST'] === undefined || !existsSync(POD_TOKEN)) {
    throw new ConnectorError('CONFIG', '`inCluster` is set, but this process does not run in a pod', {
      hint: 'Use kubeconfigFile outside a cluster; in a pod, let it mount its service account token.',
    });
  }
  kubeConfig.loadFromCluster();
}

/**
 * `kubectl proxy` and test servers speak plain HTTP, which the client takes for a TLS setting. On this machine it is
 * fine; to any other host it would send the credentials in the clear.
 */
function allowPlainLoopback(kubeConfig: KubeConfig): void {
  const current = kubeConfig.getCurrentCluster();
  if (current === null || !current.server.startsWith('http:')) return;
  if (!isLoopback(current.server)) {
    throw new ConnectorError('CONFIG', 'the kubeconfig names a server without TLS on another machine', {
      hint: 'Use the https address of the API server.',
    });
  }
  kubeConfig.clusters = kubeConfig.clusters.map((cluster) =>
    cluster.name === current.name ? { ...cluster, skipTLSVerify: true } : cluster,
  );
}

function serverOf(kubeConfig: KubeConfig): string {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server !== undefined && URL.canParse(server)) return server;
  throw new ConnectorError('CONFIG', 'the kubeconfig names no cluster for its context', {
    hint: 'Set `context` to one of `kubectl config get-contexts -o name`.',
  });
}

async function authenticated(kubeConfig: KubeConfig, context: RequestContext): Promise<void> {
  try {
    await kubeConfig.applySecurityAuthentication(context);
  } catch (error) {
    throw new ConnectorError('AUTH', 'the credentials of the kubeconfig could not be prepared', {
      hint: 'Check the user of the context: token file, client certificate, exec plugin.',
      cause: error,
    });
  }
}

function dispatcherOf(context: RequestContext): Dispatcher | undefined {
  const dispatcher: unknown = context.getDispatcher();
  return isDispatcher(dispatcher) ? anyFetchDispatcher(dispatcher) : undefined;
}

function isDispatcher(value: unknown): value is Dispatcher {
  return (
    typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function'
  );
}

function urlOf(server: string, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(server.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
