import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Asked, type Reply, signDigest } from './service.ts';

export interface VaultState {
  /** Key files by version. */
  readonly versions: Record<string, string>;
  type: string;
  minEncryptionVersion: number;
  /** Tokens that are good now. */
  readonly tokens: Set<string>;
  /** What a login needs; each one makes a token. */
  readonly jwt: string;
  logins: number;
  sealed: boolean;
}

export function vaultState(versions: Record<string, string>, tokens: readonly string[]): VaultState {
  return {
    versions,
    type: 'ecdsa-p256',
    minEncryptionVersion: 0,
    tokens: new Set(tokens),
    jwt: 'jwt-of-the-pod',
    logins: 0,
    sealed: false,
  };
}

const SIGN_FIELDS = ['input', 'key_version', 'marshaling_algorithm', 'prehashed'];

/** Speaks as much of Vault's HTTP API as a signer needs, and is strict about it. Key `evidence` in the mount `transit`. */
export function vaultAnswer(state: VaultState, { method, path, headers, body }: Asked): Reply {
  if (state.sealed) return { status: 503, body: { errors: ['Vault is sealed'] } };
  if (headers['x-vault-request'] !== 'true') return { status: 412 };
  if (method === 'POST' && path === '/v1/auth/kubernetes/login') return login(state, body);
  if (!state.tokens.has(String(headers['x-vault-token']))) {
    return { status: 403, body: { errors: ['permission denied', 'secret-of-vault'] } };
  }
  if (method === 'GET' && path === '/v1/transit/keys/evidence') return key(state);
  if (method === 'POST' && path === '/v1/transit/sign/evidence/sha2-256') {
    return headers['content-type'] === 'application/json' ? sign(state, body) : { status: 400 };
  }
  return { status: 404, body: { errors: [] } };
}

function login(state: VaultState, body: string): Reply {
  const { role, jwt } = JSON.parse(body) as { role?: unknown; jwt?: unknown };
  if (role !== 'exhibit' || jwt !== state.jwt) return { status: 400, body: { errors: ['invalid role'] } };
  state.logins += 1;
  const token = `token-of-login-${state.logins}`;
  state.tokens.add(token);
  return { status: 200, body: { auth: { client_token: token, lease_duration: 3_600, renewable: true } } };
}

function key({ versions, type }: VaultState): Reply {
  const keys = Object.fromEntries(
    Object.entries(versions).map(([version, file]) => {
      const publicKey = createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'pem' });
      return [version, { creation_time: '2026-11-21T00:00:00Z', name: 'P-256', public_key: publicKey }];
    }),
  );
  const latest = Math.max(...Object.keys(versions).map(Number));
  return { status: 200, body: { data: { name: 'evidence', type, latest_version: latest, keys } } };
}

function sign({ versions, minEncryptionVersion }: VaultState, body: string): Reply {
  const asked = JSON.parse(body) as Record<string, unknown>;
  const version = asked['key_version'];
  const digest = Buffer.from(String(asked['input']), 'base64');
  const isStrict = Object.keys(asked).toSorted().join() === SIGN_FIELDS.join();
  const isDigest =
    asked['prehashed'] === true && digest.length === 32 && asked['marshaling_algorithm'] === 'asn1';
  const file = typeof version === 'number' && version >= minEncryptionVersion ? versions[version] : undefined;
  if (!isStrict || !isDigest || file === undefined) return { status: 400, body: { errors: ['bad'] } };
  const signature = `vault:v${String(version)}:${signDigest(digest, file).toString('base64')}`;
  return { status: 200, body: { data: { signature, key_version: version } } };
}
