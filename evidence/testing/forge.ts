import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../canonical-json.ts';
import { digestOf, sha256Hex } from '../digest.ts';
import { type DsseEnvelope, signPayload } from '../dsse.ts';
import { itemLeaf, leafDigest } from '../leaf.ts';
import type { Frontier } from '../log/frontier.ts';
import { logNext } from '../logged.ts';
import { merkleRoot } from '../merkle.ts';
import type { SigningKeys } from '../sign/signer.ts';
import { attestationOf } from '../sigstore.ts';

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

/** The document with another statement, signed for real and put into the log in the same place. */
export async function resigned(
  document: JsonObject,
  keys: SigningKeys,
  log: Frontier,
  change: (statement: JsonObject) => JsonValue = (statement) => statement,
): Promise<JsonObject> {
  const envelope = at(document, 'attestation.dsseEnvelope') as JsonObject;
  const statement = JSON.parse(Buffer.from(String(envelope['payload']), 'base64').toString()) as JsonObject;
  const signed = await signPayload(Buffer.from(canonicalize(change(statement))), keys.signer);
  return attestedAs(document, signed, keys, log);
}

/** The document with that envelope, which the log has as its next entry. */
export async function attestedAs(
  document: JsonObject,
  envelope: DsseEnvelope,
  { signer, checkpointSigner }: SigningKeys,
  log: Frontier,
): Promise<JsonObject> {
  const { logged, tlogEntry } = await logNext(envelope, signer.publicKeyPem, log, checkpointSigner);
  const attestation = JSON.parse(attestationOf(envelope, signer.keyId, { tlogEntry })) as JsonObject;
  const proofs = { checkpoints: [logged.note], consistency: [] };
  return { ...document, attestation, ...('proofs' in document ? { proofs } : {}) };
}

/** What the holder of the key could sign: the document with a manifest changed in some way, and its statement made to fit. */
export async function resealed(
  document: JsonObject,
  keys: SigningKeys,
  log: Frontier,
  change: (manifest: JsonObject) => JsonObject = (manifest) => manifest,
): Promise<JsonObject> {
  const manifest = change(document['manifest'] as JsonObject);
  const { schema: _, parts: __, nonce: ___, ...predicate } = manifest;
  return resigned({ ...document, manifest }, keys, log, (statement) => ({
    ...statement,
    predicate,
    subject: [{ name: 'manifest.json', digest: { sha256: sha256Hex(canonicalize(manifest)) } }],
  }));
}

/** The document with contents, root and digest of the contents as its items have them. */
export function relisted(document: JsonObject): JsonObject {
  const items = document['items'] as readonly JsonObject[];
  const leaves = items.map(({ item, salt }) =>
    itemLeaf(Buffer.from(canonicalize(item)), Buffer.from(String(salt), 'hex')),
  );
  const contents = items.map(({ item }, index) => ({
    id: at(item, 'id') ?? null,
    leaf: leafDigest(leaves[index] ?? new Uint8Array()),
  }));
  const rooted = edited({ ...document, contents }, 'manifest.itemsRoot', () =>
    leafDigest(merkleRoot(leaves)),
  );
  return edited(rooted, 'manifest.parts.contents', () => digestOf(canonicalize(contents)));
}

export function at(root: JsonValue | undefined, path: string): JsonValue | undefined {
  let value = root;
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
