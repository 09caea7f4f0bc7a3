import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { at, edited } from '../../evidence/testing/forge.ts';
import type { Emitter, Kind, Presented, Shape } from './emitted.ts';
import type { StockName } from './verifiers.ts';

/** What an attacker, a clumsy tool or a full disk makes of what was emitted. */

/** Two agents that know nothing of each other. */
export interface World {
  readonly agent: Emitter;
  readonly other: Emitter;
  readonly base: Presented;
  /** Another thing that the same agent emitted. */
  emit(kind: Kind, shape?: Shape): Presented;
}

export interface Mutation {
  readonly name: string;
  readonly mutate: (world: World) => Presented | Promise<Presented>;
  /** Stock verifiers that let it pass, and why that is how they are; ours never does. */
  readonly passes?: Readonly<Partial<Record<StockName, string>>>;
}

/** Paths into the Sigstore bundle. */
export const ENVELOPE = 'dsseEnvelope';
export const SIGNATURE = 'dsseEnvelope.signatures.0.sig';
export const MATERIAL = 'verificationMaterial';
export const ENTRY = 'verificationMaterial.tlogEntries.0';
export const PROOF = 'verificationMaterial.tlogEntries.0.inclusionProof';
export const NOTE = 'verificationMaterial.tlogEntries.0.inclusionProof.checkpoint.envelope';
export const TOKEN = 'verificationMaterial.timestampVerificationData.rfc3161Timestamps.0.signedTimestamp';

export function bundleOf(presented: Presented): JsonObject {
  return JSON.parse(presented.attestation) as JsonObject;
}

/** The bundle with another value at a path, in the canonical form, so that its form is not what is wrong. */
export function withBundle(
  presented: Presented,
  path: string,
  change: (old: JsonValue | undefined) => JsonValue | undefined,
): Presented {
  return { ...presented, attestation: canonicalize(edited(bundleOf(presented), path, change)) };
}

/** The same for a text at that path. */
export function withText(presented: Presented, path: string, change: (old: string) => string): Presented {
  return withBundle(presented, path, (old) => change(textOf(old)));
}

/** The same for what is written there in base64. */
export function withBytes(
  presented: Presented,
  path: string,
  change: (old: Buffer) => Uint8Array,
): Presented {
  return withText(presented, path, (old) =>
    Buffer.from(change(Buffer.from(old, 'base64'))).toString('base64'),
  );
}

export function textAt(presented: Presented, path: string): string {
  return textOf(at(bundleOf(presented), path));
}

export function bytesAt(presented: Presented, path: string): Buffer {
  return Buffer.from(textAt(presented, path), 'base64');
}

/** The text of the bundle itself, which then need not be canonical or JSON any more. */
export function withJson(presented: Presented, change: (text: string) => string): Presented {
  return { ...presented, attestation: change(presented.attestation) };
}

export function flipped(bytes: Uint8Array, index: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
}

/** A value that is there, or an error in the test. */
export function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error('there is no text to change');
}
