import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../canonical-json.ts';
import { signPayload } from '../dsse.ts';
import type { Signer } from '../sign/signer.ts';

/** What an attacker with a text editor, or with a key, makes of a bundle. */

export function parsed(bytes: Uint8Array): JsonObject {
  return JSON.parse(Buffer.from(bytes).toString()) as JsonObject;
}

/** The document as bytes again, in canonical form, so that nothing but its content is wrong. */
export function bytesOf(document: JsonValue): Uint8Array {
  return Buffer.from(canonicalize(document));
}

/**
 * A copy with the value at a path such as `items.3.item.body.pid` replaced by what `change` makes of it; undefined
 * removes it. Names of properties must not hold dots.
 */
export function edited(
  root: JsonValue,
  path: string,
  change: (old: JsonValue | undefined) => JsonValue | undefined,
): JsonObject {
  return editedAt(root, path.split('.'), change) as JsonObject;
}

function editedAt(
  value: JsonValue | undefined,
  [step, ...rest]: readonly string[],
  change: (old: JsonValue | undefined) => JsonValue | undefined,
): JsonValue | undefined {
  if (step === undefined) return change(value);
  if (isArray(value)) {
    const next = editedAt(value[Number(step)], rest, change);
    return next === undefined ? value.toSpliced(Number(step), 1) : value.with(Number(step), next);
  }
  if (typeof value !== 'object' || value === null)
    throw new Error(`there is no ${step} in a ${typeof value}`);
  const next = editedAt(value[step], rest, change);
  const others = Object.entries(value).filter(([name]) => name !== step);
  return Object.fromEntries(next === undefined ? others : [...others, [step, next]]);
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The document with another statement, signed for real. */
export async function resigned(
  document: JsonObject,
  signer: Signer,
  change: (statement: JsonObject) => JsonValue = (statement) => statement,
): Promise<JsonObject> {
  const envelope = at(document, 'attestation.dsseEnvelope') as JsonObject;
  const statement = JSON.parse(Buffer.from(String(envelope['payload']), 'base64').toString()) as JsonObject;
  const signed = await signPayload(Buffer.from(canonicalize(change(statement))), signer);
  const withEnvelope = edited(document, 'attestation.dsseEnvelope', () => ({ ...signed }));
  return edited(withEnvelope, 'attestation.verificationMaterial.publicKey.hint', () => signer.keyId);
}

export function at(root: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const step of path.split('.')) {
    if (isArray(value)) value = value[Number(step)];
    else if (typeof value === 'object' && value !== null) value = value[step];
    else return undefined;
  }
  return value;
}

/** The same numbers on every run: a failing test must fail again. */
export function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
