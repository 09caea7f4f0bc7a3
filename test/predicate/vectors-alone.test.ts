import { createPublicKey, hash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// The test vectors of docs/predicate, checked by what their text says and by nothing of ours.
const read = (name: string) => readFileSync(new URL(`../../docs/predicate/vectors/${name}`, import.meta.url));
const json = (name: string) => JSON.parse(read(name).toString());
const sha = (...parts: readonly (string | Uint8Array)[]) =>
  hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part))), 'buffer');
const hex = (digest: string) => Buffer.from(digest.replace('sha256:', ''), 'hex');
const node = (left: Uint8Array, right: Uint8Array) => sha('\x01', left, right);
const root = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length < 2) return Buffer.from(leaves[0] ?? sha(''));
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return node(root(leaves.slice(0, half)), root(leaves.slice(half)));
};
const index = json('index.json');
const subjects = ['run/manifest', 'bundle/manifest', 'receipt/receipt'] as const;

it('has the files of the index', () => {
  for (const [name, digest] of Object.entries(index.files))
    expect(sha(read(name))).toEqual(hex(String(digest)));
});

it.each(subjects)('%s is what was signed, and is in the log', (subject) => {
  const folder = subject.split('/')[0] ?? '';
  const { dsseEnvelope, verificationMaterial } = json(`${subject}.sigstore.json`);
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const pae = `DSSEv1 ${dsseEnvelope.payloadType.length} ${dsseEnvelope.payloadType} ${payload.length} ${payload.toString()}`;
  expect(Buffer.from(pae)).toEqual(read(`${folder}/statement.pae`));
  const signature = Buffer.from(dsseEnvelope.signatures[0].sig, 'base64');
  expect(verify('sha256', Buffer.from(pae), createPublicKey(read('evidence.pub')), signature)).toBe(true);
  const statement = JSON.parse(payload.toString());
  expect(hex(statement.subject[0].digest.sha256)).toEqual(sha(read(`${subject}.json`)));
  const { parts: _, nonce: __, schema, ...said } = json(`${subject}.json`);
  expect(statement.predicate).toEqual(folder === 'receipt' ? { schema, ...said } : said);
  const [entry] = verificationMaterial.tlogEntries;
  const body = Buffer.from(entry.canonicalizedBody, 'base64');
  expect(JSON.parse(body.toString()).spec.hashedRekordV002.data.digest).toBe(sha(pae).toString('base64'));
  const [at, leaves] = [Number(entry.logIndex), index.leaves.map(hex)];
  expect(sha('\0', body)).toEqual(leaves[at]);
  const [text = '', signed = ''] = entry.inclusionProof.checkpoint.envelope.split('\n\n');
  expect(text).toBe(`${index.origin}\n${at + 1}\n${root(leaves.slice(0, at + 1)).toString('base64')}`);
  const raw = Buffer.from(read('log.vkey').toString().split('+').slice(2).join('+'), 'base64').subarray(1);
  const spki = Buffer.concat([hex('302a300506032b6570032100'), raw]);
  const logKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const noteSignature = Buffer.from(signed.split(' ')[2] ?? '', 'base64').subarray(4);
  expect(verify(null, Buffer.from(`${text}\n`), logKey, noteSignature)).toBe(true);
});

it('has an item that is in the manifest of the run', () => {
  const leaf = sha('\0', Buffer.from(read('item/salt.hex').toString().trim(), 'hex'), read('item/item.json'));
  const leaves = json('run/contents.json').map((entry: { leaf: string }) => hex(entry.leaf));
  expect(leaf).toEqual(leaves[index.item.index]);
  expect(root(leaves)).toEqual(hex(json('run/manifest.json').itemsRoot));
});
