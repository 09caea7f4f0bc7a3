import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../connectors/sdk/index.ts';
import { buildBundle } from './bundle.ts';
import { canonicalize } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import { pae } from './dsse.ts';
import { seal } from './seal.ts';
import { at, bytesOf, edited, parsed, pseudoRandom, resigned } from './testing/forge.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleContext,
  sampleEnvelopes,
  sampleKeys,
} from './testing/samples.ts';
import { formatReport, type ProblemCode, type VerifyReport, verifyBundle, verifyManifest } from './verify.ts';

const keys = sampleKeys();
const stranger = sampleKeys();
const trust = { publicKeyPem: [keys.signer.publicKeyPem] };
const ITEMS = 30;
const envelopes = sampleEnvelopes(ITEMS + 5);
const inside = envelopes.slice(0, ITEMS);
const outside = envelopes.slice(ITEMS);
const sealed = await seal(inside, sampleBundleContext(inside, keys));
const bundle = buildBundle(sealed, SAMPLE_PARTS);
const document = parsed(bundle);
const ids = sealed.items.map(({ item }) => item.id);
const otherSealed = await seal(outside, sampleBundleContext(outside, keys));
const otherDocument = parsed(buildBundle(otherSealed, SAMPLE_PARTS));

const verify = (value: JsonValue) => verifyBundle(bytesOf(value), trust);
const problemsOf = (report: VerifyReport) =>
  report.checks.flatMap(({ problem }) =>
    problem === undefined || problem.code === 'NOT_CHECKED' ? [] : [problem],
  );
const codesOf = (report: VerifyReport) => [...new Set(problemsOf(report).map(({ code }) => code))].toSorted();
const itemsOf = (value: JsonObject) => at(value, 'items') as readonly JsonObject[];
const withItems = (items: readonly JsonValue[]) => ({ ...document, items });

