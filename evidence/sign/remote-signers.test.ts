import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, makeAuthority } from '../../test/helpers/tls-files.ts';
import { signPayload } from '../dsse.ts';
import { awsKmsSigner } from './aws-kms.ts';
import { generateKeyPair, type KeyPairPem } from './local.ts';
import { type AwsState, kmsAnswer, stsAnswer } from './testing/aws-server.ts';
import { type Asked, type Reply, type Service, serve } from './testing/service.ts';
import { type VaultState, vaultAnswer, vaultState } from './testing/vault-server.ts';
import { vaultTransitSigner } from './vault-transit.ts';

/** Against servers that speak the HTTP APIs strictly; against the real ones see remote-signers.itest.ts. */

const pairs = [generateKeyPair(), generateKeyPair()] as const;
let folder = '';
let authority: Authority;
const keyFiles: string[] = [];
const services: Service[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-remote-'));
  authority = await makeAuthority();
  for (const [index, { privateKeyPem }] of pairs.entries()) {
    const file = path.join(folder, `${index}.pem`);
    await writeFile(file, privateKeyPem);
    keyFiles.push(file);
  }
});
afterAll(async () => {
  await authority.remove();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function served(
  answer: (asked: Asked) => Reply,
  tls?: { cert: string; key: string },
): Promise<Service> {
  const service = await serve(answer, tls);
  services.push(service);
  return service;
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
}

const STATEMENT = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');
/** signPayload verifies what comes back with the signer's public key. */
const signs = async (signer: Parameters<typeof signPayload>[1], pair: KeyPairPem) => {
  expect(signer.publicKeyPem).toBe(pair.publicKeyPem);
  await signPayload(STATEMENT, signer);
};
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

describe('a key in Vault', () => {
  let state: VaultState;
  let vault: Service;
  const at = (tokenFile: string) => ({ address: vault.address, key: 'evidence', auth: { tokenFile } });
  const start = async () => {
    state = vaultState({ 1: keyFiles[0] ?? '' }, ['token-1']);
    vault = await served((asked) => vaultAnswer(state, asked));
  };

  it('signs digests, and goes on with its version when the key is rotated there', async () => {
    await start();
    const signer = await vaultTransitSigner(at(await file('token', 'token-1\n')));
    await signs(signer, pairs[0]);
    state.versions[2] = keyFiles[1] ?? '';
    await signs(signer, pairs[0]);
    const tokenFile = await file('token', 'token-1\n');
    await signs(await vaultTransitSigner(at(tokenFile), { expected: signer.keyId }), pairs[0]);
    await signs(await vaultTransitSigner(at(tokenFile), { expected: `sha256:${'0'.repeat(64)}` }), pairs[1]);
    await signs(await vaultTransitSigner(at(tokenFile), { version: 1 }), pairs[0]);
    expect(vault.asked.every(({ body }) => !body.includes(STATEMENT.toString('base64')))).toBe(true);
  });

  it('reads the token again when it is refused', async () => {
    await start();
    const tokenFile = await file('token', 'token-1');
    const signer = await vaultTransitSigner(at(tokenFile));
    state.tokens.delete('token-1');
    await expect(signPayload(STATEMENT, signer)).rejects.toThrow(refused(/does not accept the token/));
    state.tokens.add('token-2');
    await file('token', 'token-2');
    await signs(signer, pairs[0]);
  });

  it('logs in with the service account, and again when its token has ended', async () => {
    await start();
    const tokenFile = await file('jwt', 'jwt-of-the-pod');
    const auth = { kubernetes: { role: 'exhibit', tokenFile } };
    const signer = await vaultTransitSigner({ address: `${vault.address}/`, key: 'evidence', auth });
    await signs(signer, pairs[0]);
    expect(state.logins).toBe(1);
    state.tokens.clear();
    await signs(signer, pairs[0]);
    expect(state.logins).toBe(2);
    const other = { kubernetes: { role: 'other', tokenFile } };
    const failed = vaultTransitSigner({ address: vault.address, key: 'evidence', auth: other });
    expect(await quotesNothing(failed)).toEqual(refused(/refused the login .* status 400/));
  });

  it.each<[string, RegExp, (state: VaultState) => void]>([
    ['a token that is not accepted', /does not accept the token/, (now) => now.tokens.clear()],
    ['a key of another type', /can not sign evidence/, (now) => (now.type = 'ed25519')],
    ['a sealed Vault', /is sealed/, (now) => (now.sealed = true)],
  ])('is refused: %s', async (_what, message, change) => {
    await start();
    change(state);
    const error = await quotesNothing(vaultTransitSigner(at(await file('token', 'token-1'))));
    expect(error).toEqual(refused(message));
  });

  it('is refused when its version was closed, is not there, or another one signed', async () => {
    await start();
    const tokenFile = await file('token', 'token-1');
    const signer = await vaultTransitSigner(at(tokenFile));
    state.minEncryptionVersion = 2;
    await expect(signPayload(STATEMENT, signer)).rejects.toThrow(refused(/refuses to sign/));
    await expect(vaultTransitSigner(at(tokenFile), { version: 9 })).rejects.toThrow(refused(/no version 9/));
    const liar = await served((asked) => {
      const reply = vaultAnswer({ ...state, minEncryptionVersion: 0 }, asked);
      return { status: 200, body: JSON.stringify(reply?.body).replace('vault:v1:', 'vault:v2:') };
    });
    const lied = await vaultTransitSigner({ ...at(tokenFile), address: liar.address });
    await expect(signPayload(STATEMENT, lied)).rejects.toThrow(refused(/did not sign with version 1/));
    await expect(vaultTransitSigner(at(path.join(folder, 'none')))).rejects.toThrow(
      refused(/can not be read/),
    );
    await expect(vaultTransitSigner({ ...at(tokenFile), key: 'other' })).rejects.toThrow(
      refused(/has no key other/),
    );
    const noVault = await served(() => ({ status: 200, body: '<html>' }));
    await expect(vaultTransitSigner({ ...at(tokenFile), address: noVault.address })).rejects.toThrow(
      refused(/not JSON/),
    );
  });

  it('is reached only over TLS that its CA vouches for', async () => {
    state = vaultState({ 1: keyFiles[0] ?? '' }, ['token-1']);
    const { certFile, keyFile } = await authority.issue('vault', 'IP:127.0.0.1');
    const tls = { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    vault = await served((asked) => vaultAnswer(state, asked), tls);
    const where = at(await file('token', 'token-1'));
    await signs(await vaultTransitSigner({ ...where, caFile: authority.caFile }), pairs[0]);
    await expect(vaultTransitSigner(where)).rejects.toThrow(
      refused(/can not be reached \(\w*(CERT|SIGN|ISSUER|VERIFY)/),
    );
    await expect(vaultTransitSigner({ ...where, address: 'http://vault.example.org' })).rejects.toThrow(
      refused(/over https/),
    );
  });
});

describe('a key in AWS KMS', () => {
  let state: AwsState;
  const SECRET = ['wJalrXUtn', 'FEMI/K7MDENG'].join('');
  const start = async (answer: (asked: Asked) => Reply = (asked) => kmsAnswer(state, asked)) => {
    const account = { secret: SECRET };
    const accounts = new Map<string, { secret: string; token?: string; expired?: boolean }>([
      ['AKIATEST', account],
    ]);
    state = {
      keyFile: keyFiles[0] ?? '',
      region: 'eu-central-1',
      accounts,
      keySpec: 'ECC_NIST_P256',
      refuse: null,
    };
    const kms = await served(answer);
    return { keyId: 'alias/evidence', region: 'eu-central-1', endpoint: kms.address };
  };
  const env = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: SECRET };

  it('signs digests with requests that are signed, under the ARN and not the alias', async () => {
    const signer = await awsKmsSigner(await start(), { env });
    await signs(signer, pairs[0]);
    await signs(signer, pairs[0]);
  });

  it('takes a role with the web identity of the pod, and again before that ends', async () => {
    const at = await start();
    let clock = Date.parse('2026-11-21T00:00:00Z');
    const until = () => new Date(clock + 3_600_000).toISOString();
    let roles = 0;
    const sts = await served((asked) => {
      roles += 1;
      const made = {
        id: `ASIA${roles}`,
        secret: `secret-${roles}`,
        token: `session+/${roles}=`,
        until: until(),
      };
      state.accounts.set(made.id, { secret: made.secret, token: made.token });
      return stsAnswer(made, asked);
    });
    const identity = {
      AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/exhibit',
      AWS_WEB_IDENTITY_TOKEN_FILE: await file('identity', 'web-identity-of-the-pod'),
      AWS_ENDPOINT_URL_STS: sts.address,
    };
    const signer = await awsKmsSigner(at, { env: identity, now: () => clock });
    await signs(signer, pairs[0]);
    expect(roles).toBe(1);
    clock += 56 * 60_000;
    await signs(signer, pairs[0]);
    expect(roles).toBe(2);
    const held = state.accounts.get('ASIA2');
    if (held !== undefined) held.expired = true;
    await signs(signer, pairs[0]);
    expect(roles).toBe(3);
    await file('identity', 'of somebody else');
    const failed = awsKmsSigner(at, { env: identity });
    expect(await quotesNothing(failed)).toEqual(
      refused(/did not let the web identity take the role \(status 403\)/),
    );
  });

  it('takes the credentials of the container', async () => {
    const at = await start();
    state.accounts.set('ASIACONTAINER', { secret: 'c-secret', token: 'c-token' });
    const endpoint = await served(({ path: asked, headers }) => {
      if (asked !== '/v1/credentials' || headers.authorization !== 'token-of-the-agent')
        return { status: 401, body: 'secret-of' };
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      return {
        status: 200,
        body: { AccessKeyId: 'ASIACONTAINER', SecretAccessKey: 'c-secret', Token: 'c-token', Expiration },
      };
    });
    const container = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint.address}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await file('pod-identity', 'token-of-the-agent'),
    };
    await signs(await awsKmsSigner(at, { env: container }), pairs[0]);
    const without = { ...container, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '' };
    expect(await quotesNothing(awsKmsSigner(at, { env: without }))).toEqual(
      refused(/answered with status 401/),
    );
    const plain = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.7/v1/credentials' };
    await expect(awsKmsSigner(at, { env: plain })).rejects.toThrow(refused(/over https/));
  });

  it.each<[string, RegExp, Record<string, string>]>([
    ['no credentials', /there are no AWS credentials/, {}],
    ['an unknown access key', /does not know the credentials/, { ...env, AWS_ACCESS_KEY_ID: 'AKIAOTHER' }],
    ['a wrong secret key', /does not accept the signature/, { ...env, AWS_SECRET_ACCESS_KEY: 'other' }],
    ['a session token that is none', /answered with status 400/, { ...env, AWS_SESSION_TOKEN: 'x' }],
  ])('is refused: %s', async (_what, message, given) => {
    expect(await quotesNothing(awsKmsSigner(await start(), { env: given }))).toEqual(refused(message));
  });

  it.each<[string, RegExp]>([
    ['AccessDeniedException', /does not allow kms:Sign/],
    ['com.amazonaws.kms#DisabledException', /disabled/],
    ['ThrottlingException', /asked too often/],
    ['SomethingNewException', /answered with status 400/],
  ])('says what KMS meant by %s', async (name, message) => {
    const at = await start();
    const signer = await awsKmsSigner(at, { env });
    state.refuse = name;
    expect(await quotesNothing(signPayload(STATEMENT, signer))).toEqual(refused(message));
  });

  it('is refused when it is of another kind, or there is none', async () => {
    const at = await start();
    state.keySpec = 'RSA_2048';
    await expect(awsKmsSigner(at, { env })).rejects.toThrow(refused(/can not sign evidence/));
    await expect(awsKmsSigner({ ...at, keyId: 'alias/none' }, { env })).rejects.toThrow(
      refused(/no key with this id/),
    );
  });
});
