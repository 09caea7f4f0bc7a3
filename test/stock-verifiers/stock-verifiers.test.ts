import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testAuthority, type WrongAnswer } from '../helpers/timestamp-authority.ts';
import { hasOpenssl } from '../helpers/tls-files.ts';
import { certify } from '../helpers/x509.ts';
import { emitter, GOOD_FOR_LONG, type Kind, SHAPES, type Shape, STAMPED_AT, trustIn } from './emitted.ts';
import { ENVELOPE_MUTATIONS } from './envelope-mutations.ts';
import { FORM_MUTATIONS } from './form-mutations.ts';
import { LOG_MUTATIONS } from './log-mutations.ts';
import { bytesAt, type Mutation, SIGNATURE, TOKEN, type World, withBytes } from './mutation.ts';
import { SIGNATURE_MUTATIONS } from './signature-mutations.ts';
import { TIME_MUTATIONS } from './time-mutations.ts';
import { type AnyVerifier, cosign, openssl, ours, type StockName, sigstoreJs } from './verifiers.ts';

/**
 * What an agent emits, judged by verifiers that other people wrote. Our own may be stricter, and then the table of
 * mutations says why; it must never accept what one of them refuses.
 */

function published(): readonly string[] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [command] = /^cosign verify-blob-attestation .*$/m.exec(readme) ?? [];
  return command?.split(' ') ?? [];
}

const COSIGN = process.env['EXHIBIT_TEST_COSIGN'] ?? 'cosign';
const [, ...COSIGN_ARGS] = published();

function missing(name: string, isThere: boolean): readonly string[] {
  if (isThere) return [];
  process.stderr.write(`skipped, because ${name} is not on the PATH: part of test/stock-verifiers\n`);
  return [name];
}

const hasCosign = spawnSync(COSIGN, ['version'], { stdio: 'ignore' }).status === 0;
const MISSING = [
  ...missing('cosign 3 (or EXHIBIT_TEST_COSIGN)', hasCosign),
  ...missing('openssl', hasOpenssl()),
];

/** openssl looks at the signature over the statement only, so it is asked where that, or the key, was changed. */
const WHOLE: readonly AnyVerifier[] = [sigstoreJs, ...(hasCosign ? [cosign(COSIGN, COSIGN_ARGS)] : [])];
const ALL: readonly AnyVerifier[] = [...WHOLE, ...(hasOpenssl() ? [openssl] : [])];

const [agent, other] = [await emitter(), await emitter()];
const receipt = agent.emit('receipt', 'key+log+timestamp');
const world: World = { agent, other, base: agent.emit('manifest', 'key+log+timestamp'), emit: () => receipt };

/** What is emitted without a log entry: a policy's signature, a version of the key history; never evidence. */
const OURS_WANTS: Readonly<Record<Shape, boolean>> = {
  key: false,
  'key+timestamp': false,
  'key+log': true,
  'key+log+timestamp': true,
};

describe('the command in the README', () => {
  it('names the key, the trusted root, the bundle, the type and the file', () => {
    expect(COSIGN_ARGS).toEqual([
      'verify-blob-attestation',
      '--key',
      'evidence.pub',
      '--trusted-root',
      'trusted_root.json',
      '--bundle',
      'manifest.sigstore.json',
      '--type',
      'https://exhibit.dev/evidence-manifest/v1',
      'manifest.json',
    ]);
  });
});

describe('the command in VERIFY.md', () => {
  const text = readFileSync(new URL('../../evidence/bundle/VERIFY.md', import.meta.url), 'utf8');
  const [written = ''] = /^cosign verify-blob-attestation (?:.*\\\n)*.*$/m.exec(text) ?? [];
  const [, ...args] = written.replaceAll('\\\n', ' ').replace('"$KEY"', 'evidence.pub').split(/\s+/);

  it('asks for the signature alone, of the same files', () => {
    const withoutLog = COSIGN_ARGS.filter(
      (word) => word !== '--trusted-root' && word !== 'trusted_root.json',
    );
    expect(args.toSorted()).toEqual([...withoutLog, '--insecure-ignore-tlog'].toSorted());
  });

  it.skipIf(!hasCosign).each(SHAPES)('accepts a manifest with %s, and no other manifest', async (shape) => {
    const verifier = cosign(COSIGN, args);
    const presented = { ...agent.emit('manifest', shape), demands: { log: true, timestamp: false } };
    expect(await verifier.accepts(presented)).toBe(true);
    expect(await verifier.accepts({ ...presented, artifact: `${presented.artifact} ` })).toBe(false);
  });
});

