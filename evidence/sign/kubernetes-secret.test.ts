import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, makeAuthority } from '../../test/helpers/tls-files.ts';
import { signPayload } from '../dsse.ts';
import { readKubernetesSecret } from './kubernetes-secret.ts';
import { generateKeyPair } from './local.ts';
import { openSigner } from './open.ts';
import { type Service, serve } from './testing/service.ts';

const pair = generateKeyPair();
let folder = '';
let authority: Authority;
let service: Service | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-secret-'));
  authority = await makeAuthority();
});
afterAll(async () => {
  await authority.remove();
  await rm(folder, { recursive: true });
});
afterEach(() => service?.close());

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'KEY', message: expect.stringMatching(message) });
const quotesNothing = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason as Error,
  );
  expect(`${error.message} ${'hint' in error ? String(error.hint) : ''}`).not.toMatch(/secret-of/);
  return error;
};

describe('a key in a Kubernetes Secret', () => {
  const start = async () => {
    const { certFile, keyFile } = await authority.issue('api', 'IP:127.0.0.1');
    const tls = { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    const data = { 'signing.pem': Buffer.from(pair.privateKeyPem).toString('base64') };
    service = await serve(({ path: asked, headers }) => {
      if (headers.authorization !== 'Bearer token-of-the-pod') return { status: 401, body: 'secret-of' };
      if (asked.startsWith('/api/v1/namespaces/other/')) return { status: 403, body: 'secret-of' };
      if (asked !== '/api/v1/namespaces/ops/secrets/exhibit') return { status: 404, body: 'secret-of' };
      return { status: 200, body: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'exhibit' }, data } };
    }, tls);
    const account = await mkdtemp(path.join(folder, 'account-'));
    await writeFile(path.join(account, 'token'), 'token-of-the-pod');
    await writeFile(path.join(account, 'ca.crt'), await readFile(authority.caFile, 'utf8'));
    await writeFile(path.join(account, 'namespace'), 'ops');
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(service.port) };
    return { env, serviceAccount: account };
  };

  it('is read with the service account of the pod', async () => {
    const pod = await start();
    const opened = await openSigner({ kind: 'kubernetesSecret', name: 'exhibit', key: 'signing.pem' }, pod);
    expect(opened.signer.publicKeyPem).toBe(pair.publicKeyPem);
    await signPayload(Buffer.from('{}'), opened.signer);
    expect(opened.privateKeyPem).toBe(pair.privateKeyPem);
  });

  it.each<[string, RegExp, { name?: string; key?: string; namespace?: string }]>([
    ['another entry', /has no entry other.pem/, { key: 'other.pem' }],
    ['an entry that every object has', /has no entry constructor/, { key: 'constructor' }],
    ['another secret', /has no Secret ops\/none/, { name: 'none' }],
    [
      'a namespace it may not read',
      /does not let the service account read the Secret other\/exhibit/,
      { namespace: 'other' },
    ],
  ])('is refused: %s', async (_what, message, change) => {
    const failed = readKubernetesSecret({ name: 'exhibit', key: 'signing.pem', ...change }, await start());
    expect(await quotesNothing(failed)).toEqual(refused(message));
  });

  it('is not read from an API server that another authority vouches for, with a wrong token, or outside a pod', async () => {
    const pod = await start();
    const at = { name: 'exhibit', key: 'signing.pem' };
    await writeFile(path.join(pod.serviceAccount, 'token'), 'other');
    expect(await quotesNothing(readKubernetesSecret(at, pod))).toEqual(refused(/does not accept the token/));
    const stranger = await makeAuthority();
    await writeFile(path.join(pod.serviceAccount, 'ca.crt'), await readFile(stranger.caFile, 'utf8'));
    await stranger.remove();
    await expect(readKubernetesSecret(at, pod)).rejects.toThrow(refused(/can not be reached/));
    await expect(readKubernetesSecret(at, { ...pod, env: {} })).rejects.toThrow(
      refused(/KUBERNETES_SERVICE_HOST/),
    );
    await expect(
      readKubernetesSecret(at, { env: pod.env, serviceAccount: path.join(folder, 'none') }),
    ).rejects.toThrow(refused(/no service account is mounted/));
  });
});
