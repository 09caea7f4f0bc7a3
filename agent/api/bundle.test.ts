import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decryptWith } from '../../evidence/bundle/age.ts';
import { bundleOf, partDigests } from '../../evidence/bundle/assemble.ts';
import { openBundle } from '../../evidence/bundle/open.ts';
import { collect, readAll } from '../../evidence/bundle/testing/random-bundle.ts';
import { jsonBundle } from '../../evidence/bundle/write.ts';
import { seal } from '../../evidence/seal.ts';
import { fakeSealed } from '../../evidence/store/testing/store-fixtures.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../../evidence/testing/samples.ts';
import { ApiFixture, NOW } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

const keys = sampleKeys();
const envelopes = sampleEnvelopes(40);
const sealed = await seal(envelopes, sampleBundleContext(envelopes, keys));
const bytes = await jsonBundle(bundleOf(sealed, SAMPLE_PARTS, sampleProofs(sealed)));
const expected = await readAll(await openBundle(bytes));
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);

const BUNDLE = '/v1/incidents/inc-1/bundle';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open();
  await api.post('/v1/incidents', { title: 'x' });
  await keep(bytes);
});
afterEach(() => api.close());

/** As the newest bundle of the incident. */
async function keep(kept: Uint8Array): Promise<void> {
  const stored = fakeSealed([], await api.store.head(), 'bundle');
  await api.store.append(stored);
  const createdAt = new Date(NOW).toISOString();
  await api.store.saveBundle({ incident: 'inc-1', manifest: stored.digest, createdAt, bytes: kept });
}

async function fetched(
  accept: string | undefined,
  query = '',
): Promise<{ response: Response; body: Buffer }> {
  const response = await api.request(
    `${BUNDLE}${query}`,
    accept === undefined ? {} : { headers: { accept } },
  );
  return { response, body: Buffer.from(await response.arrayBuffer()) };
}

async function* one(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

describe('the forms of a bundle', () => {
  it.each([
    [undefined, 'application/vnd.exhibit.bundle+json', 'json', 'json'],
    ['*/*', 'application/vnd.exhibit.bundle+json', 'json', 'json'],
    ['application/*', 'application/vnd.exhibit.bundle+json', 'json', 'json'],
    ['application/json', 'application/vnd.exhibit.bundle+json', 'json', 'json'],
    ['application/vnd.exhibit.bundle+json', 'application/vnd.exhibit.bundle+json', 'json', 'json'],
    ['application/x-ndjson', 'application/x-ndjson', 'ndjson', 'ndjson'],
    ['Application/GZIP', 'application/gzip', 'tar', 'tar.gz'],
    ['text/html, application/json;q=0.1, application/gzip;q=0.5', 'application/gzip', 'tar', 'tar.gz'],
    ['application/gzip;q=0, application/x-ndjson', 'application/x-ndjson', 'ndjson', 'ndjson'],
  ])('for Accept %s it is %s', async (accept, type, form, extension) => {
    const { response, body } = await fetched(accept);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(response.headers.get('Vary')).toContain('Accept');
    expect(response.headers.get('Content-Disposition')).toBe(
      `attachment; filename="incident-inc-1.bundle.${extension}"`,
    );
    const source = await openBundle(body);
    expect(source.form).toBe(form);
    expect(await readAll(source)).toEqual(expected);
  });

  it.each(['text/html', 'image/*', 'application/age', 'application/gzip;q=0', 'application/xml, text/*'])(
    'for Accept %s there is none',
    async (accept) => {
      const found = await expectProblem(await api.request(BUNDLE, { headers: { accept } }), 406);
      expect(found.detail).toContain('application/gzip');
    },
  );

  it('has a tag of its own for every form, and answers 304 to it alone', async () => {
    const tags = new Map<string, string>();
    for (const accept of ['application/json', 'application/x-ndjson', 'application/gzip']) {
      const { response } = await fetched(accept);
      tags.set(accept, response.headers.get('ETag') ?? '');
    }
    expect(new Set(tags.values()).size).toBe(3);
    for (const [accept, own] of tags) {
      for (const tag of tags.values()) {
        const again = await api.request(BUNDLE, { headers: { accept, 'If-None-Match': tag } });
        expect(again.status).toBe(tag === own ? 304 : 200);
        await again.arrayBuffer();
      }
    }
  });

  it('is the same bytes each time', async () => {
    for (const accept of ['application/json', 'application/x-ndjson', 'application/gzip']) {
      const [first, second] = [await fetched(accept), await fetched(accept)];
      expect(first.body.equals(second.body)).toBe(true);
    }
  });
});

describe('a bundle for recipients', () => {
  it.each([
    [undefined, 'json', 'json.age'],
    ['application/age', 'json', 'json.age'],
    ['application/gzip', 'tar', 'tar.gz.age'],
    ['application/x-ndjson', 'ndjson', 'ndjson.age'],
  ])('for Accept %s is encrypted %s', async (accept, form, extension) => {
    const { response, body } = await fetched(accept, `?recipient=${recipient}`);
    expect(response.headers.get('Content-Type')).toBe('application/age');
    expect(response.headers.get('ETag')).toBeNull();
    expect(response.headers.get('Content-Disposition')).toContain(`.bundle.${extension}"`);
    expect(body.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    const source = await openBundle(await collect(decryptWith([identity], one(body))));
    expect(source.form).toBe(form);
    expect(await readAll(source)).toEqual(expected);
  });

  it('is for all that are named', async () => {
    const other = await generateX25519Identity();
    const query = `?recipient=${recipient}&recipient=${await identityToRecipient(other)}`;
    const { body } = await fetched(undefined, query);
    for (const each of [identity, other]) {
      expect((await collect(decryptWith([each], one(body)))).equals(bytes)).toBe(true);
    }
  });

  it.each(['age1', 'ssh-ed25519%20AAAA', `${recipient}x`, ''])('refuses the recipient %j', async (wrong) => {
    await expectProblem(await api.request(`${BUNDLE}?recipient=${wrong}`), 400);
  });

  it('refuses a recipient with a typing error', async () => {
    const last = recipient.endsWith('q') ? 'p' : 'q';
    const wrong = `${recipient.slice(0, -1)}${last}`;
    await expectProblem(await api.request(`${BUNDLE}?recipient=${wrong}`), 400);
  });

  it('refuses parameters that it does not know', async () => {
    await expectProblem(await api.request(`${BUNDLE}?recipients=${recipient}`), 400);
  });
});

describe('the net', () => {
  const secret = ['ghp_', 'Zk3', 'x9QvL2mT7', 'bW4nR8pY6', 'cH1dF5gJ0sKAeq'].join('');
  const leaking = { ...SAMPLE_PARTS, incident: { id: 'inc-1', title: secret } };

  it.each(['application/json', 'application/x-ndjson', 'application/gzip', 'application/age'])(
    'holds a bundle back in the form %s',
    async (accept) => {
      const leaky = await seal(
        envelopes,
        sampleBundleContext(envelopes, keys, { parts: partDigests(leaking) }),
      );
      await keep(await jsonBundle(bundleOf(leaky, leaking, sampleProofs(leaky))));
      const query = accept === 'application/age' ? `?recipient=${recipient}` : '';
      const found = await expectProblem(await api.request(`${BUNDLE}${query}`, { headers: { accept } }), 500);
      expect(found.detail).toMatch(/held back/);
    },
  );
});
