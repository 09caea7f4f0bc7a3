import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyHistory } from '../../evidence/trust/follow-history.ts';
import {
  SampleHistory,
  sampleNoteSigner,
  sampleSigner,
} from '../../evidence/trust/testing/sample-history.ts';
import { trustFrom } from '../../evidence/trust/trust.ts';
import { trustedRoot } from '../../evidence/trust/trusted-root.ts';
import { ApiFixture } from './testing/api-fixture.ts';

const [first, second] = [sampleSigner(), sampleSigner()];
const log = sampleNoteSigner();
const T0 = '2026-11-21T00:00:00.000Z';
const T1 = '2026-11-21T01:00:00.000Z';

let api: ApiFixture;
let sample: SampleHistory;
let signer = first;
beforeEach(async () => {
  signer = first;
  sample = await SampleHistory.begin(first, T0, log);
  api = await ApiFixture.open({
    keys: {
      publicKeyPem: () => signer.publicKeyPem,
      history: () => ({ ...readKeyHistory(sample.text()), text: sample.text() }),
      trustedRoot: () => trustedRoot(sample.history, []),
    },
  });
});
afterEach(() => api.close());

const rotate = async () => {
  await sample.rotate(first, second, T1, 3_600_000);
  signer = second;
};

describe('/v1/keys', () => {
  it('lists the keys, and follows a rotation', async () => {
    const before = await api.request('/v1/keys');
    expect(await before.json()).toMatchObject({ sequence: 1, current: { evidence: first.keyId } });
    await rotate();
    const tag = before.headers.get('ETag') ?? '';
    const now = await api.request('/v1/keys', { headers: { 'If-None-Match': tag } });
    expect(now.status).toBe(200);
    expect(await now.json()).toEqual({
      tenant: 'acme',
      sequence: 3,
      digest: readKeyHistory(sample.text()).digest,
      changedAt: T1,
      current: { evidence: second.keyId, checkpoint: sample.history.keys[1]?.keyId },
      keys: sample.history.keys,
    });
  });

  it('serves the signed history as it was signed: one old key is enough to follow it', async () => {
    await rotate();
    const response = await api.request('/v1/keys/history.json');
    const text = await response.text();
    expect(text).toBe(sample.text());
    const { evidence } = trustFrom({ publicKeyPem: [first.publicKeyPem], keyHistory: text });
    expect([...evidence.keys()]).toEqual([first.keyId, second.keyId]);
    const again = { headers: { 'If-None-Match': response.headers.get('ETag') ?? '' } };
    expect((await api.request('/v1/keys/history.json', again)).status).toBe(304);
  });

  it('serves the public key of now, and the trusted root', async () => {
    await rotate();
    expect(await (await api.request('/v1/keys/evidence.pub')).text()).toBe(second.publicKeyPem);
    const root = await api.request('/v1/trusted_root.json');
    expect(root.headers.get('Content-Type')).toBe('application/json');
    expect(await root.json()).toMatchObject({ tlogs: [{ baseUrl: 'https://acme.exhibit.internal' }] });
  });

  it.each(['/v1/keys', '/v1/keys/history.json', '/v1/trusted_root.json'])(
    '%s asks for the token',
    async (path) => {
      expect((await api.app.request(path)).status).toBe(401);
    },
  );
});
