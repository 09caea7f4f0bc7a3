import path from 'node:path';
import type { SigningKeyAt } from '../../evidence/sign/open.ts';
import type { SigningConfig } from './key-schema.ts';
import type { AgentConfig } from './schema.ts';

/** Whose agent it is, and where its store and its keys are. Paths are absolute. */
export interface KeyPlaces {
  readonly tenant: string;
  /** Name of the log; its checkpoint key is named by it. */
  readonly origin: string;
  readonly dataDir: string;
  /** Where the key that signs evidence is. */
  readonly signing: SigningKeyAt;
  /** The file of that key, or where it would be if it were in one. */
  readonly signingKey: string;
  readonly checkpointKey: string;
  /** Every version of the key history; public. */
  readonly keyHistory: string;
  readonly pseudonymKey: string;
  readonly apiToken: string;
}

/** @param base folder that relative paths start at */
export function keyPlaces(
  config: Pick<AgentConfig, 'tenant' | 'dataDir' | 'keys' | 'transparency'>,
  base: string,
): KeyPlaces {
  const { tenant, transparency, keys } = config;
  const dataDir = path.resolve(base, config.dataDir);
  const defaults = keyPathsIn(path.join(dataDir, 'keys'), tenant);
  const signing = keys.signing === undefined ? defaults.signing : signingAt(keys.signing, base);
  return {
    ...defaults,
    origin: transparency.origin ?? defaults.origin,
    dataDir,
    signing,
    signingKey: signing.kind === 'file' ? signing.path : defaults.signingKey,
    checkpointKey:
      keys.checkpoint === undefined ? defaults.checkpointKey : path.resolve(base, keys.checkpoint),
    pseudonymKey: keys.pseudonym === undefined ? defaults.pseudonymKey : path.resolve(base, keys.pseudonym),
  };
}

/** The keys of an agent whose config says nothing about them, in their folder. */
export function keyPathsIn(folder: string, tenant = 'default'): KeyPlaces {
  const signingKey = path.join(folder, 'signing.pem');
  return {
    tenant,
    origin: `${tenant}.exhibit.internal`,
    dataDir: path.dirname(folder),
    signing: { kind: 'file', path: signingKey },
    signingKey,
    checkpointKey: path.join(folder, 'checkpoint.pem'),
    keyHistory: path.join(folder, 'key-history.json'),
    pseudonymKey: path.join(folder, 'pseudonym.key'),
    apiToken: path.join(folder, 'api-token'),
  };
}

function signingAt(given: SigningConfig, base: string): SigningKeyAt {
  const { file, kubernetesSecret, vaultTransit, awsKms } = given;
  if (kubernetesSecret !== undefined) return { kind: 'kubernetesSecret', ...kubernetesSecret };
  if (awsKms !== undefined) return { kind: 'awsKms', ...awsKms };
  if (vaultTransit !== undefined) return vaultAt(vaultTransit, base);
  return { kind: 'file', path: path.resolve(base, file ?? '') };
}

function vaultAt(given: NonNullable<SigningConfig['vaultTransit']>, base: string): SigningKeyAt {
  const { auth, caFile, ...rest } = given;
  const resolved = (file: string | undefined) =>
    file === undefined ? {} : { tokenFile: path.resolve(base, file) };
  return {
    kind: 'vaultTransit',
    ...rest,
    ...(caFile === undefined ? {} : { caFile: path.resolve(base, caFile) }),
    auth:
      auth.kubernetes === undefined
        ? { tokenFile: path.resolve(base, auth.tokenFile ?? '') }
        : { kubernetes: { ...auth.kubernetes, ...resolved(auth.kubernetes.tokenFile) } },
  };
}
