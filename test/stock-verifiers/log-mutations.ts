import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { signCheckpoint } from '../../evidence/log/checkpoint.ts';
import { leafHashOfEntry } from '../../evidence/log/entry.ts';
import { appendLeaf, frontierRoot } from '../../evidence/log/frontier.ts';
import { generateNoteKey, localNoteSigner } from '../../evidence/log/note.ts';
import { at, edited } from '../../evidence/testing/forge.ts';
import { sampleFrontier } from '../../evidence/testing/samples.ts';
import type { Presented } from './emitted.ts';
import {
  bundleOf,
  bytesAt,
  ENTRY,
  flipped,
  MATERIAL,
  type Mutation,
  NOTE,
  PROOF,
  textAt,
  type World,
  withBundle,
  withBytes,
  withText,
} from './mutation.ts';

/** Of the log entry and its proof; `openssl dgst` knows no log. */

const NOT_PROVED = 'a checkpoint proves the body and not what stands beside it';
const FROM_CHECKPOINT = 'takes size and root from the checkpoint and passes over the copies';
const ONE_INDEX = 'takes the index beside the proof and passes over the copy in it';
const OWN_ENTRY = 'works the entry out of envelope and key, proves that one, and passes over the copy';
const LENIENT_BASE64 = 'decodes base64 leniently; the bytes are the same';
const NO_PROMISE = 'a time that no promise of the log covers counts for nothing';

/** The entry's body with another value, logged and proved as if the log itself had been made to take it. */
async function relogged(
  { base, agent }: World,
  change: (body: JsonObject) => JsonObject,
): Promise<Presented> {
  const body = canonicalize(
    change(JSON.parse(bytesAt(base, `${ENTRY}.canonicalizedBody`).toString()) as JsonObject),
  );
  const tree = appendLeaf(sampleFrontier(41), leafHashOfEntry(body));
  const root = frontierRoot(tree);
  const { checkpointSigner } = agent.keys;
  const note = await signCheckpoint(
    { origin: checkpointSigner.name, size: tree.size, root },
    checkpointSigner,
  );
  const withBody = withText(base, `${ENTRY}.canonicalizedBody`, () => Buffer.from(body).toString('base64'));
  const withRoot = withText(withBody, `${PROOF}.rootHash`, () => Buffer.from(root).toString('base64'));
  return withText(withRoot, NOTE, () => note);
}

/** Of base64, in the order of what they stand for. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const SPEC = 'spec.hashedRekordV002';

/** A copy of the body with another text at a path. */
function bodyWith(body: JsonObject, path: string, change: (old: string) => string): JsonObject {
  return edited(body, path, (old) => change(String(old)));
}

/** The same index in both places. */
function withIndex(presented: Presented, index: string): Presented {
  const inProof = withText(presented, `${PROOF}.logIndex`, () => index);
  return withText(inProof, `${ENTRY}.logIndex`, () => index);
}

function flippedText(text: string): string {
  return flipped(Buffer.from(text, 'base64'), 7).toString('base64');
}

function hashesOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value as readonly JsonValue[];
  throw new Error('there are no hashes');
}

