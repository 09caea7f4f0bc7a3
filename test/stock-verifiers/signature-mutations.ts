import { sign } from 'node:crypto';
import { PAYLOAD_TYPE, pae, signPayload } from '../../evidence/dsse.ts';
import { der, derInteger, derSequence } from '../../evidence/timestamp/der.ts';
import {
  bytesAt,
  ENVELOPE,
  flipped,
  type Mutation,
  SIGNATURE,
  textAt,
  withBundle,
  withBytes,
  withText,
} from './mutation.ts';

/** Of the signature: its numbers, its DER, how many there are. */

const PAYLOAD = `${ENVELOPE}.payload`;

/** Order of the group of P-256 (SEC 2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** r and s of a DER signature. */
function numbersOf(der: Buffer): readonly [bigint, bigint] {
  const r = der.subarray(4, 4 + (der[3] ?? 0));
  const s = der.subarray(6 + r.length);
  return [BigInt(`0x${r.toString('hex')}`), BigInt(`0x${s.toString('hex')}`)];
}

function bytesOf(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
}

/** With a byte more, for what does not fit. */
function wideBytesOf(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(66, '0'), 'hex');
}

function signatureOf(r: bigint, s: bigint): Buffer {
  return derSequence(derInteger(bytesOf(r)), derInteger(bytesOf(s)));
}

const SIGNATURE_ONLY =
  'it is a signature of these bytes; only the log entry shows that it is not the one made';
const SIGNED_BYTES_ONLY = 'looks at nothing but signed bytes, signature and key';
const UNSIGNED = 'the member is not signed and is passed over';

export const SIGNATURE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a bit of r',
    mutate: ({ base }) => withBytes(base, SIGNATURE, (old) => flipped(old, 10)),
  },
  {
    name: 'a bit of s',
    mutate: ({ base }) => withBytes(base, SIGNATURE, (old) => flipped(old, old.length - 3)),
  },
  {
    name: 'n - s in place of s',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => {
        const [r, s] = numbersOf(old);
        return signatureOf(r, ORDER - s);
      }),
    passes: { openssl: SIGNATURE_ONLY },
  },
  {
    name: 'r and s of zero',
    mutate: ({ base }) => withBytes(base, SIGNATURE, () => signatureOf(0n, 0n)),
  },
  {
    name: 'r and s of one',
    mutate: ({ base }) => withBytes(base, SIGNATURE, () => signatureOf(1n, 1n)),
  },
  {
    name: 'r and s exchanged',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => {
        const [r, s] = numbersOf(old);
        return signatureOf(s, r);
      }),
  },
  {
    name: 'r and s longer than the group',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => {
        const [r, s] = numbersOf(old);
        return derSequence(derInteger(wideBytesOf(r + ORDER)), derInteger(wideBytesOf(s + ORDER)));
      }),
  },
  {
    name: 'an s of n',
    mutate: ({ base }) => withBytes(base, SIGNATURE, (old) => signatureOf(numbersOf(old)[0], ORDER)),
  },
  {
    name: 'r and s as negative numbers',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, () => {
        const negative = der(0x02, Buffer.alloc(32, 0xf1));
        return derSequence(negative, negative);
      }),
  },
  {
    name: 'the signature in a set',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => Buffer.concat([Buffer.of(0x31), old.subarray(1)])),
  },
  {
    name: 'signed by the right key without the pre-authentication encoding',
    mutate: async ({ base, agent }) => {
      const sig = await agent.keys.signer.sign(bytesAt(base, PAYLOAD));
      return withBytes(base, SIGNATURE, () => sig);
    },
  },
  {
    name: 'signed by the right key for another payload type than it says',
    mutate: async ({ base, agent }) => {
      const sig = await agent.keys.signer.sign(pae('application/json', bytesAt(base, PAYLOAD)));
      return withBytes(base, SIGNATURE, () => sig);
    },
  },
  {
    name: 'signed by the right key over SHA-512',
    mutate: ({ base, agent }) =>
      withBytes(base, SIGNATURE, () =>
        sign('sha512', pae(PAYLOAD_TYPE, bytesAt(base, PAYLOAD)), agent.keys.privateKeyPem),
      ),
  },
  {
    name: 'the signature as plain r and s',
    mutate: ({ base }) => withBytes(base, SIGNATURE, (old) => Buffer.concat(numbersOf(old).map(bytesOf))),
  },
  {
    name: 'a long form of the length of the signature',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => Buffer.concat([Buffer.of(0x30, 0x81), old.subarray(1)])),
  },
  {
    name: 'a zero before r',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => {
        const longer = Buffer.concat([old.subarray(0, 4), Buffer.of(0), old.subarray(4)]);
        longer[1] = (longer[1] ?? 0) + 1;
        longer[3] = (longer[3] ?? 0) + 1;
        return longer;
      }),
  },
  {
    name: 'a third number beside r and s',
    mutate: ({ base }) =>
      withBytes(base, SIGNATURE, (old) => {
        const [r, s] = numbersOf(old);
        const one = Uint8Array.of(1);
        return derSequence(derInteger(bytesOf(r)), derInteger(bytesOf(s)), derInteger(one));
      }),
  },
  {
    name: 'the signature of a receipt',
    mutate: ({ base, emit }) => withText(base, SIGNATURE, () => textAt(emit('receipt'), SIGNATURE)),
  },
  { name: 'an empty signature', mutate: ({ base }) => withText(base, SIGNATURE, () => '') },
  {
    name: 'no signature',
    mutate: ({ base }) => withBundle(base, `${ENVELOPE}.signatures`, () => []),
  },
  {
    name: 'the signature twice',
    mutate: ({ base }) =>
      withBundle(base, `${ENVELOPE}.signatures`, (old) => (Array.isArray(old) ? [...old, ...old] : [])),
    passes: { openssl: SIGNED_BYTES_ONLY },
  },
  {
    name: 'a second signature by another key',
    mutate: async ({ base, other }) => {
      const second = await signPayload(bytesAt(base, PAYLOAD), other.keys.signer);
      const signatures = [{ sig: textAt(base, SIGNATURE) }, ...second.signatures];
      return withBundle(base, `${ENVELOPE}.signatures`, () => signatures);
    },
    passes: { openssl: SIGNED_BYTES_ONLY },
  },
  {
    name: 'a key id beside the signature',
    mutate: ({ base, agent }) =>
      withBundle(base, `${ENVELOPE}.signatures.0.keyid`, () => agent.keys.signer.keyId),
    passes: { 'sigstore-js': UNSIGNED, openssl: SIGNED_BYTES_ONLY },
  },
];