describe('a good bundle', () => {
  const report = verifyBundle(bundle, trust);

  it('passes every check', () => {
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.checks.map(({ check }) => check)).toEqual([
      'file',
      'shape',
      'canonical',
      'attestation',
      'signature',
      'payload-type',
      'statement',
      'subject',
      'manifest',
      'predicate',
      'items-root',
      'purpose',
      'item-schema',
      'items',
      'item-order',
      'counts',
      'parts',
    ]);
    expect(report.good).toBe(true);
  });

  it('is told about in facts that were signed', () => {
    expect(report.facts).toEqual({
      kind: 'bundle',
      tenant: 'acme',
      signedBy: keys.signer.keyId,
      manifest: sealed.digest,
      sequence: 42,
      createdAt: '2026-11-21T00:15:30.500Z',
      window: { from: '2026-11-20T23:30:00.000Z', to: '2026-11-21T00:30:00.000Z' },
      items: ITEMS,
      manifests: 1,
    });
    expect(formatReport(report)).toMatch(/^good: a bundle of 30 items\n/);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('is good under one of several trusted keys, and without an item too', async () => {
    const several = { publicKeyPem: [stranger.signer.publicKeyPem, keys.signer.publicKeyPem] };
    expect(verifyBundle(bundle, several).good).toBe(true);
    const empty = buildBundle(await seal([], sampleBundleContext([], keys)), SAMPLE_PARTS);
    expect(verifyBundle(empty, trust).good).toBe(true);
  });

  it('is not believed without a key: that is misuse', () => {
    expect(() => verifyBundle(bundle, { publicKeyPem: [] })).toThrow(
      expect.objectContaining({ code: 'KEY' }),
    );
    expect(() => verifyBundle(bundle, { publicKeyPem: ['key'] })).toThrow(
      expect.objectContaining({ code: 'KEY' }),
    );
  });
});

describe('every item', () => {
  it.each(ids.map((id, index) => ({ id, index })))('that is removed is named: $index', ({ id, index }) => {
    const report = verify(withItems(itemsOf(document).toSpliced(index, 1)));
    expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_MISSING', where: `manifest.items[${index}]` }]);
    expect(problemsOf(report)[0]?.what).toContain(`${id}, number ${index}`);
  });

  it('that is changed is named, whichever field it is', () => {
    const change: Readonly<Record<string, (old: JsonValue | undefined) => JsonValue>> = {
      'item.body.pid': () => 1,
      'item.occurredAt': () => '2026-11-21T00:10:00.001Z',
      'item.observedAt': () => '2026-11-21T00:14:03.251Z',
      'item.entity': () => 'sample://orders-db/other',
      'item.class': () => 'state',
      'item.related': () => [],
      'item.provenance.cost.bytes': () => 2215,
      'item.provenance.policy.version': () => 'sample@8',
      'item.provenance.dropped.count': () => 0,
      'item.window': () => ({ from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:00:01.000Z' }),
      salt: (old) => String(old).replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    };
    for (const [position, [path, replace]] of Object.entries(change).entries()) {
      const index = (position * 7) % ITEMS;
      const report = verify(edited(document, `items.${index}.${path}`, replace));
      expect(codesOf(report)).toEqual(['ITEM_CHANGED']);
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_CHANGED', where: `items[${index}]` }]);
      expect(problemsOf(report)[0]?.what).toContain(`item ${index} (${ids[index]})`);
    }
  });

  it('that is added is named, wherever it is put', () => {
    for (const [extra, foreign] of itemsOf(otherDocument).entries()) {
      for (const index of [0, 1, 13, ITEMS - 1, ITEMS]) {
        const report = verify(withItems(itemsOf(document).toSpliced(index, 0, foreign)));
        expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_ADDED', where: `items[${index}]` }]);
        expect(problemsOf(report)[0]?.what).toContain(String(otherSealed.items[extra]?.item.id));
      }
    }
  });

  it('that is there twice is named with both positions', () => {
    for (const [index, entry] of itemsOf(document).entries()) {
      const report = verify(withItems([...itemsOf(document), entry]));
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_DOUBLED', where: `items[${ITEMS}]` }]);
      expect(problemsOf(report)[0]?.what).toBe(`item ${ITEMS} (${ids[index]}) is item ${index} again`);
    }
  });

  it('that is moved is named, and no other', () => {
    const random = pseudoRandom(11);
    for (let round = 0; round < 200; round += 1) {
      const [from, to] = [random(ITEMS), random(ITEMS)];
      if (Math.abs(from - to) < 2) continue;
      const entries = itemsOf(document);
      const taken = entries.slice(from, from + 1);
      const report = verify(withItems(entries.toSpliced(from, 1).toSpliced(to, 0, ...taken)));
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_MOVED', where: `items[${to}]` }]);
      expect(problemsOf(report)[0]?.what).toBe(
        `item ${to} (${ids[from]}) was moved: it is number ${from} of the manifest`,
      );
    }
  });

  it('that changed places with another is named', () => {
    for (let index = 0; index + 1 < ITEMS; index += 1) {
      const entries = itemsOf(document);
      const [a, b] = entries.slice(index, index + 2);
      if (a === undefined || b === undefined) throw new Error('the sample is too short');
      const neighbours = problemsOf(verify(withItems(entries.with(index, b).with(index + 1, a))));
      expect(neighbours.map(({ code }) => code)).toEqual(['ITEM_MOVED']);
      expect([ids[index], ids[index + 1]].some((id) => neighbours[0]?.what.includes(String(id)))).toBe(true);
    }
    const [first, last] = [itemsOf(document)[2], itemsOf(document)[20]];
    if (first === undefined || last === undefined) throw new Error('the sample is too short');
    const report = verify(withItems(itemsOf(document).with(2, last).with(20, first)));
    expect(problemsOf(report).map(({ where }) => where)).toEqual(['items[2]', 'items[20]']);
  });

  it('is named when several things happen at once', () => {
    const entries = itemsOf(edited(document, 'items.4.item.body.pid', () => 7));
    const foreign = itemsOf(otherDocument).slice(0, 1);
    const report = verify(withItems([...entries.slice(1, 10), ...entries.slice(11), ...foreign]));
    expect(problemsOf(report).map(({ code, where }) => `${code} ${where}`)).toEqual([
      'ITEM_CHANGED items[3]',
      `ITEM_ADDED items[${ITEMS - 2}]`,
      'ITEM_MISSING manifest.items[0]',
      'ITEM_MISSING manifest.items[10]',
    ]);
  });
});

describe('every byte', () => {
  const text = Buffer.from(bundle).toString('latin1');
  /** Where each item of the file begins and ends. */
  const spans = sealed.items.map(({ canonical }) => {
    const begin = text.indexOf(canonical);
    return { begin, end: begin + canonical.length };
  });

  function flipped(position: number, mask: number): Uint8Array {
    const copy = Buffer.from(bundle);
    copy[position] = (copy[position] ?? 0) ^ mask;
    return copy;
  }

  it('that is flipped is noticed, and inside an item the item is named', () => {
    const random = pseudoRandom(2026);
    for (let round = 0; round < 2_000; round += 1) {
      const position = random(bundle.length);
      const report = verifyBundle(flipped(position, 1 << random(8)), trust);
      expect(report.good).toBe(false);
      const problems = problemsOf(report);
      expect(problems.length).toBeGreaterThan(0);
      const index = spans.findIndex(({ begin, end }) => position >= begin && position < end);
      if (index === -1) continue;
      const named = problems.some(
        ({ what, where }) => where.startsWith(`items[${index}]`) || what.includes(String(ids[index])),
      );
      expect({ named, position, problems }).toMatchObject({ named: true });
    }
  });

  it('that is removed or added is noticed', () => {
    const random = pseudoRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const position = random(bundle.length);
      const shorter = Buffer.concat([bundle.subarray(0, position), bundle.subarray(position + 1)]);
      const longer = Buffer.concat([
        bundle.subarray(0, position),
        Buffer.of(random(256)),
        bundle.subarray(position),
      ]);
      expect(verifyBundle(shorter, trust).good).toBe(false);
      expect(verifyBundle(longer, trust).good).toBe(false);
    }
  });

  it('of white space is noticed, and its place is named', () => {
    for (const [name, bytes] of [
      ['a new line at the end', `${text}\n`],
      ['a byte order mark', `\u00ef\u00bb\u00bf${text}`],
      ['indentation', JSON.stringify(document, null, 2)],
      ['a space after a colon', text.replace('"salt":', '"salt": ')],
    ] as const) {
      const report = verifyBundle(Buffer.from(bytes, 'latin1'), trust);
      expect({ name, problems: problemsOf(report).map(({ where }) => /byte \d+$/.test(where)) }).toEqual({
        name,
        problems: [true],
      });
    }
  });

  it('is looked at in properties that are there twice', () => {
    const twice = text.replace('{"item":', '{"item":{},"item":');
    const report = verifyBundle(Buffer.from(twice, 'latin1'), trust);
    expect(problemsOf(report)).toMatchObject([
      { code: 'NOT_CANONICAL', where: expect.stringMatching(/^items\[0\]\.item/) },
    ]);
  });
});

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
      'base64 without padding',
      () => reencoded(`${signature}.0.sig`, (text) => text.replace(/=*$/, 'A')),
      ['ATTESTATION_SHAPE', 'SIGNATURE'],
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
    [
      'no manifest',
      () => drop('manifest'),
      ['MANIFEST_SHAPE', 'NOT_CANONICAL', 'SHAPE'].filter(
        (code) => code !== 'NOT_CANONICAL',
      ) as ProblemCode[],
    ],
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
  async function signedAs(payloadType: string, text = statementText()): Promise<JsonValue> {
    const signed = await keys.signer.sign(pae(payloadType, Buffer.from(text)));
    const envelope = {
      payload: Buffer.from(text).toString('base64'),
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
    const { merkleRoot } = await import('./merkle.ts');
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

describe('verifyManifest', () => {
  it('accepts a manifest of a run, and says what it proves', async () => {
    const run = await seal(inside, sampleContext(inside, keys));
    const report = verifyManifest(run.canonical, run.attestation, trust);
    expect(report).toMatchObject({
      good: true,
      facts: { kind: 'manifest', manifest: run.digest, sequence: 1, items: ITEMS },
    });
    expect(formatReport(report)).toMatch(/^good: a manifest of 30 items\n/);
  });

  it.each<[string, string, string, readonly ProblemCode[]]>([
    [
      'the attestation of another manifest',
      sealed.canonical,
      otherSealed.attestation,
      ['PREDICATE', 'SUBJECT'],
    ],
    ['white space in the manifest', `${sealed.canonical}\n`, sealed.attestation, ['NOT_CANONICAL']],
    ['white space in the attestation', sealed.canonical, ` ${sealed.attestation}`, ['NOT_CANONICAL']],
    ['no manifest', '', sealed.attestation, ['NOT_JSON']],
    ['no attestation', sealed.canonical, '', ['NOT_JSON']],
    ['a manifest that is null', 'null', sealed.attestation, ['MANIFEST_SHAPE', 'SUBJECT']],
    ['the two exchanged', sealed.attestation, sealed.canonical, ['ATTESTATION_SHAPE', 'MANIFEST_SHAPE']],
  ])('refuses %s', (_, canonical, attestation, codes) => {
    const report = verifyManifest(canonical, attestation, trust);
    expect(report.good).toBe(false);
    expect(codesOf(report)).toEqual(codes);
  });
});
