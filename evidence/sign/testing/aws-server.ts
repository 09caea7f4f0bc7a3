import { createHash, createHmac, createPublicKey, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Asked, type Reply, signDigest } from './service.ts';

export interface AwsState {
  readonly keyFile: string;
  readonly region: string;
  /** Secret keys and session tokens by access key id. */
  readonly accounts: Map<string, { readonly secret: string; readonly token?: string; expired?: boolean }>;
  keySpec: string;
  /** What every request is refused with. */
  refuse: string | null;
}

export const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Speaks as much of the KMS API as a signer needs; checks every request's signature (SigV4) by its own computation. */
export function kmsAnswer(state: AwsState, asked: Asked): Reply {
  const wrong = unauthenticated(state, asked);
  if (wrong !== null) return refusal(wrong);
  if (state.refuse !== null) return refusal(state.refuse);
  const { headers, body, method, path } = asked;
  if (method !== 'POST' || path !== '/' || headers['content-type'] !== 'application/x-amz-json-1.1')
    return refusal('UnknownOperationException');
  const request = JSON.parse(body) as Record<string, unknown>;
  switch (headers['x-amz-target']) {
    case 'TrentService.GetPublicKey':
      return publicKey(state, request);
    case 'TrentService.Sign':
      return sign(state, request);
    default:
      return refusal('UnknownOperationException');
  }
}

function publicKey({ keyFile, keySpec }: AwsState, request: Record<string, unknown>): Reply {
  if (!['alias/evidence', ARN].includes(String(request['KeyId'])) || Object.keys(request).length !== 1)
    return refusal('NotFoundException');
  const der = createPublicKey(readFileSync(keyFile)).export({ type: 'spki', format: 'der' });
  const body = {
    KeyId: ARN,
    KeySpec: keySpec,
    KeyUsage: 'SIGN_VERIFY',
    PublicKey: der.toString('base64'),
    SigningAlgorithms: ['ECDSA_SHA_256'],
  };
  return { status: 200, body };
}

function sign({ keyFile }: AwsState, request: Record<string, unknown>): Reply {
  const digest = Buffer.from(String(request['Message']), 'base64');
  const fields = Object.keys(request).toSorted().join();
  const isRight =
    fields === 'KeyId,Message,MessageType,SigningAlgorithm' &&
    request['KeyId'] === ARN &&
    request['MessageType'] === 'DIGEST' &&
    request['SigningAlgorithm'] === 'ECDSA_SHA_256' &&
    digest.length === 32;
  if (!isRight) return refusal('ValidationException');
  const Signature = signDigest(digest, keyFile).toString('base64');
  return { status: 200, body: { KeyId: ARN, Signature, SigningAlgorithm: 'ECDSA_SHA_256' } };
}

function refusal(name: string): Reply {
  return { status: 400, body: { __type: name, message: 'secret-of-aws' } };
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([\w-]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target', 'content-type'];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function unauthenticated(
  { accounts, region }: AwsState,
  { method, path, headers, body }: Asked,
): string | null {
  const [, id = '', day = '', where, service, names = '', signature = ''] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  const account = accounts.get(id);
  if (account === undefined) return 'UnrecognizedClientException';
  const signed = names.split(';');
  const date = String(headers['x-amz-date']);
  const token = headers['x-amz-security-token'];
  const needed = [...MUST_BE_SIGNED, ...(account.token === undefined ? [] : ['x-amz-security-token'])];
  if (!needed.every((name) => signed.includes(name)) || token !== account.token)
    return 'IncompleteSignatureException';
  if (where !== region || service !== 'kms' || !isNow(date, day)) return 'InvalidSignatureException';
  const canonical = [
    method,
    path,
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = `${day}/${region}/kms/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [day, region, 'kms', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${account.secret}`);
  const right = hmac(key, toSign);
  if (!timingSafeEqual(right, Buffer.from(signature, 'hex'))) return 'InvalidSignatureException';
  return account.expired === true ? 'ExpiredTokenException' : null;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isNow(date: string, day: string): boolean {
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const time = Date.parse(`${y}-${m}-${d}T${h}:${min}:${s}Z`);
  return date.startsWith(day) && Math.abs(Date.now() - time) < 5 * 60_000;
}

/** AssumeRoleWithWebIdentity. */
export function stsAnswer(
  made: { readonly id: string; readonly secret: string; readonly token: string; readonly until: string },
  { method, headers, body }: Asked,
): Reply {
  const form = Object.fromEntries(new URLSearchParams(body));
  const expected = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: 'arn:aws:iam::111122223333:role/exhibit',
    RoleSessionName: 'exhibit',
    WebIdentityToken: 'web-identity-of-the-pod',
  };
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded' && method === 'POST';
  if (!isForm || JSON.stringify(form) !== JSON.stringify(expected))
    return { status: 403, body: 'secret-of-sts' };
  const xml = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<SubjectFromWebIdentityToken>system:serviceaccount:ops:exhibit</SubjectFromWebIdentityToken>
<Credentials><SessionToken>${made.token}</SessionToken><SecretAccessKey>${made.secret}</SecretAccessKey>
<Expiration>${made.until}</Expiration><AccessKeyId>${made.id}</AccessKeyId></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
  return { status: 200, body: xml, headers: { 'Content-Type': 'text/xml' } };
}
