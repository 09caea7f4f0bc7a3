import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubeApi, startKubeApi } from '../../test/helpers/kube-api.ts';
import { loadRecording } from '../../test/helpers/kube-recording.ts';
import { testClock, testDeps } from '../../test/helpers/kube-session.ts';
import { connector } from './index.ts';

/** The way into a real cluster: a kubeconfig with an authority of its own and a client certificate. */
describe('kubeconfig', () => {
  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-tls-'));
  const signal = AbortSignal.timeout(30_000);
  let api: KubeApi;
  let gateway: Server;

  beforeAll(async () => {
    if (!hasOpenssl) {
      process.stderr.write('skipped, because openssl is not installed: connectors/kubernetes/tls.itest.ts\n');
      return;
    }
    for (const name of ['ca', 'other']) {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.crt`,
      );
    }
    writeFileSync(join(folder, 'ext'), 'subjectAltName=IP:127.0.0.1\n');
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
      );
      openssl(
        'x509',
        '-req',
        '-days',
        '2',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.crt',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-extfile',
        'ext',
        '-out',
        `${name}.crt`,
      );
    }
    api = await startKubeApi({ recording: loadRecording('scaled-to-zero') });
    gateway = await startGateway(api.url);
  });

  afterAll(async () => {
    gateway?.close();
    gateway?.closeAllConnections();
    await api?.close();
    rmSync(folder, { recursive: true });
  });

  function openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  }

  function file(name: string): Buffer {
    return readFileSync(join(folder, name));
  }

  /** Lets in only who has a certificate of the authority, and passes on to the plain server. */
  async function startGateway(target: string): Promise<Server> {
    const tls = { key: file('server.key'), cert: file('server.crt'), ca: file('ca.crt'), requestCert: true };
    const server = createServer({ ...tls, rejectUnauthorized: true }, (incoming, outgoing) => {
      const { url = '/', method, headers } = incoming;
      const onward = request(new URL(url, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  function connect(server: string, authority: string, certificate = 'client') {
    const data = (name: string) => file(name).toString('base64');
    const kubeconfigFile = join(folder, `${authority}-${certificate}.yaml`);
    const user = {
      'client-certificate-data': data(`${certificate}.crt`),
      'client-key-data': data(`${certificate}.key`),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': data(`${authority}.crt`) } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(kubeconfigFile, JSON.stringify(config));
    return connector.create(connector.config.parse({ kubeconfigFile }), testDeps(testClock()));
  }

  const secure = () => `https://127.0.0.1:${(gateway.address() as AddressInfo).port}`;

  it('is trusted where its authority signed the server, and gets in with its certificate', async ({
    skip,
  }) => {
    if (!hasOpenssl) skip('openssl is not installed');
    expect(await connect(secure(), 'ca').authenticate(signal)).toMatchObject({
      identity: 'admin',
      missing: [],
    });
  });

  it.for([
    ['a server that another authority signed', 'other', 'client'],
    ['a certificate that another authority signed', 'ca', 'other'],
  ] as const)('does not get past %s', async ([, authority, certificate], { skip }) => {
    if (!hasOpenssl) skip('openssl is not installed');
    const refused = await connect(secure(), authority, certificate)
      .authenticate(signal)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: expect.stringMatching(/^(UNREACHABLE|AUTH)$/) as string });
  });

  it('may name a plain server on this machine, and no other', async ({ skip }) => {
    if (!hasOpenssl) skip('openssl is not installed');
    expect(await connect(api.url, 'ca').authenticate(signal)).toMatchObject({ identity: 'admin' });
    const elsewhere = connect('http://kubernetes.example:8080', 'ca').authenticate(signal);
    await expect(elsewhere).rejects.toMatchObject({ code: 'CONFIG' });
  });
});
