import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EvidenceError } from '../errors.ts';
import { callService, failure, jsonOf, type ServiceCall } from './service-call.ts';

export interface KubernetesSecretKey {
  readonly name: string;
  /** Entry of the secret's `data`. */
  readonly key: string;
  /** Default: the pod's own. */
  readonly namespace?: string | undefined;
}

export interface PodContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the token, CA and namespace of the pod's service account are mounted. */
  readonly serviceAccount?: string;
  readonly timeoutMs?: number;
}

export const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const SERVICE = 'the Kubernetes API server';

const secret = z.looseObject({
  kind: z.literal('Secret'),
  data: z.record(z.string(), z.string()).default({}),
});

/**
 * Reads one entry of a Secret with the pod's service account
 * (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/). Throws EvidenceError KEY.
 */
export async function readKubernetesSecret(at: KubernetesSecretKey, pod: PodContext): Promise<string> {
  const account = await serviceAccount(pod);
  const namespace = at.namespace ?? account.namespace;
  const call: ServiceCall = {
    service: SERVICE,
    url: new URL(`/api/v1/namespaces/${namespace}/secrets/${at.name}`, apiServer(pod.env)),
    method: 'GET',
    headers: { Authorization: `Bearer ${account.token}` },
    ca: account.ca,
    ...(pod.timeoutMs === undefined ? {} : { timeoutMs: pod.timeoutMs }),
  };
  const answer = await callService(call);
  const where = `${namespace}/${at.name}`;
  if (answer.status !== 200) throw refused(call, answer.status, where);
  const parsed = secret.safeParse(jsonOf(call, answer));
  if (!parsed.success)
    throw failure(call, 'answered with something that is not a Secret', 'Check its address.');
  const entry = Object.hasOwn(parsed.data.data, at.key) ? parsed.data.data[at.key] : undefined;
  if (entry !== undefined) return Buffer.from(entry, 'base64').toString('utf8');
  throw new EvidenceError('KEY', `the Secret ${where} has no entry ${at.key}`, {
    hint: `Make one: kubectl create secret generic ${at.name} --from-file=${at.key}=signing.pem`,
  });
}

function refused(call: ServiceCall, status: number, where: string): EvidenceError {
  switch (status) {
    case 401:
      return failure(
        call,
        'does not accept the token of the service account',
        'Check that it is mounted and current.',
      );
    case 403:
      return failure(
        call,
        `does not let the service account read the Secret ${where}`,
        'Give its Role the verb get on secrets, with this one resourceName.',
      );
    case 404:
      return failure(call, `has no Secret ${where}`, 'Create it, or correct its name and namespace.');
    default:
      return failure(call, `answered with status ${status}`, 'Try again; see its own log if it stays so.');
  }
}

async function serviceAccount({ serviceAccount: root = SERVICE_ACCOUNT }: PodContext) {
  const read = async (name: string): Promise<string> =>
    (await readFile(path.join(root, name), 'utf8')).trim();
  try {
    const [token, ca, namespace] = await Promise.all([read('token'), read('ca.crt'), read('namespace')]);
    return { token, ca, namespace };
  } catch (error) {
    throw new EvidenceError('KEY', `no service account is mounted at ${root}`, {
      hint: 'A key in a Kubernetes Secret can be read only in a pod with automountServiceAccountToken: true; or mount the Secret and give its path.',
      cause: error,
    });
  }
}

function apiServer(env: PodContext['env']): string {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT_HTTPS'] ?? env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host !== undefined && host !== '') return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  throw new EvidenceError('KEY', 'KUBERNETES_SERVICE_HOST is not set', {
    hint: 'A key in a Kubernetes Secret can be read only in a pod.',
  });
}
