import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyDisclosure } from '../../evidence/disclose/verify.ts';
import { seal } from '../../evidence/seal.ts';
import { sampleContext, sampleEnvelopes, sampleKeys } from '../../evidence/testing/samples.ts';
import { ApiFixture } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

const keys = sampleKeys();
const trust = { publicKeyPem: [keys.signer.publicKeyPem], logKeys: [keys.checkpointSigner.vkey] };

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
});
afterEach(() => api.close());

describe('/v1/evidence/{id}/proof', () => {
  it('proves an item against the manifest that first sealed it, without the others', async () => {
    const envelopes = sampleEnvelopes(13);
    const sealed = await seal(envelopes, sampleContext(envelopes, keys, { head: await api.store.head() }));
    await api.store.append(sealed);
    for (const [index, { item }] of sealed.items.entries()) {
      const response = await api.request(`/v1/evidence/${item.id}/proof`);
      expect(response.headers.get('Content-Type')).toBe('application/vnd.exhibit.disclosure+json');
      const text = await response.text();
      expect(verifyDisclosure(Buffer.from(text), trust)).toMatchObject({
        good: true,
        facts: { manifest: sealed.digest, ids: [item.id], of: 13 },
      });
      const others = sealed.items.toSpliced(index, 1);
      for (const other of others) expect(text).not.toContain(other.item.id);
    }
  });

  it('is the same for as long as it is there', async () => {
    const envelopes = sampleEnvelopes(3);
    await api.store.append(await seal(envelopes, sampleContext(envelopes, keys)));
    const path = `/v1/evidence/${envelopes[0]?.item.id}/proof`;
    const tag = (await api.request(path)).headers.get('ETag') ?? '';
    const again = await api.request(path, { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(304);
  });

  it('names the item to the last look, which then reads the rest alone', async () => {
    const looks: (readonly string[] | undefined)[] = [];
    const listening = await ApiFixture.open({
      outgoing: {
        check(text, _where, items) {
          looks.push(items);
          for (const item of items ?? []) expect(Buffer.from(text).includes(item)).toBe(true);
          return undefined;
        },
      },
    });
    try {
      const envelopes = sampleEnvelopes(2);
      await listening.store.append(await seal(envelopes, sampleContext(envelopes, keys)));
      await listening.get(`/v1/evidence/${envelopes[1]?.item.id}/proof`);
      expect(looks).toEqual([[envelopes[1]?.canonical]]);
    } finally {
      await listening.close();
    }
  });

  it('knows nothing of an item that is not there', async () => {
    await expectProblem(await api.request(`/v1/evidence/${'x'.repeat(43)}/proof`), 404);
  });
});
