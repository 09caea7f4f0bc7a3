import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import { pae } from '../dsse.ts';
import { at, attestedAs, edited, relisted, resealed, resigned } from '../testing/forge.ts';
import { sampleKeys } from '../testing/samples.ts';
import { codesOf, itemsOf, problemsOf, sealedSample } from '../testing/sealed-sample.ts';
import { formatReport, type ProblemCode } from '../verify.ts';

const stranger = sampleKeys();
const { keys, log, document, otherDocument, verify } = await sealedSample(30);

describe('a bundle that was changed', () => {
  /** A stranger's key, and our log. */
  const strangers = { signer: stranger.signer, checkpointSigner: keys.checkpointSigner };
  const hint = 'attestation.verificationMaterial.publicKey.hint';
  const signature = 'attestation.dsseEnvelope.signatures';
  const set = (path: string, value: JsonValue) => edited(document, path, () => value);
  const drop = (path: string) => edited(document, path, () => undefined);
  const resign = (change: (statement: JsonObject) => JsonValue) => resigned(document, keys, log, change);
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
  const thinned = edited({ ...document, items: itemsOf(document).slice(1) }, 'contents.0', () => undefined);
  const reseal = (change: (manifest: JsonObject) => JsonObject, from: JsonObject = document) =>
    resealed(from, keys, log, change);
  const inManifest = (path: string, change: (old: JsonValue | undefined) => JsonValue | undefined) =>
    reseal((manifest) => edited(manifest, path, change));
  const more = (old: JsonValue | undefined) => Number(old) + 1;

  type Mutation = readonly [
    name: string,
    change: () => JsonValue | Promise<JsonValue>,
    codes: readonly ProblemCode[],
  ];
  const mutations: readonly Mutation[] = [
    // The key and the signature.
    ['the key id is another trusted-looking one', () => set(hint, stranger.signer.keyId), ['KEY_UNKNOWN']],
    ['the key id is no key id', () => set(hint, 'evidence-key'), ['ATTESTATION_SHAPE']],
    ['a stranger signed it', () => resigned(document, strangers, log), ['KEY_UNKNOWN']],
    [
      'a stranger signed it under our key id',
      async () => edited(await resigned(document, strangers, log), hint, () => keys.signer.keyId),
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
    ['no attestation', () => drop('attestation'), ['SHAPE']],
    [
      'the attestation of another bundle',
      () => swapped('attestation'),
      ['LOG_FORKED', 'PREDICATE', 'SUBJECT'],
    ],
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
    ...(
      [
        ['a property that is there twice', (text) => text.replace('{', '{"_type":"x",')],
        ['a number too large', (text) => text.replace('"sequence":42', '"sequence":1e999')],
        ['a number in another spelling', (text) => text.replace('"sequence":42', '"sequence":4.2e1')],
        ['half a surrogate pair', (text) => text.replace('"acme"', String.raw`"\ud800"`)],
        ['deep nesting', (text) => text.replace('"acme"', `${'['.repeat(500)}${']'.repeat(500)}`)],
        ['__proto__', (text) => text.replace('{', '{"__proto__":{"good":true},')],
        ['something behind it', (text) => `${text}{}`],
        ['a byte order mark', (text) => `\ufeff${text}`],
      ] satisfies [string, (text: string) => string][]
    ).map(
      ([name, change]): Mutation => [
        `a signed statement with ${name}`,
        () => signedAs('application/vnd.in-toto+json', changed(change)),
        ['STATEMENT'],
      ],
    ),
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
    ['another tenant', () => set('manifest.tenant', 'umbrella'), ['PREDICATE', 'SUBJECT']],
    ['another policy', () => set('manifest.policies.0.version', 'none@1'), ['PREDICATE', 'SUBJECT']],
    ['another connection', () => set('manifest.connections.0.id', 'other'), ['PREDICATE', 'SUBJECT']],
    ['another ledger', () => set('manifest.ledger.outside', 8), ['PREDICATE', 'SUBJECT']],
    ['another time', () => set('manifest.createdAt', '2026-11-21T00:15:30.501Z'), ['PREDICATE', 'SUBJECT']],
    ['another agent', () => set('manifest.agent.version', '0.1.1'), ['PREDICATE', 'SUBJECT']],
    [
      'another build',
      () => set('manifest.agent.build', `sha256:${'8'.repeat(64)}`),
      ['PREDICATE', 'SUBJECT'],
    ],
    ['another purpose', () => set('manifest.purpose', 'run'), ['MANIFEST_SHAPE', 'SUBJECT']],
    ['another root', () => set('manifest.itemsRoot', `sha256:${'0'.repeat(64)}`), ['PREDICATE', 'SUBJECT']],
    [
      'a digest of another part',
      () => set('manifest.parts.summary', `sha256:${'0'.repeat(64)}`),
      ['SUBJECT'],
    ],
    ['a manifest with something more', () => set('manifest.note', 'hello'), ['MANIFEST_SHAPE', 'SUBJECT']],
    [
      'a manifest of another schema',
      () => set('manifest.schema', 'exhibit.manifest/v2'),
      ['MANIFEST_SHAPE', 'SUBJECT'],
    ],
    ['no manifest', () => drop('manifest'), ['SHAPE']],
    // The other one was made for the same place of the log, so that there are two histories.
    [
      'the manifest and attestation of another bundle',
      () => transplanted,
      ['CONTENTS', 'ITEMS_ROOT', 'LOG_FORKED', 'PART_CHANGED'],
    ],
    // The list of contents.
    ['another leaf', () => set('contents.8.leaf', `sha256:${'3'.repeat(64)}`), ['CONTENTS']],
    ['another id', () => set('contents.8.id', 'B'.repeat(43)), ['CONTENTS']],
    ['an entry of the list removed', () => drop('contents.8'), ['CONTENTS']],
    [
      'an entry of the list doubled',
      () =>
        edited(document, 'contents', (old) => [...(old as JsonValue[]), ...(old as JsonValue[]).slice(0, 1)]),
      ['CONTENTS'],
    ],
    ['an item removed and its entry too', () => thinned, ['CONTENTS', 'ITEMS_ROOT']],
    ['an entry with something more', () => set('contents.8.note', 'hello'), ['SHAPE']],
    ['all entries removed', () => set('contents', []), ['CONTENTS']],
    // The other parts.
    ...(['incident', 'summary', 'timeline', 'candidates', 'ledger', 'material'] as const).flatMap(
      (name): Mutation[] => [
        [`another ${name}`, () => set(name, { other: name }), ['PART_CHANGED']],
        // The last member of all is missed at the end of the file.
        [`no ${name}`, () => drop(name), [name === 'timeline' ? 'TRUNCATED' : 'SHAPE']],
        [`no digest of the ${name}`, () => drop(`manifest.parts.${name}`), ['SUBJECT']],
        [
          `no signed digest of the ${name}`,
          () => inManifest(`parts.${name}`, () => undefined),
          ['PART_ADDED'],
        ],
      ],
    ),
    [
      'a signed digest of a part that is not there',
      () => inManifest('parts.notes', () => `sha256:${'4'.repeat(64)}`),
      ['PART_MISSING'],
    ],
    ['something more', () => set('notes', 'hello'), ['SHAPE']],
    ['another schema', () => set('schema', 'exhibit.bundle/v2'), ['SHAPE']],
    ['no schema', () => drop('schema'), ['SHAPE']],
    // The items' own shape.
    ['an item with something more', () => set('items.3.item.note', 'hello'), ['ITEM_CHANGED']],
    ['an item without provenance', () => drop('items.3.item.provenance'), ['ITEM_CHANGED']],
    ['an item with another id', () => set('items.3.item.id', 'A'.repeat(43)), ['ITEM_ADDED', 'ITEM_MISSING']],
    ['an item with an id that is none', () => set('items.3.item.id', 'x'), ['ITEM_ADDED', 'ITEM_MISSING']],
    ['an item that is a list', () => set('items.3.item', []), ['SHAPE']],
    ['an item that is empty', () => set('items.3.item', {}), ['ITEM_ADDED', 'ITEM_MISSING']],
    ['an entry with something more', () => set('items.3.leaf', 'x'), ['SHAPE']],
    ['an entry without a salt', () => drop('items.3.salt'), ['SHAPE']],
    ['a salt in upper case', () => reencoded('items.3.salt', (text) => `ABCDEF${text.slice(6)}`), ['SHAPE']],
    ['items that are no list', () => set('items', {}), ['SHAPE']],
    ['all items removed', () => set('items', []), ['ITEM_MISSING']],
    // What the right key signed, although it breaks our rules.
    [
      'the items in another order',
      () => resealed(relisted({ ...document, items: itemsOf(document).toReversed() }), keys, log),
      ['ITEM_ORDER'],
    ],
    ['an item with something more, signed', () => inItem('note', 'hello'), ['ITEM_SHAPE']],
    ['an item of another class, signed', () => inItem('class', 'opinion'), ['ITEM_SHAPE']],
    ['an item of another read, signed', () => inItem('provenance.read', 'other'), ['ACCOUNT']],
    [
      'an item of another policy, signed',
      () => inItem('provenance.policy.digest', `sha256:${'6'.repeat(64)}`),
      ['ACCOUNT'],
    ],
    ['an item with another cost, signed', () => inItem('provenance.cost.durationMs', 9), ['ACCOUNT']],
    [
      'an item that dropped more, signed',
      () => inItem('provenance.dropped.count', 999),
      ['ACCOUNT', 'COUNTS'],
    ],
    [
      'a list of contents under other ids, signed',
      () => {
        const other = edited(document, 'contents.8.id', () => 'B'.repeat(43));
        const digest = digestOf(canonicalize(other['contents']));
        return reseal((manifest) => edited(manifest, 'parts.contents', () => digest), other);
      },
      ['CONTENTS'],
    ],
    ['another root, signed', () => inManifest('itemsRoot', () => `sha256:${'0'.repeat(64)}`), ['ITEMS_ROOT']],
    [
      'a manifest of a run, signed',
      () => reseal((made) => ({ ...made, purpose: 'run', scope: null })),
      ['LEDGER', 'PURPOSE'],
    ],
    ['more items, signed', () => inManifest('counts.kept', more), ['CONTENTS', 'COUNTS', 'LEDGER']],
    ['more treatments, signed', () => inManifest('counts.treated', more), ['COUNTS']],
    ['more items of a policy, signed', () => inManifest('policies.0.items', more), ['ACCOUNT']],
    [
      'a policy that cleared nothing, signed',
      () => inManifest('policies', (old) => [...(old as JsonValue[]), ...(old as JsonValue[])]),
      ['ACCOUNT'],
    ],
    ['more items of a read, signed', () => inManifest('connections.0.reads.0.items', more), ['ACCOUNT']],
    ['more gaps of a read, signed', () => inManifest('connections.0.reads.0.gaps', more), ['ACCOUNT']],
    ['no connections, signed', () => inManifest('connections', () => []), ['ACCOUNT']],
    ['no redactions, signed', () => inManifest('redactions', () => []), ['ACCOUNT']],
    ['more items outside, signed', () => inManifest('ledger.outside', more), ['LEDGER']],
    ['items missing, signed', () => inManifest('ledger.missing', () => 1), ['LEDGER']],
    ['a longer range, signed', () => inManifest('ledger.last', more), ['LEDGER']],
    ['more gaps than items, signed', () => inManifest('ledger.absent', more), ['ACCOUNT', 'LEDGER']],
    ['more dropped, signed', () => inManifest('ledger.dropped', more), ['ACCOUNT']],
    ['a row of the ledger left out, signed', () => inLedger('manifests.0', () => undefined), ['LEDGER']],
    ['a row with more items, signed', () => inLedger('manifests.1.included', more), ['LEDGER']],
    ['a row with something more, signed', () => inLedger('manifests.1.note', () => 'x'), ['LEDGER']],
    [
      'rows in another order, signed',
      () => inLedger('manifests', (old) => (old as JsonValue[]).toReversed()),
      ['LEDGER'],
    ],
  ];

  /** An item that the right key signed. */
  function inItem(path: string, value: JsonValue): Promise<JsonObject> {
    return resealed(relisted(edited(document, `items.3.item.${path}`, () => value)), keys, log);
  }

  function inLedger(
    path: string,
    change: (old: JsonValue | undefined) => JsonValue | undefined,
  ): Promise<JsonObject> {
    const other = edited(document, `ledger.${path}`, change);
    const digest = digestOf(canonicalize(other['ledger']));
    return reseal((manifest) => edited(manifest, 'parts.ledger', () => digest), other);
  }

  function changed(change: (text: string) => string): string {
    const text = change(statementText());
    if (text === statementText()) throw new Error('nothing was changed');
    return text;
  }

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
      signatures: [{ sig: Buffer.from(signed).toString('base64') }] as [{ sig: string }],
    };
    return attestedAs(document, envelope, keys, log);
  }

  it.each(mutations)('is not good: %s', async (_, change, codes) => {
    const report = await verify(await change());
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
});