export const LOG_MUTATIONS: readonly Mutation[] = [
  {
    name: 'another log index beside the proof',
    mutate: ({ base }) => withText(base, `${ENTRY}.logIndex`, () => '40'),
    passes: { 'sigstore-js': NOT_PROVED },
  },
  {
    name: 'another log index in the proof',
    mutate: ({ base }) => withText(base, `${PROOF}.logIndex`, () => '40'),
    passes: { cosign: ONE_INDEX },
  },
  { name: 'another log index in both', mutate: ({ base }) => withIndex(base, '40') },
  { name: 'a log index past the end of the tree', mutate: ({ base }) => withIndex(base, '42') },
  { name: 'a negative log index', mutate: ({ base }) => withIndex(base, '-1') },
  {
    name: 'a log index that 64 bits make right again',
    mutate: ({ base }) => withText(base, `${PROOF}.logIndex`, (old) => String(BigInt(old) + 2n ** 64n)),
  },
  {
    name: 'a log index as a number',
    mutate: ({ base }) => withBundle(base, `${ENTRY}.logIndex`, () => 41),
    passes: {
      'sigstore-js': 'JSON of protobuf may write 64 bits either way',
      cosign: 'JSON of protobuf may write 64 bits either way',
    },
  },
  {
    name: 'another tree size in the proof',
    mutate: ({ base }) => withText(base, `${PROOF}.treeSize`, () => '43'),
    passes: { 'sigstore-js': FROM_CHECKPOINT, cosign: FROM_CHECKPOINT },
  },
  {
    name: 'another root in the proof',
    mutate: ({ base }) => withText(base, `${PROOF}.rootHash`, flippedText),
    passes: { 'sigstore-js': FROM_CHECKPOINT, cosign: FROM_CHECKPOINT },
  },
  {
    name: 'a bit of a hash of the proof',
    mutate: ({ base }) => withText(base, `${PROOF}.hashes.1`, flippedText),
  },
  {
    name: 'one hash less',
    mutate: ({ base }) => withBundle(base, `${PROOF}.hashes`, (old) => hashesOf(old).slice(0, -1)),
  },
  {
    name: 'one hash more',
    mutate: ({ base }) =>
      withBundle(base, `${PROOF}.hashes`, (old) => [...hashesOf(old), ...hashesOf(old).slice(0, 1)]),
  },
  { name: 'no hashes', mutate: ({ base }) => withBundle(base, `${PROOF}.hashes`, () => []) },
  {
    name: 'the hashes in another order',
    mutate: ({ base }) => withBundle(base, `${PROOF}.hashes`, (old) => hashesOf(old).toReversed()),
  },
  {
    name: 'another origin in the checkpoint',
    mutate: ({ base }) => withText(base, NOTE, (old) => `x${old}`),
  },
  {
    name: 'another size in the checkpoint',
    mutate: ({ base }) => withText(base, NOTE, (old) => old.replace('\n42\n', '\n43\n')),
  },
  {
    name: 'another root in the checkpoint',
    mutate: ({ base }) =>
      withText(base, NOTE, (old) => {
        const lines = old.split('\n');
        return lines.with(2, flippedText(lines[2] ?? '')).join('\n');
      }),
  },
  {
    name: 'a bit of the signature of the checkpoint',
    mutate: ({ base }) =>
      withText(base, NOTE, (old) => {
        const line = old.trimEnd().lastIndexOf(' ') + 1;
        const signed = flipped(Buffer.from(old.slice(line).trim(), 'base64'), 30).toString('base64');
        return `${old.slice(0, line)}${signed}\n`;
      }),
  },
  {
    name: 'a checkpoint signed by another key of that name',
    mutate: async ({ base, agent }) => {
      const { name } = agent.keys.checkpointSigner;
      const impostor = localNoteSigner(name, generateNoteKey());
      const root = bytesAt(base, `${PROOF}.rootHash`);
      const note = await signCheckpoint({ origin: name, size: 42, root }, impostor);
      return withText(base, NOTE, () => note);
    },
  },
  {
    name: 'a checkpoint of the log one leaf earlier',
    mutate: async ({ base, agent }) => {
      const { checkpointSigner } = agent.keys;
      const root = frontierRoot(sampleFrontier(41));
      const note = await signCheckpoint({ origin: checkpointSigner.name, size: 41, root }, checkpointSigner);
      return withText(base, NOTE, () => note);
    },
  },
  {
    name: 'a checkpoint without a signature',
    mutate: ({ base }) => withText(base, NOTE, (old) => `${old.split('\n\n')[0]}\n\n`),
  },
  { name: 'an empty checkpoint', mutate: ({ base }) => withText(base, NOTE, () => '') },
  { name: 'no checkpoint', mutate: ({ base }) => withBundle(base, `${PROOF}.checkpoint`, () => undefined) },
  {
    name: 'a line more in the checkpoint, under the old signature',
    mutate: ({ base }) => withText(base, NOTE, (old) => old.replace('\n\n', '\nextension\n\n')),
  },
  {
    name: 'a bit of the entry',
    mutate: ({ base }) => withBytes(base, `${ENTRY}.canonicalizedBody`, (old) => flipped(old, 30)),
    passes: { cosign: OWN_ENTRY },
  },
  {
    name: 'white space after the entry',
    mutate: ({ base }) =>
      withBytes(base, `${ENTRY}.canonicalizedBody`, (old) => Buffer.concat([old, Buffer.from(' ')])),
    passes: { cosign: OWN_ENTRY },
  },
  {
    name: 'an entry of another digest, truly logged',
    mutate: (world) => relogged(world, (body) => bodyWith(body, `${SPEC}.data.digest`, flippedText)),
  },
  {
    name: 'an entry of another signature, truly logged',
    mutate: (world) =>
      relogged(world, (body) =>
        bodyWith(body, `${SPEC}.signature.content`, () =>
          textAt(world.emit('receipt'), 'dsseEnvelope.signatures.0.sig'),
        ),
      ),
  },
  {
    name: 'an entry of another key, truly logged',
    mutate: (world) =>
      relogged(world, (body) => {
        const foreign = JSON.parse(
          bytesAt(world.other.emit('manifest', 'key+log'), `${ENTRY}.canonicalizedBody`).toString(),
        ) as JsonObject;
        const path = `${SPEC}.signature.verifier.publicKey.rawBytes`;
        return bodyWith(body, path, () => String(at(foreign, path)));
      }),
    passes: { 'sigstore-js': 'compares digest and signature of the entry, not its key' },
  },
  {
    name: 'an entry of another kind, truly logged',
    mutate: (world) => relogged(world, (body) => ({ ...body, kind: 'dsse' })),
  },
  {
    name: 'an entry of another version, truly logged',
    mutate: (world) => relogged(world, (body) => ({ ...body, apiVersion: '0.0.1' })),
  },
  {
    name: 'an entry with a member more, truly logged',
    mutate: (world) => relogged(world, (body) => ({ ...body, note: 'approved by the auditor' })),
    passes: { 'sigstore-js': 'passes over members that it does not know' },
  },
  {
    name: 'another kind beside the entry',
    mutate: ({ base }) => withText(base, `${ENTRY}.kindVersion.kind`, () => 'dsse'),
    passes: { cosign: OWN_ENTRY },
  },
  {
    name: 'another version beside the entry',
    mutate: ({ base }) => withText(base, `${ENTRY}.kindVersion.version`, () => '0.0.1'),
    passes: { cosign: OWN_ENTRY },
  },
  {
    name: 'the entry of a receipt, with its own proof',
    mutate: ({ base, emit }) => withBundle(base, ENTRY, () => at(bundleOf(emit('receipt')), ENTRY)),
  },
  {
    name: 'the entry of another log',
    mutate: ({ base, other }) =>
      withBundle(base, ENTRY, () => at(bundleOf(other.emit('manifest', 'key+log')), ENTRY)),
  },
  {
    name: 'the id of another log',
    mutate: ({ base }) => withBytes(base, `${ENTRY}.logId.keyId`, (old) => flipped(old, 0)),
  },
  {
    name: 'base64 with other bits after its end',
    mutate: ({ base }) =>
      withText(base, `${ENTRY}.logId.keyId`, (old) => {
        const last = LETTERS.indexOf(old[5] ?? '');
        return `${old.slice(0, 5)}${LETTERS[last + 1] ?? ''}==`;
      }),
    passes: { 'sigstore-js': LENIENT_BASE64, cosign: LENIENT_BASE64 },
  },
  {
    name: 'the entry twice',
    mutate: ({ base }) =>
      withBundle(base, `${MATERIAL}.tlogEntries`, (old) => [...hashesOf(old), ...hashesOf(old)]),
  },
  {
    name: 'no entry where one is demanded',
    mutate: ({ base }) => withBundle(base, `${MATERIAL}.tlogEntries`, () => undefined),
  },
  {
    name: 'an empty list of entries where one is demanded',
    mutate: ({ base }) => withBundle(base, `${MATERIAL}.tlogEntries`, () => []),
  },
  { name: 'no inclusion proof', mutate: ({ base }) => withBundle(base, PROOF, () => undefined) },
  { name: 'no log id', mutate: ({ base }) => withBundle(base, `${ENTRY}.logId`, () => undefined) },
  {
    name: 'a time of the log that nobody signed',
    mutate: ({ base }) => withBundle(base, `${ENTRY}.integratedTime`, () => '1795219200'),
    passes: { 'sigstore-js': NO_PROMISE, cosign: NO_PROMISE },
  },
  {
    name: 'a promise of the log that nobody signed',
    mutate: ({ base }) =>
      withBundle(base, `${ENTRY}.inclusionPromise`, () => ({ signedEntryTimestamp: 'MEUCIQ==' })),
  },
];
