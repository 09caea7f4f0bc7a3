import { canonicalize } from '../../evidence/canonical-json.ts';
import { sha256Hex } from '../../evidence/digest.ts';
import { pae, payloadBytes, signPayload } from '../../evidence/dsse.ts';
import { RECEIPT_PREDICATE_TYPE } from '../../evidence/receipt.ts';
import { attestation, attestationOf } from '../../evidence/sigstore.ts';
import type { Presented } from './emitted.ts';
import {
  bundleOf,
  bytesAt,
  ENVELOPE,
  flipped,
  MATERIAL,
  type Mutation,
  textAt,
  withBundle,
  withBytes,
  withText,
} from './mutation.ts';

/** Of what is signed, and of what is held against it: what every verifier has an opinion on. */

const PAYLOAD = `${ENVELOPE}.payload`;
const TYPE = `${ENVELOPE}.payloadType`;

const NOT_COMPARED = 'leaves the comparison of subject and artifact to its caller';
const SIGNED_BYTES_ONLY = 'looks at nothing but signed bytes, signature and key';
const LENIENT_BASE64 = 'decodes base64 leniently; the bytes are the same';

/** The statement with another text in it, under the old signature. */
function restated(presented: Presented, from: RegExp, to: string): Presented {
  return withBytes(presented, PAYLOAD, (old) => {
    const text = old.toString();
    if (!from.test(text)) throw new Error('there is nothing to replace in the statement');
    return Buffer.from(text.replace(from, to));
  });
}

export const ENVELOPE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a bit of the statement',
    mutate: ({ base }) => withBytes(base, PAYLOAD, (old) => flipped(old, 40)),
  },
  {
    name: 'another subject, under the old signature',
    mutate: ({ base }) => restated(base, /"sha256":"[0-9a-f]{64}"/, `"sha256":"${sha256Hex('else')}"`),
  },
  {
    name: 'another count in the predicate, under the old signature',
    mutate: ({ base }) => restated(base, /"kept":15/, '"kept":14'),
  },
  {
    name: 'white space after the statement',
    mutate: ({ base }) => withBytes(base, PAYLOAD, (old) => Buffer.concat([old, Buffer.from('\n')])),
  },
  {
    name: 'the end of the statement cut off',
    mutate: ({ base }) => withBytes(base, PAYLOAD, (old) => old.subarray(0, -1)),
  },
  {
    name: 'the statement twice',
    mutate: ({ base }) => withBytes(base, PAYLOAD, (old) => Buffer.concat([old, old])),
  },
  {
    name: 'the statement with its members in another order',
    mutate: ({ base }) =>
      withBytes(base, PAYLOAD, (old) => {
        const members = Object.entries(JSON.parse(old.toString()) as object);
        return Buffer.from(JSON.stringify(Object.fromEntries(members.toReversed())));
      }),
  },
  {
    name: 'the head of the encoding moved into the payload type',
    mutate: ({ base }) => withText(base, TYPE, (old) => `${old} ${bytesAt(base, PAYLOAD).length}`),
  },
  { name: 'an empty statement', mutate: ({ base }) => withText(base, PAYLOAD, () => '') },
  {
    name: 'the statement of a receipt',
    mutate: ({ base, emit }) => withText(base, PAYLOAD, () => textAt(emit('receipt'), PAYLOAD)),
  },
  { name: 'another payload type', mutate: ({ base }) => withText(base, TYPE, () => 'application/json') },
  {
    name: 'the payload type in capitals',
    mutate: ({ base }) => withText(base, TYPE, (old) => old.toUpperCase()),
  },
  { name: 'no payload type', mutate: ({ base }) => withBundle(base, TYPE, () => undefined) },
  {
    name: 'base64 in lines',
    mutate: ({ base }) => withText(base, PAYLOAD, (old) => `${old.slice(0, 76)}\n${old.slice(76)}`),
    passes: { 'sigstore-js': LENIENT_BASE64, openssl: LENIENT_BASE64 },
  },
  {
    name: 'the public key of another agent',
    mutate: ({ base, other }) => ({
      ...base,
      trust: { ...base.trust, publicKeyPem: other.trust.publicKeyPem },
    }),
  },
  {
    name: 'what another agent emitted',
    mutate: ({ base, other }) => ({ ...other.emit('manifest', 'key+log+timestamp'), trust: base.trust }),
  },
  {
    name: 'signed again by another key, under the old hint',
    mutate: async ({ base, other, agent }) => {
      const again = await signPayload(bytesAt(base, PAYLOAD), other.keys.signer);
      const text = attestationOf(again, agent.keys.signer.keyId);
      return withBundle(base, ENVELOPE, () => ({
        ...(bundleOf({ ...base, attestation: text })[ENVELOPE] as object),
      }));
    },
  },
  {
    name: 'the hint of another key',
    mutate: ({ base, other }) => withText(base, `${MATERIAL}.publicKey.hint`, () => other.keys.signer.keyId),
    passes: { cosign: 'is given the key and reads no hint', openssl: SIGNED_BYTES_ONLY },
  },
  {
    name: 'another artifact',
    mutate: ({ base }) => ({ ...base, artifact: base.artifact.replace('"kept":15', '"kept":14') }),
    passes: { 'sigstore-js': NOT_COMPARED, openssl: SIGNED_BYTES_ONLY },
  },
  {
    name: 'a line end after the artifact',
    mutate: ({ base }) => ({ ...base, artifact: `${base.artifact}\n` }),
    passes: { 'sigstore-js': NOT_COMPARED, openssl: SIGNED_BYTES_ONLY },
  },
  {
    name: 'a manifest where a receipt is wanted',
    mutate: ({ base }) => ({ ...base, kind: 'receipt', predicateType: RECEIPT_PREDICATE_TYPE }),
    passes: { 'sigstore-js': 'leaves the predicate type to its caller', openssl: SIGNED_BYTES_ONLY },
  },
  {
    name: 'signed by the right key, as another payload type',
    mutate: async ({ base, agent }) => {
      const payload = payloadBytes(attestation.parse(bundleOf(base)).dsseEnvelope);
      const type = 'application/vnd.in-toto+yaml';
      const sig = Buffer.from(await agent.keys.signer.sign(pae(type, payload))).toString('base64');
      const bundle = withBundle(base, ENVELOPE, (old) => ({
        ...(old as object),
        payloadType: type,
        signatures: [{ sig }],
      }));
      const withoutLog = withBundle(bundle, `${MATERIAL}.tlogEntries`, () => undefined);
      const demands = { log: false, timestamp: false };
      return { ...withBundle(withoutLog, `${MATERIAL}.timestampVerificationData`, () => undefined), demands };
    },
    passes: {
      'sigstore-js': 'leaves the payload type to its caller',
      openssl: SIGNED_BYTES_ONLY,
    },
  },
  {
    name: 'signed by the right key, about this file and one more',
    mutate: async ({ base, agent }) => {
      const statement = JSON.parse(bytesAt(base, PAYLOAD).toString()) as { subject: readonly object[] };
      const second = { name: 'other.json', digest: { sha256: sha256Hex('other') } };
      const said = { ...statement, subject: [...statement.subject, second] };
      const signed = await signPayload(Buffer.from(canonicalize(said)), agent.keys.signer);
      const text = attestationOf(signed, agent.keys.signer.keyId);
      return { ...base, attestation: text, demands: { log: false, timestamp: false } };
    },
    passes: {
      'sigstore-js': 'a statement may have many subjects; ours have one',
      cosign: 'a statement may have many subjects; ours have one',
      openssl: SIGNED_BYTES_ONLY,
    },
  },
];
