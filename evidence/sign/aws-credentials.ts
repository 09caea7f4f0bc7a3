import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EvidenceError } from '../errors.ts';
import { callService, failure, jsonOf, type ServiceCall } from './service-call.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsCredentialSource {
  current(): Promise<AwsCredentials>;
  /** Forgets what was refused. */
  forget(): void;
}

export interface AwsContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly region: string;
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

interface Lease {
  readonly credentials: AwsCredentials;
  /** Milliseconds since 1970; Infinity for those that do not end. */
  readonly until: number;
}

/** New ones are asked for this long before the old ones end. */
const MARGIN_MS = 5 * 60_000;

/** Where ECS and EKS hand out credentials without TLS (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html). */
const CONTAINER_HOSTS = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'] as const;

/**
 * Credentials from where the platform puts them, in the order in which AWS's own libraries look: the environment, a web
 * identity (IRSA), the container's endpoint. There is no look at the instance's metadata service: what runs on the
 * machine is not what this agent is. `current()` throws EvidenceError KEY.
 */
export function awsCredentials(context: AwsContext): AwsCredentialSource {
  const now = context.now ?? Date.now;
  let lease: Promise<Lease> | undefined;
  const renew = (): Promise<Lease> => {
    const next = obtain(context);
    lease = next;
    next.catch(() => {
      if (lease === next) lease = undefined;
    });
    return next;
  };
  return {
    async current() {
      let held = await (lease ?? renew());
      if (held.until - MARGIN_MS <= now()) held = await renew();
      return held.credentials;
    },
    forget() {
      lease = undefined;
    },
  };
}

async function obtain(context: AwsContext): Promise<Lease> {
  const { env } = context;
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  if (isSet(accessKeyId) && isSet(secretAccessKey)) {
    const session = isSet(sessionToken) ? { sessionToken } : {};
    return { credentials: { accessKeyId, secretAccessKey, ...session }, until: Number.POSITIVE_INFINITY };
  }
  const roleArn = env['AWS_ROLE_ARN'];
  const tokenFile = env['AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (isSet(roleArn) && isSet(tokenFile)) return fromWebIdentity(roleArn, tokenFile, context);
  const address = containerAddress(env);
  if (address !== null) return fromContainer(address, context);
  throw new EvidenceError('KEY', 'there are no AWS credentials', {
    hint: 'Give the service account a role (IRSA or EKS Pod Identity), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  });
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
async function fromWebIdentity(roleArn: string, tokenFile: string, context: AwsContext): Promise<Lease> {
  const { env, region, timeoutMs } = context;
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: env['AWS_ROLE_SESSION_NAME'] ?? 'exhibit',
    WebIdentityToken: await readToken(tokenFile),
  });
  const call: ServiceCall = {
    service: 'AWS STS',
    url: new URL(env['AWS_ENDPOINT_URL_STS'] ?? `https://sts.${region}.${awsDomain(region)}`),
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/xml' },
    body: body.toString(),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const { status, body: xml } = await callService(call);
  if (status !== 200) {
    throw failure(
      call,
      `did not let the web identity take the role (status ${status})`,
      "Check the role's trust policy: the OIDC provider, and the service account in its condition.",
    );
  }
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
    'Expiration',
  ].map((tag) => element(xml, tag));
  if (!isSet(accessKeyId) || !isSet(secretAccessKey) || !isSet(sessionToken) || !isSet(expiration))
    throw failure(call, 'answered without credentials', 'Check AWS_ENDPOINT_URL_STS.');
  return leaseOf(call, { accessKeyId, secretAccessKey, sessionToken }, expiration);
}

/** The text of the one element of that name; undefined when there are none or several. Its values need no unescaping. */
function element(xml: string, tag: string): string | undefined {
  const found = [...xml.matchAll(new RegExp(`<${tag}>([^<&]{1,8192})</${tag}>`, 'g'))];
  return found.length === 1 ? found[0]?.[1] : undefined;
}

const containerAnswer = z.looseObject({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  Token: z.string().min(1),
  Expiration: z.string().min(1),
});

function containerAddress(env: AwsContext['env']): URL | null {
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  if (isSet(relative)) return new URL(relative, `http://${CONTAINER_HOSTS[0]}`);
  const full = env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (!isSet(full)) return null;
  if (URL.canParse(full)) return new URL(full);
  throw new EvidenceError('KEY', 'AWS_CONTAINER_CREDENTIALS_FULL_URI is not an address');
}

async function fromContainer(url: URL, { env, timeoutMs }: AwsContext): Promise<Lease> {
  const file = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token = isSet(file) ? await readToken(file) : env['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  const call: ServiceCall = {
    service: 'the credentials endpoint of the container',
    url,
    method: 'GET',
    headers: isSet(token) ? { Authorization: token } : {},
    plainHosts: CONTAINER_HOSTS,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const answer = await callService(call);
  if (answer.status !== 200)
    throw failure(call, `answered with status ${answer.status}`, 'Check the role of the task or pod.');
  const parsed = containerAnswer.safeParse(jsonOf(call, answer));
  if (!parsed.success)
    throw failure(call, 'answered without credentials', 'Check the role of the task or pod.');
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = parsed.data;
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
  return leaseOf(call, credentials, Expiration);
}

function leaseOf(call: ServiceCall, credentials: AwsCredentials, expiration: string): Lease {
  const until = Date.parse(expiration);
  if (!Number.isNaN(until)) return { credentials, until };
  throw failure(call, 'answered without saying when the credentials end', 'Check its address.');
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new EvidenceError('KEY', `the token file ${file} can not be read`, {
      hint: 'It is mounted by EKS for service accounts with a role.',
      cause: error,
    });
  }
}

/** Regions in China have a domain of their own. */
export function awsDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
