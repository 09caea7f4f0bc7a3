import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock, recordingLogger } from '../connectors/sdk/testing/index.ts';
import { EMPTY_HEAD, SAMPLE_POLICY, sampleEnvelopes, sampleKeys } from '../evidence/testing/samples.ts';
import { verifyManifest } from '../evidence/verify.ts';
import { testAuthority } from '../test/helpers/timestamp-authority.ts';
import { makeSealing } from './sealing.ts';
import { timestampsOf } from './timestamps.ts';

const authority = testAuthority();

let folder = '';
let server: Server;
let isDown = false;
const told: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-timestamps-'));
  await writeFile(path.join(folder, 'tsa.pem'), authority.chainPem);
  isDown = false;
  told.length = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (isDown) return response.writeHead(503).end();
      const answer = authority.answer(Buffer.concat(chunks));
      return response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

type Configured = Parameters<typeof timestampsOf>[0];

function asked(changes: { required?: boolean; certificate?: string } = {}) {
  const { port } = server.address() as AddressInfo;
  const timestamps = {
    url: `http://127.0.0.1:${port}/tsa`,
    purposes: ['run'],
    timeout: 2_000,
    required: changes.required ?? false,
  };
  const timestampCertificate = path.join(folder, changes.certificate ?? 'tsa.pem');
  const configured = { config: { timestamps }, paths: { timestampCertificate } };
  const metrics = { timestamp: (result: 'given' | 'missing') => void told.push(result) };
  return timestampsOf(configured as unknown as Configured, { logger: recordingLogger(), metrics });
}

async function sealed(required = false) {
  const keys = sampleKeys();
  const timestamps = await asked({ required });
  if (timestamps === undefined) throw new Error('an authority was configured');
  const sealing = makeSealing({
    tenant: 'acme',
    agent: { name: 'exhibit', version: '0.1.0', build: `sha256:${'b'.repeat(64)}`, identity: 'test' },
    policy: () => SAMPLE_POLICY,
    privileges: () => null,
    clock: fakeClock({ at: new Date().toISOString() }),
    keys,
    timestamp: timestamps.seal,
  });
  const { canonical, attestation } = await sealing.run(sampleEnvelopes(3), EMPTY_HEAD);
  const { checks, facts } = verifyManifest(canonical, attestation, {
    publicKeyPem: [keys.signer.publicKeyPem],
    timestampChains: [authority.chainPem],
  });
  return { result: checks.find(({ check }) => check === 'timestamp')?.result, facts };
}

describe('timestamps', () => {
  it('prove when a manifest was signed to whoever trusts the authority', async () => {
    const { result, facts } = await sealed();
    expect(result).toBe('ok');
    expect(facts).toMatchObject({ signedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(told).toEqual(['given']);
  });

  it('are missing, and counted, while the authority does not answer: the evidence is sealed without', async () => {
    isDown = true;
    const { result, facts } = await sealed();
    expect(result).toBe('warning');
    expect(facts).toMatchObject({ signedAt: null });
    expect(told).toEqual(['missing']);
  });

  it('are waited for where the configuration says that nothing is sealed without', async () => {
    isDown = true;
    await expect(sealed(true)).rejects.toMatchObject({ code: 'TIMESTAMP' });
    isDown = false;
    expect((await sealed(true)).result).toBe('ok');
  });

  it('need certificates that can be read and used', async () => {
    await expect(asked({ certificate: 'gone.pem' })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('gone.pem'),
    });
    await writeFile(path.join(folder, 'half.pem'), authority.chainPem.slice(0, 300));
    await expect(asked({ certificate: 'half.pem' })).rejects.toMatchObject({ code: 'TIMESTAMP' });
  });

  it('are asked of nobody where no authority is configured', async () => {
    const nobody = { config: {}, paths: { timestampCertificate: null } } as unknown as Configured;
    const metrics = { timestamp: () => undefined };
    expect(await timestampsOf(nobody, { logger: recordingLogger(), metrics })).toBeUndefined();
  });
});
