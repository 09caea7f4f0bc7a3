import { type AwsKmsKey, awsKmsSigner } from './aws-kms.ts';
import { readPrivateFile } from './key-file.ts';
import { type KubernetesSecretKey, type PodContext, readKubernetesSecret } from './kubernetes-secret.ts';
import { localSigner } from './local.ts';
import type { Signer } from './signer.ts';
import { type VaultTransitKey, vaultTransitSigner } from './vault-transit.ts';

/** Where a key that signs evidence is. */
export type SigningKeyAt =
  | { readonly kind: 'file'; readonly path: string }
  | ({ readonly kind: 'kubernetesSecret' } & KubernetesSecretKey)
  | ({ readonly kind: 'vaultTransit' } & VaultTransitKey)
  | ({ readonly kind: 'awsKms' } & AwsKmsKey);

export interface OpenedSigner {
  readonly signer: Signer;
  /** The private key, where this process holds it. */
  readonly privateKeyPem: string | null;
}

export interface OpenOptions extends PodContext {
  /** The key id that is looked for where there are several (versions in Vault). */
  readonly expected?: string;
  /** A version in Vault, instead. */
  readonly version?: number;
}

/** Makes a signer of the key that lies there. Throws EvidenceError KEY. */
export async function openSigner(at: SigningKeyAt, options: OpenOptions): Promise<OpenedSigner> {
  switch (at.kind) {
    case 'file':
      return local(await readPrivateFile(at.path));
    case 'kubernetesSecret':
      return local(await readKubernetesSecret(at, options));
    case 'vaultTransit':
      return { signer: await vaultTransitSigner(at, options), privateKeyPem: null };
    case 'awsKms':
      return { signer: await awsKmsSigner(at, options), privateKeyPem: null };
  }
}

function local(privateKeyPem: string): OpenedSigner {
  return { signer: localSigner(privateKeyPem), privateKeyPem };
}
