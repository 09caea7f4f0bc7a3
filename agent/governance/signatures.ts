import type { KeyObject } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalize, parseCanonical } from '../../evidence/canonical-json.ts';
import { digestOf, hexOf } from '../../evidence/digest.ts';
import { isSignedBy, PAYLOAD_TYPE, payloadBytes, signPayload } from '../../evidence/dsse.ts';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { loadSigner } from '../../evidence/sign/key-file.ts';
import type { Signer } from '../../evidence/sign/signer.ts';
import { attestation, attestationOf } from '../../evidence/sigstore.ts';
import { STATEMENT_TYPE, statementAbout } from '../../evidence/statement.ts';
import { PolicyProblems, parsePolicy } from '../../policies/load.ts';
import { AgentError } from '../errors.ts';
import type { PolicyLayer, PolicySignature } from './layers.ts';
import { PolicyRefusal, type RefusalCode } from './refusal.ts';

/**
 * A policy file is signed like a manifest: an in-toto Statement about the SHA-256 of its exact bytes, in DSSE, in a
 * Sigstore bundle. `cosign verify-blob-attestation --type <predicate type>` accepts it. One bundle for each file and
 * signer, so that two people who approve never edit the same file.
 */
export const APPROVAL_PREDICATE_TYPE = 'https://exhibit.dev/policy-approval/v1';
/** The one subject's name; which policy it is says the predicate. */
const SUBJECT = 'policy.yaml';

const ROLES = ['author', 'approver'] as const;
/** In what capacity somebody signed, in their own words; both count alike. */
export type SignerRole = (typeof ROLES)[number];

const approval = statementAbout(
  SUBJECT,
  APPROVAL_PREDICATE_TYPE,
  z.strictObject({
    policy: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
    role: z.enum(ROLES),
  }),
);

export interface PolicyTrust {
  /** By key id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly required: number;
  readonly widening: number;
}

export interface PolicySigner {
  readonly keyId: string;
  readonly role: SignerRole;
  /** The file of the signature. */
  readonly file: string;
}

export interface RefusedSignature {
  readonly code: RefusalCode;
  readonly file: string;
  readonly message: string;
}

/** Which of the signatures beside a policy count. A key counts once, however often it signed. */
export interface SignatureReport {
  readonly signers: readonly PolicySigner[];
  readonly refused: readonly RefusedSignature[];
}

/** Throws AgentError KEY or EvidenceError KEY for a file that is no P-256 public key. */
export async function loadTrust(
  files: readonly string[],
  { required, widening }: { readonly required: number; readonly widening: number },
): Promise<PolicyTrust> {
  const keys = new Map<string, KeyObject>();
  for (const file of files) {
    const key = readPublicKey(await readKey(file));
    keys.set(keyId(key), key);
  }
  if (keys.size < Math.max(required, widening)) {
    throw new AgentError(
      'CONFIG',
      'more signatures of policies are asked for than there are different keys',
      {
        hint: 'Name as many different keys under governance.signatures.keys.',
      },
    );
  }
  return { keys, required, widening };
}

/**
 * Signs a policy file and writes `<file>.<key id>.sigstore.json` beside it; signing again with the same key replaces it.
 * Throws PolicyProblems for a file that is no policy, EvidenceError KEY for a key that can not be used.
 */
export async function signPolicy(
  file: string,
  keyPath: string,
  role: SignerRole = 'approver',
): Promise<{ readonly file: string; readonly keyId: string; readonly digest: string }> {
  const signer = await loadSigner(keyPath);
  const bytes = await readPolicy(file);
  const text = await signText(bytes, file, signer, role);
  const to = `${file}.${hexOf(signer.keyId).slice(0, 12)}.sigstore.json`;
  const temporary = `${to}.tmp`;
  try {
    await writeFile(temporary, `${text}\n`, { mode: 0o644 });
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AgentError('INPUT', `${to} can not be written`, {
      hint: 'Check that the folder exists and is writable.',
      cause: error,
    });
  }
  return { file: to, keyId: signer.keyId, digest: digestOf(bytes) };
}

/** The Sigstore bundle over a policy's text, as JSON. Throws PolicyProblems for a text that is no policy. */
export async function signText(
  bytes: Uint8Array | string,
  file: string,
  signer: Signer,
  role: SignerRole,
): Promise<string> {
  const parsed = parsePolicy(Buffer.from(bytes).toString('utf8'), file);
  if ('problems' in parsed) throw new PolicyProblems(parsed.problems);
  const { name, version } = parsed.policy.metadata;
  const said: z.infer<typeof approval> = {
    _type: STATEMENT_TYPE,
    subject: [{ name: SUBJECT, digest: { sha256: hexOf(digestOf(bytes)) } }],
    predicateType: APPROVAL_PREDICATE_TYPE,
    predicate: { policy: { name, version }, role },
  };
  const envelope = await signPayload(Buffer.from(canonicalize(said)), signer);
  return attestationOf(envelope, signer.keyId);
}

