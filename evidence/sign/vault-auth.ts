import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EvidenceError } from '../errors.ts';
import { SERVICE_ACCOUNT } from './kubernetes-secret.ts';
import { callService, failure, jsonOf, type ServiceCall } from './service-call.ts';

/** How the agent shows Vault who it is. */
export type VaultAuth =
  | { readonly tokenFile: string }
  | {
      readonly kubernetes: {
        readonly role: string;
        /** Where the auth method is mounted; default `kubernetes`. */
        readonly mount?: string | undefined;
        /** Default: the token of the pod's service account. */
        readonly tokenFile?: string | undefined;
      };
    };

/** A Vault token, and a new one when the old one is not accepted any more. */
export interface VaultToken {
  current(): Promise<string>;
  /** Forgets the token that was refused. */
  forget(): void;
}

/** What every call to one Vault has in common. */
export type VaultCall = (
  path: string,
  method: ServiceCall['method'],
  headers: Readonly<Record<string, string>>,
  body?: string,
) => ServiceCall;

const login = z.looseObject({ auth: z.looseObject({ client_token: z.string().min(1).max(16_384) }) });

/**
 * A token file is read again when its token is refused, since an agent beside this one may have replaced it. With
 * Kubernetes (https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#login) a new login is made then.
 */
export function vaultToken(auth: VaultAuth, call: VaultCall): VaultToken {
  let token: Promise<string> | undefined;
  const obtain = (): Promise<string> => ('tokenFile' in auth ? readToken(auth.tokenFile) : logIn(auth, call));
  return {
    current() {
      token ??= obtain().catch((error: unknown) => {
        token = undefined;
        throw error;
      });
      return token;
    },
    forget() {
      token = undefined;
    },
  };
}

async function logIn(
  { kubernetes }: Extract<VaultAuth, { kubernetes: unknown }>,
  call: VaultCall,
): Promise<string> {
  const { role, mount = 'kubernetes', tokenFile = `${SERVICE_ACCOUNT}/token` } = kubernetes;
  const body = JSON.stringify({ role, jwt: await readToken(tokenFile) });
  const request = call(`auth/${mount}/login`, 'POST', { 'Content-Type': 'application/json' }, body);
  const answer = await callService(request);
  if (answer.status !== 200) {
    throw failure(
      request,
      `refused the login of the service account with status ${answer.status}`,
      `Check the role ${role} of the auth method ${mount}: its bound service account and namespace.`,
    );
  }
  const parsed = login.safeParse(jsonOf(request, answer));
  if (parsed.success) return parsed.data.auth.client_token;
  throw failure(
    request,
    'answered the login without a token',
    'Check the address and the mount of the auth method.',
  );
}

async function readToken(file: string): Promise<string> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    if (text !== '' && !/\s/.test(text)) return text;
  } catch (error) {
    throw new EvidenceError('KEY', `the token file ${file} can not be read`, {
      hint: 'Check the path, and that this user may read it.',
      cause: error,
    });
  }
  throw new EvidenceError('KEY', `the file ${file} does not hold a token`, {
    hint: 'It must hold one token and nothing else.',
  });
}
