import { RECEIPT_PREDICATE_TYPE, RECEIPT_SCHEMA, signReceipt } from '../../evidence/receipt.ts';
import { seal } from '../../evidence/seal.ts';
import { type Attestation, attestation, attestationOf } from '../../evidence/sigstore.ts';
import { PREDICATE_TYPE } from '../../evidence/statement.ts';
import {
  sampleContext,
  sampleEnvelopes,
  sampleFrontier,
  sampleKeys,
} from '../../evidence/testing/samples.ts';
import { SampleHistory } from '../../evidence/trust/testing/sample-history.ts';
import { trustedRoot } from '../../evidence/trust/trusted-root.ts';
import { type TestAuthority, testAuthority } from '../helpers/timestamp-authority.ts';

/** What an agent emits, in every shape, and what a stranger is given to verify it with. */

/** What stands beside the signature in a bundle. */
export type Shape = 'key' | 'key+timestamp' | 'key+log' | 'key+log+timestamp';
export const SHAPES: readonly Shape[] = ['key', 'key+timestamp', 'key+log', 'key+log+timestamp'];

export type Kind = 'manifest' | 'receipt';

/** One verification: all that a verifier is handed. */
export interface Presented {
  readonly kind: Kind;
  /** manifest.json or receipt.json. */
  readonly artifact: string;
  /** The Sigstore bundle, as text. */
  readonly attestation: string;
  readonly predicateType: string;
  readonly trust: StockTrust;
  /** Whether the verifier is to insist on a log entry and on a timestamp. */
  readonly demands: { readonly log: boolean; readonly timestamp: boolean };
}

export interface StockTrust {
  readonly publicKeyPem: string;
  /** trusted_root.json */
  readonly trustedRoot: string;
  /** The same once more, in the form that our own verifier takes. */
  readonly vkey: string;
  readonly timestampChain: string;
}

export type AgentKeys = ReturnType<typeof sampleKeys>;

export interface Emitter {
  readonly keys: AgentKeys;
  readonly authority: TestAuthority;
  readonly trust: StockTrust;
  emit(kind: Kind, shape: Shape): Presented;
}

const MADE_AT = '2026-11-21T00:15:30.500Z';
/** When the authority sees what was signed then. */
export const STAMPED_AT = new Date('2026-11-21T00:15:31Z');
/** Around that, and around the time at which the tests run. */
export const GOOD_FOR_LONG = { notBefore: new Date('2026-01-01'), notAfter: new Date('2076-01-01') };

/** An agent with keys, a log of 41 leaves and a timestamp authority of its own. */
export async function emitter(): Promise<Emitter> {
  const authority = testAuthority(GOOD_FOR_LONG, GOOD_FOR_LONG);
  const keys = sampleKeys();
  const trust = await trustIn(keys, authority);
  const signed = { manifest: await sealedManifest(keys), receipt: await sealedReceipt(keys) };
  const emit = (kind: Kind, shape: Shape): Presented => {
    const { canonical, attestation: text } = signed[kind];
    return {
      kind,
      artifact: canonical,
      attestation: shaped(attestation.parse(JSON.parse(text)), shape, authority),
      predicateType: kind === 'manifest' ? PREDICATE_TYPE : RECEIPT_PREDICATE_TYPE,
      trust,
      demands: { log: shape.includes('log'), timestamp: shape.includes('timestamp') },
    };
  };
  return { keys, authority, trust, emit };
}

/** The attestation with no more than the shape has. */
function shaped(
  { dsseEnvelope, verificationMaterial }: Attestation,
  shape: Shape,
  by: TestAuthority,
): string {
  const [tlogEntry] = verificationMaterial.tlogEntries ?? [];
  const signature = Buffer.from(dsseEnvelope.signatures[0].sig, 'base64');
  return attestationOf(dsseEnvelope, verificationMaterial.publicKey.hint, {
    ...(shape.includes('log') && tlogEntry !== undefined ? { tlogEntry } : {}),
    ...(shape.includes('timestamp') ? { timestamp: by.stamp(signature, { time: STAMPED_AT }) } : {}),
  });
}

async function sealedManifest(keys: AgentKeys) {
  const items = sampleEnvelopes(15);
  const head = { manifest: null, lastItem: 0, log: sampleFrontier(41) };
  return seal(items, sampleContext(items, keys, { head }));
}

async function sealedReceipt(keys: AgentKeys) {
  return signReceipt(
    {
      schema: RECEIPT_SCHEMA,
      tenant: 'acme',
      agent: { name: 'exhibit', version: '0.1.0' },
      createdAt: MADE_AT,
      by: 'os:ana',
      reason: 'asked for by the works council',
      kind: 'epoch-erasure',
      epoch: {
        id: 'k3Rw-9_a',
        createdAt: '2026-08-01T00:00:00.000Z',
        retiredAt: '2026-11-01T00:00:00.000Z',
        erasedAt: MADE_AT,
      },
      items: 1204,
    },
    { keys, head: { manifest: null, lastItem: 0, log: sampleFrontier(42) } },
  );
}

export async function trustIn(keys: AgentKeys, authority: TestAuthority): Promise<StockTrust> {
  const { history } = await SampleHistory.begin(
    keys.signer,
    '2026-11-01T00:00:00.000Z',
    keys.checkpointSigner,
  );
  const { chainPem } = authority;
  return {
    publicKeyPem: keys.signer.publicKeyPem,
    trustedRoot: trustedRoot(history, [{ url: 'https://tsa.example', chainPem }]),
    vkey: keys.checkpointSigner.vkey,
    timestampChain: chainPem,
  };
}