/** Which keys have signed exactly these bytes as this policy in this version. */
export function checkSignatures(
  layer: Pick<PolicyLayer, 'text' | 'signatures'>,
  metadata: { readonly name: string; readonly version: string },
  keys: PolicyTrust['keys'],
): SignatureReport {
  const signers = new Map<string, PolicySigner>();
  const refused: RefusedSignature[] = [];
  for (const signature of layer.signatures) {
    const result = checkSignature(signature, layer.text, metadata, keys);
    if ('code' in result) refused.push(result);
    else if (!signers.has(result.keyId)) signers.set(result.keyId, result);
  }
  return { signers: [...signers.values()], refused };
}

/** Throws PolicyRefusal unless `needed` different keys have signed the layer. */
export function mustBeSigned(
  layer: PolicyLayer,
  { signers, refused }: SignatureReport,
  needed: number,
  what: 'signed' | 'widening',
): void {
  if (layer.isPreset || signers.length >= needed) return;
  const [first] = refused;
  if (first !== undefined) {
    throw new PolicyRefusal(first.code, `the policy ${layer.name}: ${first.message} (${first.file})`, {
      hint: `It needs ${needed}; sign it with \`exhibit policy sign\`, or take that signature away.`,
    });
  }
  if (what === 'widening') {
    const has = `${signers.length} of ${needed} signatures`;
    throw new PolicyRefusal('WIDENING_UNSIGNED', `the policy ${layer.name} lets out more and has ${has}`, {
      hint: 'Somebody else has to approve it: `exhibit policy sign`. What it opens shows `exhibit policy diff`.',
    });
  }
  if (signers.length === 0) {
    throw new PolicyRefusal(
      'SIGNATURE_ABSENT',
      `the policy ${layer.name} is not signed and needs ${needed}`,
      {
        hint: 'Sign it with `exhibit policy sign <file> --key ann.pem`, with a key that agent.yaml names.',
      },
    );
  }
  throw new PolicyRefusal(
    'SIGNATURES_TOO_FEW',
    `the policy ${layer.name} has ${signers.length} of ${needed} signatures of different keys`,
    { hint: 'A second signature with the same key does not count; somebody else has to sign it.' },
  );
}

function checkSignature(
  { file, text }: PolicySignature,
  policy: string,
  metadata: { readonly name: string; readonly version: string },
  keys: PolicyTrust['keys'],
): PolicySigner | RefusedSignature {
  const refuse = (code: RefusalCode, message: string): RefusedSignature => ({ code, file, message });
  const bundle = attestation.safeParse(parsedJson(text));
  if (!bundle.success) return refuse('SIGNATURE_SHAPE', 'a signature is no Sigstore bundle of ours');
  const { dsseEnvelope, verificationMaterial } = bundle.data;
  const id = verificationMaterial.publicKey.hint;
  const key = keys.get(id);
  if (key === undefined) return refuse('SIGNER_UNKNOWN', 'a signature is of a key that is not trusted here');
  if (!isSignedBy(dsseEnvelope, key))
    return refuse('SIGNATURE_INVALID', 'a signature does not fit what it signs');
  if (dsseEnvelope.payloadType !== PAYLOAD_TYPE)
    return refuse('SIGNATURE_TYPE', 'what was signed is no in-toto statement');
  const said = approval.safeParse(signedJson(payloadBytes(dsseEnvelope)));
  if (!said.success) return refuse('SIGNATURE_TYPE', 'what was signed is no approval of a policy');
  const { subject, predicate } = said.data;
  if (predicate.policy.name !== metadata.name)
    return refuse('SIGNATURE_OF_ANOTHER_POLICY', 'another policy was signed');
  if (subject[0].digest.sha256 !== hexOf(digestOf(policy)) || predicate.policy.version !== metadata.version)
    return refuse('SIGNATURE_OF_OTHER_BYTES', 'this policy was edited after it was signed');
  return { keyId: id, role: predicate.role, file };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function signedJson(payload: Uint8Array): unknown {
  try {
    return parseCanonical(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload));
  } catch {
    return undefined;
  }
}

async function readPolicy(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new AgentError('INPUT', `${file} can not be read`, { hint: 'Check the path.', cause: error });
  }
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AgentError('KEY', `the public key ${file} can not be read`, {
      hint: 'It is named under governance.signatures.keys; relative paths start at agent.yaml.',
      cause: error,
    });
  }
}
