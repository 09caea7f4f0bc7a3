import { createPublicKey } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import { sha256Hex } from '../digest.ts';
import type { EvidenceError } from '../errors.ts';
import { type AwsContext, type AwsCredentialSource, awsCredentials, awsDomain } from './aws-credentials.ts';
import { keyId, readPublicKey } from './key.ts';
import { callService, failure, jsonOf, type ServiceAnswer, type ServiceCall } from './service-call.ts';
import type { Signer } from './signer.ts';

/** An asymmetric key of AWS KMS, spec ECC_NIST_P256, usage SIGN_VERIFY (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html). */
export interface AwsKmsKey {
  /** Id, ARN, or alias (`alias/name`). An alias is resolved once, when the signer is made. */
  readonly keyId: string;
  readonly region: string;
  /** Of a VPC endpoint or a server that speaks the same API. */
  readonly endpoint?: string | undefined;
}

const base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .max(4_096);

const publicKeyAnswer = z.looseObject({
  KeyId: z.string().min(1).max(2_048),
  KeySpec: z.string(),
  KeyUsage: z.string(),
  PublicKey: base64,
});

const signAnswer = z.looseObject({ KeyId: z.string(), SigningAlgorithm: z.string(), Signature: base64 });

/** Signs in KMS; of what is signed only the SHA-256 goes there. Throws EvidenceError KEY. */
export async function awsKmsSigner(
  at: AwsKmsKey,
  context: Pick<AwsContext, 'env' | 'timeoutMs' | 'now'>,
): Promise<Signer> {
  const credentials = awsCredentials({ ...context, region: at.region });
  const send = kmsSender(at, credentials, context.timeoutMs);
  const { call, answer } = await send('GetPublicKey', { KeyId: at.keyId });
  const described = publicKeyAnswer.safeParse(jsonOf(call, answer)).data;
  if (described?.KeySpec !== 'ECC_NIST_P256' || described.KeyUsage !== 'SIGN_VERIFY') {
    throw failure(
      call,
      'has a key under this id that can not sign evidence',
      'Make one: aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY',
    );
  }
  const publicKeyPem = pemOf(described.PublicKey);
  return {
    keyId: keyId(readPublicKey(publicKeyPem)),
    publicKeyPem,
    sign: async (pae) => {
      const Message = Buffer.from(sha256Hex(pae), 'hex').toString('base64');
      const request = {
        // The ARN, not the alias: an alias may come to mean another key.
        KeyId: described.KeyId,
        Message,
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      };
      const signed = await send('Sign', request);
      const parsed = signAnswer.safeParse(jsonOf(signed.call, signed.answer)).data;
      if (parsed?.SigningAlgorithm === 'ECDSA_SHA_256') return Buffer.from(parsed.Signature, 'base64');
      throw failure(signed.call, 'answered without a signature', 'Check the endpoint.');
    },
  };
}

function pemOf(der: string): string {
  const key = createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

interface Exchange {
  readonly call: ServiceCall;
  readonly answer: ServiceAnswer;
}
type Send = (action: 'GetPublicKey' | 'Sign', body: Readonly<Record<string, string>>) => Promise<Exchange>;

/** Sends with credentials; once more with new ones when they have ended early. */
function kmsSender(at: AwsKmsKey, credentials: AwsCredentialSource, timeoutMs: number | undefined): Send {
  const url = new URL(at.endpoint ?? `https://kms.${at.region}.${awsDomain(at.region)}/`);
  const once = async (action: string, body: string): Promise<Exchange> => {
    const { headers } = await new AwsV4Signer({
      ...(await credentials.current()),
      method: 'POST',
      url: url.href,
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `TrentService.${action}` },
      body,
      service: 'kms',
      region: at.region,
      // Of the headers that go out, these are the ones that mean something.
      allHeaders: true,
    }).sign();
    const call: ServiceCall = {
      service: 'AWS KMS',
      url,
      method: 'POST',
      headers: Object.fromEntries(headers),
      body,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    return { call, answer: await callService(call) };
  };
  return async (action, body) => {
    const text = JSON.stringify(body);
    let exchange = await once(action, text);
    if (codeOf(exchange.answer) === 'ExpiredTokenException') {
      credentials.forget();
      exchange = await once(action, text);
    }
    const { call, answer } = exchange;
    if (answer.status !== 200) throw refused(call, answer, action);
    return exchange;
  };
}

const NOT_USABLE = 'has a key that is disabled, deleted or for something else';
const MEANINGS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  NotFoundException: ['has no key with this id', 'Check keyId and region.'],
  DisabledException: [NOT_USABLE, 'Enable it, or give another key.'],
  KMSInvalidStateException: [NOT_USABLE, 'Enable it, or give another key.'],
  InvalidKeyUsageException: [NOT_USABLE, 'It must have the usage SIGN_VERIFY.'],
  UnrecognizedClientException: ['does not know the credentials', 'Check the role or the access key.'],
  ExpiredTokenException: ['says that the credentials have ended', 'Renew them.'],
  InvalidSignatureException: [
    'does not accept the signature of the request',
    'Check the secret key and the clock.',
  ],
  ThrottlingException: ['is asked too often', 'Raise its quota, or collect less often.'],
};

/** The name of the error, when it is one that we know; nothing else of the answer is ever repeated. */
function codeOf({ status, body }: ServiceAnswer): string | null {
  if (status === 200) return null;
  const [, name = ''] = /"__type"\s*:\s*"(?:[\w.]+#)?(\w{1,64})"/.exec(body) ?? [];
  return Object.hasOwn(MEANINGS, name) || name === 'AccessDeniedException' ? name : null;
}

function refused(call: ServiceCall, answer: ServiceAnswer, action: string): EvidenceError {
  const code = codeOf(answer) ?? '';
  if (code === 'AccessDeniedException')
    return failure(
      call,
      `does not allow kms:${action}`,
      `Add kms:${action} on this key to the role's policy.`,
    );
  const [what, hint] = MEANINGS[code] ?? [
    `answered with status ${answer.status}`,
    'Try again; see CloudTrail if it stays so.',
  ];
  return failure(call, what, hint);
}
