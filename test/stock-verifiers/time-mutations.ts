import { testAuthority } from '../helpers/timestamp-authority.ts';
import { GOOD_FOR_LONG, STAMPED_AT, trustIn } from './emitted.ts';
import {
  bytesAt,
  flipped,
  MATERIAL,
  type Mutation,
  SIGNATURE,
  TOKEN,
  textAt,
  type World,
  withBundle,
  withBytes,
  withText,
} from './mutation.ts';

/** Of the timestamp; `openssl ts` would judge it, `openssl dgst` does not. */

const ESS = 'does not look at the digest of the certificate';
const ENOUGH = 'is content with as many good ones as it was told to want';
const AT = { time: STAMPED_AT };
const STATUS = 'reads the token and not the status before it';

/** The same bundle with what an authority made of the signature. */
function stamped({ base, agent }: World, wrong: Parameters<typeof agent.authority.stamp>[1]) {
  return withBytes(base, TOKEN, () =>
    agent.authority.stamp(bytesAt(base, SIGNATURE), { time: STAMPED_AT, ...wrong }),
  );
}

export const TIME_MUTATIONS: readonly Mutation[] = [
  {
    name: 'the timestamp of a receipt',
    mutate: ({ base, emit }) => withText(base, TOKEN, () => textAt(emit('receipt'), TOKEN)),
  },
  {
    name: 'a timestamp of the statement in place of the signature',
    mutate: ({ base, agent }) =>
      withBytes(base, TOKEN, () => agent.authority.stamp(bytesAt(base, 'dsseEnvelope.payload'), AT)),
  },
  {
    name: 'a timestamp by another authority',
    mutate: ({ base, other }) =>
      withBytes(base, TOKEN, () => other.authority.stamp(bytesAt(base, SIGNATURE), AT)),
  },
  {
    name: 'a timestamp by another authority that calls itself ours',
    mutate: ({ base, agent, other }) => {
      const [claims] = agent.authority.certificates;
      if (claims === undefined) throw new Error('there is no certificate');
      return withBytes(base, TOKEN, () => other.authority.stamp(bytesAt(base, SIGNATURE), { ...AT, claims }));
    },
  },
  {
    name: 'a timestamp from before the certificate was good',
    mutate: (world) => stamped(world, { time: new Date('2001-01-01T00:00:00Z') }),
  },
  {
    name: 'a timestamp from after the certificate was good',
    mutate: (world) => stamped(world, { time: new Date('2120-01-01T00:00:00Z') }),
  },
  {
    name: 'a timestamp by an authority that has expired',
    mutate: async ({ base, agent }) => {
      const expired = testAuthority({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
      const token = expired.stamp(bytesAt(base, SIGNATURE), AT);
      return { ...withBytes(base, TOKEN, () => token), trust: await trustIn(agent.keys, expired) };
    },
  },
  {
    name: 'a timestamp by a certificate that is for signing code',
    mutate: async ({ base, agent }) => {
      const wrong = testAuthority({ ...GOOD_FOR_LONG, extendedKeyUsage: 'code-signing' }, GOOD_FOR_LONG);
      const token = wrong.stamp(bytesAt(base, SIGNATURE), AT);
      return { ...withBytes(base, TOKEN, () => token), trust: await trustIn(agent.keys, wrong) };
    },
    passes: { 'sigstore-js': 'does not look at the extended key usage' },
  },
  {
    name: 'a bit of the signature of the timestamp',
    mutate: ({ base }) => withBytes(base, TOKEN, (old) => flipped(old, old.length - 5)),
  },
  {
    name: 'a bit of the time',
    mutate: ({ base }) =>
      withBytes(base, TOKEN, (old) => flipped(old, old.indexOf(Buffer.of(0x18, 0x0f, 0x32, 0x30)) + 5)),
  },
  {
    name: 'a refusal with a token',
    mutate: (world) => stamped(world, { status: 2 }),
    passes: { 'sigstore-js': STATUS },
  },
  {
    name: 'another digest of the certificate',
    mutate: (world) => stamped(world, { essDigest: Buffer.alloc(32, 7) }),
    passes: { 'sigstore-js': ESS, cosign: ESS },
  },
  {
    name: 'something that is no timestamp',
    mutate: ({ base }) => withBytes(base, TOKEN, () => Buffer.from('now')),
  },
  { name: 'an empty timestamp', mutate: ({ base }) => withText(base, TOKEN, () => '') },
  {
    name: 'the timestamp twice',
    mutate: ({ base }) =>
      withBundle(base, `${MATERIAL}.timestampVerificationData.rfc3161Timestamps`, (old) =>
        Array.isArray(old) ? [...old, ...old] : [],
      ),
    passes: { cosign: ENOUGH },
  },
  {
    name: 'a good timestamp and a bad one',
    mutate: ({ base, other }) => {
      const bad = other.authority.stamp(bytesAt(base, SIGNATURE), AT).toString('base64');
      return withBundle(base, `${MATERIAL}.timestampVerificationData.rfc3161Timestamps`, (old) =>
        Array.isArray(old) ? [...old, { signedTimestamp: bad }] : [],
      );
    },
    passes: { cosign: ENOUGH },
  },
  {
    name: 'no timestamp where one is demanded',
    mutate: ({ base }) => withBundle(base, `${MATERIAL}.timestampVerificationData`, () => undefined),
  },
];
