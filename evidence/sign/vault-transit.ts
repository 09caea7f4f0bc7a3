import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { sha256Hex } from '../digest.ts';
import { EvidenceError } from '../errors.ts';
import { keyId, readPublicKey } from './key.ts';
import { callService, failure, jsonOf, type ServiceAnswer, type ServiceCall } from './service-call.ts';
import type { Signer } from './signer.ts';
import { type VaultAuth, type VaultCall, vaultToken } from './vault-auth.ts';

/** A key in the transit engine of HashiCorp Vault or OpenBao (https://developer.hashicorp.com/vault/api-docs/secret/transit). */
export interface VaultTransitKey {
  /** `https://vault.example.org:8200`. */
  readonly address: string;
  /** Where the engine is mounted; default `transit`. */
  readonly mount?: string | undefined;
  /** Name of a key of type ecdsa-p256. */
  readonly key: string;
  /** Of Vault Enterprise. */
  readonly namespace?: string | undefined;
  readonly auth: VaultAuth;
  /** Certificates in PEM that sign Vault's own; default: those of the system. */
  readonly caFile?: string | undefined;
}

export interface VaultTransitOptions {
  /** Which version of the key; default: the one with the key id `expected`, else the newest. */
  readonly version?: number;
  readonly expected?: string;
  readonly timeoutMs?: number;
}

const keyAnswer = z.looseObject({
  data: z.looseObject({
    type: z.string(),
    latest_version: z.int().positive(),
    keys: z.record(z.string().regex(/^[1-9]\d{0,8}$/), z.looseObject({ public_key: z.string().max(4_096) })),
  }),
});

const signAnswer = z.looseObject({
  data: z.looseObject({
    signature: z
      .string()
      .regex(/^vault:v\d{1,9}:[A-Za-z0-9+/]+={0,2}$/)
      .max(1_024),
  }),
});

/**
 * Signs in Vault; the private key never leaves it, and of what is signed only the SHA-256 goes there. The version is
 * fixed when the signer is made: a rotation in Vault changes nothing here until the key history says so. Throws KEY.
 */
export async function vaultTransitSigner(
  at: VaultTransitKey,
  options: VaultTransitOptions = {},
): Promise<Signer> {
  const send = await vaultSender(at, options);
  const { version, publicKeyPem } = await pinned(at, send, options);
  return {
    keyId: keyId(readPublicKey(publicKeyPem)),
    publicKeyPem,
    sign: async (pae) => {
      const body = JSON.stringify({
        input: Buffer.from(sha256Hex(pae), 'hex').toString('base64'),
        prehashed: true,
        key_version: version,
        marshaling_algorithm: 'asn1',
      });
      const { call, answer } = await send(`${mountOf(at)}/sign/${at.key}/sha2-256`, 'POST', body);
      const parsed = signAnswer.safeParse(jsonOf(call, answer));
      const prefix = `vault:v${version}:`;
      const signature = parsed.data?.data.signature;
      if (signature?.startsWith(prefix) === true)
        return Buffer.from(signature.slice(prefix.length), 'base64');
      throw failure(
        call,
        `did not sign with version ${version} of the key ${at.key}`,
        'Check that it is a transit engine.',
      );
    },
  };
}

interface Exchange {
  readonly call: ServiceCall;
  readonly answer: ServiceAnswer;
}
type Send = (path: string, method: ServiceCall['method'], body?: string) => Promise<Exchange>;

async function pinned(at: VaultTransitKey, send: Send, { version, expected }: VaultTransitOptions) {
  const { call, answer } = await send(`${mountOf(at)}/keys/${at.key}`, 'GET');
  const parsed = keyAnswer.safeParse(jsonOf(call, answer));
  if (parsed.data?.data.type !== 'ecdsa-p256') {
    throw failure(
      call,
      `has a key ${at.key} that can not sign evidence`,
      `Make one: vault write -f ${mountOf(at)}/keys/${at.key}-p256 type=ecdsa-p256`,
    );
  }
  const { keys, latest_version: latest } = parsed.data.data;
  const found = Object.entries(keys).map(([number, key]) => ({
    version: Number(number),
    publicKeyPem: pemOf(key.public_key),
  }));
  const wanted =
    version ?? found.find((each) => keyId(readPublicKey(each.publicKeyPem)) === expected)?.version ?? latest;
  const chosen = found.find((each) => each.version === wanted);
  if (chosen !== undefined) return chosen;
  throw failure(
    call,
    `has no version ${wanted} of the key ${at.key}`,
    'See the versions: vault read the key.',
  );
}

/** In the one form in which keys are written down. */
function pemOf(text: string): string {
  return readPublicKey(text).export({ type: 'spki', format: 'pem' }).toString();
}

/** Sends with a token; once more with a new one when the token is refused. */
async function vaultSender(at: VaultTransitKey, { timeoutMs }: VaultTransitOptions): Promise<Send> {
  const ca = at.caFile === undefined ? undefined : await readCa(at.caFile);
  const base = at.address.endsWith('/') ? at.address : `${at.address}/`;
  const callOf: VaultCall = (path, method, headers, body) => ({
    service: 'Vault',
    url: new URL(`v1/${path}`, base),
    method,
    headers: {
      'X-Vault-Request': 'true',
      ...(at.namespace === undefined ? {} : { 'X-Vault-Namespace': at.namespace }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(ca === undefined ? {} : { ca }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const token = vaultToken(at.auth, callOf);
  const once = async (path: string, method: ServiceCall['method'], body?: string): Promise<Exchange> => {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const call = callOf(path, method, { 'X-Vault-Token': await token.current(), ...type }, body);
    return { call, answer: await callService(call) };
  };
  return async (path, method, body) => {
    let exchange = await once(path, method, body);
    if (exchange.answer.status === 403) {
      token.forget();
      exchange = await once(path, method, body);
    }
    const { call, answer } = exchange;
    if (answer.status !== 200) throw refused(call, answer.status, at);
    return exchange;
  };
}

function refused(call: ServiceCall, status: number, at: VaultTransitKey): EvidenceError {
  const mount = mountOf(at);
  switch (status) {
    case 400:
      return failure(
        call,
        `refuses to sign with the key ${at.key}`,
        'Check min_encryption_version of the key: the version in use may be closed.',
      );
    case 403:
      return failure(
        call,
        'does not accept the token, or the token may not use the key',
        `The policy needs read on ${mount}/keys/${at.key} and update on ${mount}/sign/${at.key}/sha2-256.`,
      );
    case 404:
      return failure(call, `has no key ${at.key} in ${mount}`, 'Check the mount, the key and the namespace.');
    case 503:
      return failure(call, 'is sealed or in maintenance', 'Unseal it.');
    default:
      return failure(
        call,
        `answered with status ${status}`,
        "Try again; see Vault's own log if it stays so.",
      );
  }
}

function mountOf({ mount = 'transit' }: VaultTransitKey): string {
  return mount;
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new EvidenceError('KEY', `the certificates ${file} can not be read`, {
      hint: 'Check caFile.',
      cause: error,
    });
  }
}
