import {
  ENVELOPE,
  MATERIAL,
  type Mutation,
  SIGNATURE,
  textAt,
  withBundle,
  withBytes,
  withJson,
  withText,
} from './mutation.ts';

/** Of the bundle as a document: members, spelling, encoding. What is in the envelope stays as it was. */

const SAME_DOCUMENT = 'reads JSON; ours reads the bytes as they were written';
const UNKNOWN_MEMBER = 'passes over members that it does not know';
const ALSO_READ = 'reads every version of the bundle';

export const FORM_MUTATIONS: readonly Mutation[] = [
  {
    // `openssl dgst` reads no more of a file than a signature can have, so that it may not see this one.
    name: 'a byte after the signature',
    mutate: ({ base }) => withBytes(base, SIGNATURE, (old) => Buffer.concat([old, Buffer.of(0)])),
  },
  { name: 'another media type', mutate: ({ base }) => withText(base, 'mediaType', () => 'application/json') },
  {
    name: 'a media type of the future',
    mutate: ({ base }) => withText(base, 'mediaType', (old) => old.replace('v0.3', 'v9.9')),
    passes: { 'sigstore-js': 'takes any version for the newest that it knows' },
  },
  {
    name: 'the media type of an older version',
    mutate: ({ base }) =>
      withText(base, 'mediaType', () => 'application/vnd.dev.sigstore.bundle+json;version=0.2'),
    passes: { 'sigstore-js': ALSO_READ, cosign: ALSO_READ },
  },
  { name: 'no media type', mutate: ({ base }) => withBundle(base, 'mediaType', () => undefined) },
  { name: 'no verification material', mutate: ({ base }) => withBundle(base, MATERIAL, () => undefined) },
  { name: 'no envelope', mutate: ({ base }) => withBundle(base, ENVELOPE, () => undefined) },
  {
    name: 'no key hint',
    mutate: ({ base }) => withBundle(base, `${MATERIAL}.publicKey`, () => undefined),
  },
  {
    name: 'a certificate in place of the hint',
    mutate: ({ base, agent }) => {
      const rawBytes = agent.authority.certificates[0].der.toString('base64');
      const without = withBundle(base, `${MATERIAL}.publicKey`, () => undefined);
      return withBundle(without, `${MATERIAL}.certificate`, () => ({ rawBytes }));
    },
  },
  {
    name: 'a message signature beside the envelope',
    mutate: ({ base }) =>
      withBundle(base, 'messageSignature', () => ({
        messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' },
        signature: textAt(base, SIGNATURE),
      })),
  },
  {
    name: 'a member that nobody knows',
    mutate: ({ base }) => withBundle(base, 'approvedBy', () => 'the auditor'),
    passes: { 'sigstore-js': UNKNOWN_MEMBER },
  },
  {
    name: 'a member that nobody knows, in the envelope',
    mutate: ({ base }) => withBundle(base, `${ENVELOPE}.approvedBy`, () => 'the auditor'),
    passes: { 'sigstore-js': UNKNOWN_MEMBER },
  },
  {
    name: 'an envelope that is there twice, the wrong one first',
    mutate: ({ base }) =>
      withJson(base, (text) => text.replace('{', '{"dsseEnvelope":{"payload":"e30=","signatures":[]},')),
    passes: { 'sigstore-js': SAME_DOCUMENT },
  },
  {
    name: 'an envelope that is there twice, the wrong one last',
    mutate: ({ base }) =>
      withJson(base, (text) => `${text.slice(0, -1)},"dsseEnvelope":{"payload":"e30=","signatures":[]}}`),
  },
  {
    name: 'the same media type twice',
    mutate: ({ base }) =>
      withJson(base, (text) =>
        text.replace('{', `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",`),
      ),
    passes: { 'sigstore-js': SAME_DOCUMENT },
  },
  {
    name: 'a member named __proto__',
    mutate: ({ base }) => withJson(base, (text) => text.replace('{', '{"__proto__":{"mediaType":"x"},')),
    passes: { 'sigstore-js': UNKNOWN_MEMBER },
  },
  {
    name: 'white space',
    mutate: ({ base }) => withJson(base, (text) => JSON.stringify(JSON.parse(text), null, 2)),
    passes: { 'sigstore-js': SAME_DOCUMENT, cosign: SAME_DOCUMENT },
  },
  {
    name: 'a line end after the document',
    mutate: ({ base }) => withJson(base, (text) => `${text}\n`),
    passes: { 'sigstore-js': SAME_DOCUMENT, cosign: SAME_DOCUMENT },
  },
  {
    name: 'a letter written as an escape',
    mutate: ({ base }) =>
      withJson(base, (text) => text.replace('"dsseEnvelope"', String.raw`"\u0064sseEnvelope"`)),
    passes: { 'sigstore-js': SAME_DOCUMENT, cosign: SAME_DOCUMENT },
  },
  {
    name: 'names of members in the other style of protobuf',
    mutate: ({ base }) => withJson(base, (text) => text.replace('"dsseEnvelope"', '"dsse_envelope"')),
    passes: { cosign: 'JSON of protobuf may use either style' },
  },
  { name: 'a byte order mark', mutate: ({ base }) => withJson(base, (text) => `\ufeff${text}`) },
  { name: 'a second document after the first', mutate: ({ base }) => withJson(base, (text) => `${text}{}`) },
  { name: 'the end cut off', mutate: ({ base }) => withJson(base, (text) => text.slice(0, -1)) },
  { name: 'nothing', mutate: ({ base }) => withJson(base, () => '') },
  { name: 'a list around the document', mutate: ({ base }) => withJson(base, (text) => `[${text}]`) },
  {
    name: 'nesting without end',
    mutate: ({ base }) =>
      withJson(base, (text) => `${text.slice(0, -1)},"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    passes: { 'sigstore-js': UNKNOWN_MEMBER },
  },
];
