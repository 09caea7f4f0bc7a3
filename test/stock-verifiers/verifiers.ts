import { spawn } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { EvidenceError } from '../../evidence/errors.ts';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { verifyManifest, verifyReceipt } from '../../evidence/verify.ts';
import type { Presented } from './emitted.ts';

/** Verifiers that other people wrote, and ours, each behind the same question. */

export type StockName = 'sigstore-js' | 'cosign' | 'openssl';

export interface AnyVerifier {
  readonly name: StockName | 'ours';
  accepts(presented: Presented): Promise<boolean>;
}

export const ours: AnyVerifier = {
  name: 'ours',
  async accepts({ kind, artifact, attestation, trust, demands }) {
    const verify = kind === 'manifest' ? verifyManifest : verifyReceipt;
    const believed = {
      publicKeyPem: [trust.publicKeyPem],
      logKeys: [trust.vkey],
      timestampChains: [trust.timestampChain],
    };
    try {
      const report = verify(artifact, attestation, believed);
      // A missing timestamp is a warning; somebody who demands one reads those.
      const time = report.checks.find(({ check }) => check === 'timestamp');
      return report.good && (!demands.timestamp || time?.result === 'ok');
    } catch (error) {
      // Trust that can not be used is refused before the bundle is looked at.
      if (error instanceof EvidenceError) return false;
      throw error;
    }
  },
};

/** The caller says which key a hint stands for; subject and predicate type are the caller's to compare as well. */
export const sigstoreJs: AnyVerifier = {
  name: 'sigstore-js',
  async accepts({ attestation, trust, demands }) {
    const key = readPublicKey(trust.publicKeyPem);
    const root = TrustedRoot.fromJSON(JSON.parse(trust.trustedRoot));
    try {
      const material = toTrustMaterial(root, (hint) => {
        if (hint !== keyId(key)) throw new Error('unknown hint');
        return { publicKey: createPublicKey(trust.publicKeyPem), validFor: () => true };
      });
      const verifier = new Verifier(material, {
        ctlogThreshold: 0,
        tlogThreshold: demands.log ? 1 : 0,
        timestampThreshold: demands.timestamp ? 1 : 0,
      });
      verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(attestation))));
      return true;
    } catch {
      return false;
    }
  },
};

/** The files of one verification, in a folder of their own that goes away. */
async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'exhibit-stock-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function exitCode(command: string, args: readonly string[], cwd: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    // No network: every proxy is a port where nothing listens, and there is no home to keep a trusted root in.
    const nowhere = 'http://127.0.0.1:9';
    const env = {
      PATH: process.env['PATH'],
      HOME: cwd,
      TUF_ROOT: cwd,
      HTTPS_PROXY: nowhere,
      HTTP_PROXY: nowhere,
    };
    const child = spawn(command, args, { cwd, env, stdio: 'ignore', timeout: 30_000 });
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

/** The file names that the published command uses. */
export const COSIGN_FILES = {
  key: 'evidence.pub',
  trustedRoot: 'trusted_root.json',
  bundle: 'manifest.sigstore.json',
  artifact: 'manifest.json',
} as const;

/**
 * cosign as the published command calls it. What a bundle has no log entry for, or has a timestamp for, is said with
 * the options that cosign has for that.
 */
export function cosign(command: string, published: readonly string[]): AnyVerifier {
  return {
    name: 'cosign',
    accepts({ artifact, attestation, predicateType, trust, demands }) {
      const files = {
        [COSIGN_FILES.key]: trust.publicKeyPem,
        [COSIGN_FILES.trustedRoot]: trust.trustedRoot,
        [COSIGN_FILES.bundle]: attestation,
        [COSIGN_FILES.artifact]: artifact,
      };
      const args = published.with(published.indexOf('--type') + 1, predicateType);
      if (!demands.log) args.splice(1, 0, '--insecure-ignore-tlog');
      if (demands.timestamp) args.splice(1, 0, '--use-signed-timestamps');
      return inFolder(files, async (directory) => (await exitCode(command, args, directory)) === 0);
    },
  };
}

/** The signature over the pre-authentication encoding and nothing else, put together as one would in a shell. */
export const openssl: AnyVerifier = {
  name: 'openssl',
  async accepts({ attestation, trust }) {
    const envelope = envelopeIn(attestation);
    if (envelope === null) return false;
    const payload = Buffer.from(envelope.payload, 'base64');
    const type = envelope.payloadType;
    const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
    const files = {
      pub: trust.publicKeyPem,
      pae: Buffer.concat([Buffer.from(head), payload]),
      sig: Buffer.from(envelope.sig, 'base64'),
    };
    const args = ['dgst', '-sha256', '-verify', 'pub', '-signature', 'sig', 'pae'];
    return inFolder(files, async (directory) => (await exitCode('openssl', args, directory)) === 0);
  },
};

interface AnyEnvelope {
  readonly dsseEnvelope?: {
    readonly payload?: string;
    readonly payloadType?: string;
    readonly signatures?: readonly { readonly sig?: string }[];
  };
}

function envelopeIn(text: string): { payload: string; payloadType: string; sig: string } | null {
  try {
    const { dsseEnvelope } = JSON.parse(text) as AnyEnvelope;
    const sig = dsseEnvelope?.signatures?.[0]?.sig;
    if (dsseEnvelope?.payload === undefined || dsseEnvelope.payloadType === undefined) return null;
    if (sig === undefined) return null;
    return { payload: dsseEnvelope.payload, payloadType: dsseEnvelope.payloadType, sig };
  } catch {
    return null;
  }
}
