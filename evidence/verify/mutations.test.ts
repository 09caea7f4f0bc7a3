import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import { pae } from '../dsse.ts';
import { merkleRoot } from '../merkle.ts';
import { at, edited, resigned } from '../testing/forge.ts';
import { sampleKeys } from '../testing/samples.ts';
import { codesOf, itemsOf, problemsOf, sealedSample } from '../testing/sealed-sample.ts';
import { formatReport, type ProblemCode } from '../verify.ts';

const stranger = sampleKeys();
const { keys, document, otherDocument, verify } = await sealedSample(30);

describe('a bundle that was changed', () => {
  const hint = 'attestation.verificationMaterial.publicKey.hint';
  const signature = 'attestation.dsseEnvelope.signatures';
  const set = (path: string, value: JsonValue) => edited(document, path, () => value);
  const drop = (path: string) => edited(document, path, () => undefined);
  const resign = (change: (statement: JsonObject) => JsonValue) => resigned(document, keys.signer, change);
  const inStatement = (path: string, value: JsonValue | undefined) =>
    resign((statement) => edited(statement, path, () => value));
  const swapped = (path: string) => set(path, at(otherDocument, path) ?? null);
  const reencoded = (path: string, change: (text: string) => string) =>
    edited(document, path, (old) => change(String(old)));

  /** The other manifest under its own attestation, with our items. */
  const transplanted = {
    ...document,
    manifest: otherDocument['manifest'] ?? null,
    attestation: otherDocument['attestation'] ?? null,
  };
  /** An entry taken out of the list as well: consistent in itself, but not what was signed. */
  const thinned = edited(
    { ...document, items: itemsOf(document).slice(1) },
    'manifest.items.0',
    () => undefined,
  );
  const forgedRoot = (value: JsonObject) =>
    edited(value, 'manifest.itemsRoot', () => `sha256:${'0'.repeat(64)}`);

  type Mutation = readonly [
    name: string,
    change: () => JsonValue | Promise<JsonValue>,
    codes: readonly ProblemCode[],
  ];
  const mutations: readonly Mutation[] = [
    // The key and the signature.
    ['the key id is another trusted-looking one', () => set(hint, stranger.signer.keyId), ['KEY_UNKNOWN']],
    ['the key id is no key id', () => set(hint, 'evidence-key'), ['ATTESTATION_SHAPE']],
    ['a stranger signed it', () => resigned(document, stranger.signer), ['KEY_UNKNOWN']],
    [
      'a stranger signed it under our key id',
      async () => edited(await resigned(document, stranger.signer), hint, () => keys.signer.keyId),
      ['SIGNATURE'],
    ],
    ['the signature is that of another bundle', () => swapped(signature), ['SIGNATURE']],
    [
      'two signatures',
      () => edited(document, signature, (old) => [...(old as JsonValue[]), ...(old as JsonValue[])]),
      ['ATTESTATION_SHAPE'],
    ],
    ['no signature', () => set(signature, []), ['ATTESTATION_SHAPE']],
    ['an empty signature', () => set(`${signature}.0.sig`, ''), ['ATTESTATION_SHAPE']],
    ['a keyid', () => set(`${signature}.0.keyid`, 'SHA256:abc'), ['ATTESTATION_SHAPE']],
    [
      'a signature that is not DER',
      () => set(`${signature}.0.sig`, Buffer.alloc(64, 7).toString('base64')),
      ['SIGNATURE'],
    ],
    [
      'base64 in its URL-safe form',
      () => reencoded('attestation.dsseEnvelope.payload', (text) => `-${text.slice(1)}`),
      ['ATTESTATION_SHAPE'],
    ],
    [
      'base64 with more padding than it needs',
      () => reencoded(`${signature}.0.sig`, (text) => `${text}=`),
      ['ATTESTATION_SHAPE'],
    ],
    [
      'a certificate beside the key',
      () => set('attestation.verificationMaterial.certificate', { rawBytes: '' }),
      ['ATTESTATION_SHAPE'],
    ],
    [
      'another media type',
      () => set('attestation.mediaType', 'application/vnd.dev.sigstore.bundle.v0.2+json'),
      ['ATTESTATION_SHAPE'],
    ],
    ['no attestation', () => drop('attestation'), ['ATTESTATION_SHAPE', 'SHAPE']],
    ['the attestation of another bundle', () => swapped('attestation'), ['PREDICATE', 'SUBJECT']],
    // What is signed.
    [
      'another payload type',
      () => set('attestation.dsseEnvelope.payloadType', 'application/json'),
      ['PAYLOAD_TYPE', 'SIGNATURE'],
    ],
    ['another payload type, signed', () => signedAs('application/json'), ['PAYLOAD_TYPE']],
    ['another payload', () => swapped('attestation.dsseEnvelope.payload'), ['SIGNATURE']],
    [
      'a statement of another type',
      () => inStatement('_type', 'https://in-toto.io/Statement/v0.1'),
      ['STATEMENT'],
    ],
    [
      'a predicate of another type',
      () => inStatement('predicateType', 'https://slsa.dev/provenance/v1'),
      ['STATEMENT'],
    ],
    ['a statement about another file name', () => inStatement('subject.0.name', 'other.json'), ['STATEMENT']],
    [
      'a statement about another digest',
      () => inStatement('subject.0.digest.sha256', '1'.repeat(64)),
      ['SUBJECT'],
    ],
    [
      'a statement about two files',
      () => resign((s) => edited(s, 'subject', (old) => [...(old as JsonValue[]), ...(old as JsonValue[])])),
      ['STATEMENT'],
    ],
    ['a statement about nothing', () => inStatement('subject', []), ['STATEMENT']],
    ['a statement with something more', () => inStatement('note', 'hello'), ['STATEMENT']],
    [
      'a statement that is no JSON',
      () => signedAs('application/vnd.in-toto+json', 'not json'),
      ['STATEMENT'],
    ],
    [
      'a statement that is not canonical',
      () => signedAs('application/vnd.in-toto+json', `${statementText()} `),
      ['STATEMENT'],
    ],
    [
      'a statement that is not UTF-8',
      () =>
        signedAs(
          'application/vnd.in-toto+json',
          Buffer.from(statementText().replace('exhibit', 'exhi\u00ff'), 'latin1'),
        ),
      ['STATEMENT'],
    ],
    [
      'a predicate with another root',
      () => inStatement('predicate.itemsRoot', `sha256:${'2'.repeat(64)}`),
      ['PREDICATE'],
    ],
    ['a predicate with another agent', () => inStatement('predicate.agent.version', '9.9.9'), ['PREDICATE']],
    ['a predicate without a window', () => inStatement('predicate.window', undefined), ['STATEMENT']],
    // The manifest.
    ['another count', () => set('manifest.counts.denied', 3), ['PREDICATE', 'SUBJECT']],
    ['another count of items', () => set('manifest.counts.kept', 29), ['COUNTS', 'PREDICATE', 'SUBJECT']],
    [
      'another window',
      () => set('manifest.window.from', '2026-11-20T23:00:00.000Z'),
      ['PREDICATE', 'SUBJECT'],
    ],
    [
      'another manifest before it',
      () => set('manifest.previous', `sha256:${'d'.repeat(64)}`),
      ['PREDICATE', 'SUBJECT'],
    ],
    ['no manifest before it', () => set('manifest.previous', null), ['MANIFEST_SHAPE', 'SUBJECT']],
    ['another number', () => set('manifest.sequence', 43), ['PREDICATE', 'SUBJECT']],
    ['another tenant', () => set('manifest.tenant', 'umbrella'), ['SUBJECT']],
    ['another policy', () => set('manifest.policy.version', 'none@1'), ['PREDICATE', 'SUBJECT']],
    ['another time', () => set('manifest.createdAt', '2026-11-21T00:15:30.501Z'), ['SUBJECT']],
    ['another agent', () => set('manifest.agent.version', '0.1.1'), ['PREDICATE', 'SUBJECT']],
    ['another purpose', () => set('manifest.purpose', 'run'), ['PURPOSE', 'SUBJECT']],
    ['another root', () => forgedRoot(document), ['ITEMS_ROOT', 'PREDICATE', 'SUBJECT']],
    [
      'another leaf',
      () => set('manifest.items.8.leaf', `sha256:${'3'.repeat(64)}`),
      ['ITEMS_ROOT', 'ITEM_CHANGED', 'SUBJECT'],
    ],
    ['an entry of the list removed', () => drop('manifest.items.8'), ['ITEMS_ROOT', 'ITEM_ADDED', 'SUBJECT']],
    [
      'an entry of the list doubled',
      () =>
        edited(document, 'manifest.items', (old) => [
          ...(old as JsonValue[]),
          ...(old as JsonValue[]).slice(0, 1),
        ]),
      ['ITEMS_ROOT', 'MANIFEST_SHAPE', 'SUBJECT'],
    ],
    ['an item removed and its entry too', () => thinned, ['COUNTS', 'ITEMS_ROOT', 'SUBJECT']],
    ['a manifest with something more', () => set('manifest.note', 'hello'), ['MANIFEST_SHAPE', 'SUBJECT']],
    [
      'a manifest of another schema',
      () => set('manifest.schema', 'exhibit.manifest/v2'),
      ['MANIFEST_SHAPE', 'SUBJECT'],
    ],
    ['no manifest', () => drop('manifest'), ['MANIFEST_SHAPE', 'SHAPE']],
    ['the manifest and attestation of another bundle', () => transplanted, ['ITEM_ADDED', 'ITEM_MISSING']],
    // The other parts.
    ...(['incident', 'summary', 'timeline', 'candidates'] as const).flatMap((name): Mutation[] => [
      [`another ${name}`, () => set(name, { other: name }), ['PART_CHANGED']],
      [`no ${name}`, () => drop(name), ['PART_MISSING', 'SHAPE']],
      [`no digest of the ${name}`, () => drop(`manifest.parts.${name}`), ['PART_ADDED', 'SUBJECT']],
    ]),
    [
      'a digest of a part that is not there',
      () => set('manifest.parts.notes', `sha256:${'4'.repeat(64)}`),
      ['PART_MISSING', 'SUBJECT'],
    ],
    ['something more', () => set('notes', 'hello'), ['SHAPE']],
    ['another schema', () => set('schema', 'exhibit.bundle/v2'), ['SHAPE']],
    ['no schema', () => drop('schema'), ['SHAPE']],
    // The items' own shape.
    ['an item with something more', () => set('items.3.item.note', 'hello'), ['ITEM_CHANGED', 'ITEM_SHAPE']],
    ['an item without provenance', () => drop('items.3.item.provenance'), ['ITEM_CHANGED', 'ITEM_SHAPE']],
    ['an item with another id', () => set('items.3.item.id', 'A'.repeat(43)), ['ITEM_ADDED', 'ITEM_MISSING']],
    [
      'an item with an id that is none',
      () => set('items.3.item.id', 'x'),
      ['ITEM_ADDED', 'ITEM_MISSING', 'ITEM_SHAPE'],
    ],
    ['an item that is a list', () => set('items.3.item', []), ['SHAPE']],
    ['an item that is empty', () => set('items.3.item', {}), ['ITEM_ADDED', 'ITEM_MISSING', 'ITEM_SHAPE']],
    ['an entry with something more', () => set('items.3.leaf', 'x'), ['SHAPE']],
    ['an entry without a salt', () => drop('items.3.salt'), ['SHAPE']],
    ['a salt in upper case', () => reencoded('items.3.salt', (text) => `ABCDEF${text.slice(6)}`), ['SHAPE']],
    ['items that are no list', () => set('items', {}), ['SHAPE']],
    ['all items removed', () => set('items', []), ['ITEM_MISSING']],
  ];

  function statementText(): string {
    return Buffer.from(String(at(document, 'attestation.dsseEnvelope.payload')), 'base64').toString();
  }

  /** Signed with the right key, but as something that seal() would never sign. */
  async function signedAs(
    payloadType: string,
    statement: string | Uint8Array = statementText(),
  ): Promise<JsonValue> {
    const payload = Buffer.from(statement);
    const signed = await keys.signer.sign(pae(payloadType, payload));
    const envelope = {
      payload: payload.toString('base64'),
      payloadType,
      signatures: [{ sig: Buffer.from(signed).toString('base64') }],
    };
    return set('attestation.dsseEnvelope', envelope);
  }

  it.each(mutations)('is not good: %s', async (_, change, codes) => {
    const report = verify(await change());
    expect(report.good).toBe(false);
    expect(report.facts).toBeNull();
    expect(codesOf(report)).toEqual([...codes].toSorted());
    const text = formatReport(report);
    for (const { what, where, fix } of problemsOf(report)) {
      expect(text).toContain(where);
      expect(text).toContain(what);
      expect(fix).not.toBe('');
    }
  });

  it('is not good when the right key signed a manifest that breaks our rules', async () => {
    const swappedOrder = edited(
      edited(document, 'items', (old) => (old as JsonValue[]).toReversed()),
      'manifest.items',
      (old) => (old as JsonValue[]).toReversed(),
    );
    const rooted = await consistent(swappedOrder);
    expect(codesOf(verify(rooted))).toEqual(['ITEM_ORDER']);
  });

  /** Root, digest and signature made to fit a manifest again. */
  async function consistent(value: JsonObject): Promise<JsonObject> {
    const leaves = (at(value, 'manifest.items') as JsonObject[]).map((entry) =>
      Buffer.from(String(entry['leaf']).slice(7), 'hex'),
    );
    const itemsRoot = `sha256:${Buffer.from(merkleRoot(leaves)).toString('hex')}`;
    const rooted = edited(value, 'manifest.itemsRoot', () => itemsRoot);
    const digest = digestOf(canonicalize(rooted['manifest']));
    return resigned(rooted, keys.signer, (statement) =>
      edited(
        edited(statement, 'predicate.itemsRoot', () => itemsRoot),
        'subject.0.digest.sha256',
        () => digest.slice(7),
      ),
    );
  }
});