describe('what is emitted', () => {
  const emitted = (['manifest', 'receipt'] satisfies Kind[]).flatMap((kind) =>
    SHAPES.map((shape) => [kind, shape] as const),
  );

  it.concurrent.each(emitted)('a %s with %s is accepted by every verifier', async (kind, shape) => {
    const presented = agent.emit(kind, shape);
    for (const verifier of ALL) expect(await verifier.accepts(presented), verifier.name).toBe(true);
    expect(await ours.accepts(presented)).toBe(OURS_WANTS[shape]);
  });

  it.concurrent.each(emitted)(
    'a %s with %s is refused under the keys of another agent',
    async (kind, shape) => {
      const presented = { ...agent.emit(kind, shape), trust: other.trust };
      for (const verifier of [ours, ...ALL])
        expect(await verifier.accepts(presented), verifier.name).toBe(false);
    },
  );
});

describe('timestamps', () => {
  const { authority, keys } = agent;
  const [leaf, root] = authority.certificates;
  const signature = bytesAt(world.base, SIGNATURE);

  it.concurrent.each<[string, WrongAnswer]>([
    ['no list of certificates', { certificates: null }],
    ['no certificates', { certificates: [] }],
    ['the whole chain', { certificates: [leaf.der, root.der] }],
    ['the whole chain, the root first', { certificates: [root.der, leaf.der] }],
    ['no nonce', { nonce: null }],
  ])('with %s are accepted by every verifier', async (_, form) => {
    const presented = withBytes(world.base, TOKEN, () =>
      authority.stamp(signature, { time: STAMPED_AT, ...form }),
    );
    for (const verifier of [ours, ...WHOLE])
      expect(await verifier.accepts(presented), verifier.name).toBe(true);
  });

  it.concurrent('by an RSA key, and under a certificate between, are accepted by every verifier', async () => {
    const between = certify({ subject: 'between', issuer: root, ca: true, ...GOOD_FOR_LONG });
    const deep = testAuthority({ ...GOOD_FOR_LONG, issuer: between });
    const rsa = testAuthority({ ...GOOD_FOR_LONG, rsa: true }, GOOD_FOR_LONG);
    const deepChain = `${deep.certificates[0].pem}${between.pem}${root.pem}`;
    for (const by of [rsa, { ...deep, chainPem: deepChain }]) {
      const stamped = withBytes(world.base, TOKEN, () => by.stamp(signature, { time: STAMPED_AT }));
      const presented = { ...stamped, trust: await trustIn(keys, by) };
      for (const verifier of [ours, ...WHOLE])
        expect(await verifier.accepts(presented), verifier.name).toBe(true);
    }
  });
});

const GROUPS = [
  ['the envelope and its key', ENVELOPE_MUTATIONS, ALL],
  ['the signature', SIGNATURE_MUTATIONS, ALL],
  ['the log entry', LOG_MUTATIONS, WHOLE],
  ['the timestamp', TIME_MUTATIONS, WHOLE],
  ['the document', FORM_MUTATIONS, WHOLE],
] as const;

describe.each(GROUPS)('changes of %s', (_, mutations, asked) => {
  it.concurrent.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    '%s',
    async (_name, mutation) => {
      const presented = await mutation.mutate(world);
      expect(presented).not.toEqual(world.base);
      expect(await ours.accepts(presented), 'ours').toBe(false);
      const outcomes = await Promise.all(
        asked.map(async (verifier) => [verifier.name, await verifier.accepts(presented)] as const),
      );
      expect(Object.fromEntries(outcomes)).toEqual(
        Object.fromEntries(asked.map(({ name }) => [name, passes(mutation, name)])),
      );
    },
  );
});

function passes({ passes: table }: Mutation, name: AnyVerifier['name']): boolean {
  return name !== 'ours' && table?.[name satisfies StockName] !== undefined;
}

describe('the mutations', () => {
  const refused = (mutations: readonly Mutation[]): number =>
    mutations.filter(({ passes: table }) => table === undefined).length;

  it('are at least thirty that all of cosign, @sigstore/verify and openssl refuse, and thirty more of log and time', () => {
    expect(refused([...ENVELOPE_MUTATIONS, ...SIGNATURE_MUTATIONS])).toBeGreaterThanOrEqual(30);
    expect(refused([...LOG_MUTATIONS, ...TIME_MUTATIONS, ...FORM_MUTATIONS])).toBeGreaterThanOrEqual(30);
  });

  it('have different names', () => {
    const names = GROUPS.flatMap(([, mutations]) => mutations.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  for (const name of MISSING) {
    it(`were shown to ${name}`, ({ skip }) => skip(`${name} is not on the PATH`));
  }
});
