import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { pae } from '../../evidence/dsse.ts';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { generateKeyPair, localSigner } from '../../evidence/sign/local.ts';
import type { Signer } from '../../evidence/sign/signer.ts';
import { attestationOf } from '../../evidence/sigstore.ts';
import { compareVersions } from './downgrade.ts';
import { loadTrust, type PolicyTrust, signPolicy, signText } from './signatures.ts';
import { NAMES, NUMBERS, PolicyFolder, policyText, QUERIES } from './testing/policy-folder.ts';

const ann = generateKeyPair();
const bob = generateKeyPair();
const eve = generateKeyPair();
const [annSigns, bobSigns, eveSigns] = [ann, bob, eve].map(({ privateKeyPem }) => localSigner(privateKeyPem));

function trusting(required: number, widening = 0): PolicyTrust {
  const keys = [ann, bob].map(({ publicKeyPem }) => readPublicKey(publicKeyPem));
  return { keys: new Map(keys.map((key) => [keyId(key), key])), required, widening };
}

let folder: PolicyFolder;
beforeEach(async () => {
  folder = await PolicyFolder.make();
});
afterEach(() => folder.remove());

const GOOD = policyText({ rules: [NAMES] });
const signed = (text: string, by = annSigns) => signText(text, 'acme.yaml', by as Signer, 'approver');

/** An agent that has the policy in force, signed by Ann. */
async function started(trust: PolicyTrust) {
  const file = await folder.write('acme.yaml', GOOD);
  await folder.write('acme.yaml.ann.sigstore.json', await signed(GOOD));
  if (trust.required > 1) await folder.write('acme.yaml.bob.sigstore.json', await signed(GOOD, bobSigns));
  return folder.govern({ names: [file], clock: fakeClock(), trust });
}

/** A DSSE envelope over anything. */
function enveloped(payloadType: string, payload: string, signer: Signer): string {
  const signature = signer.sign(pae(payloadType, Buffer.from(payload))) as Uint8Array;
  const envelope = {
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: [{ sig: Buffer.from(signature).toString('base64') }] as [{ sig: string }],
  };
  return attestationOf(envelope, signer.keyId);
}

function statementIn(bundle: string): Record<string, unknown> {
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } };
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as Record<string, unknown>;
}

const EDITED = policyText({ version: '2', rules: [NAMES, NUMBERS] });
const IN_TOTO = 'application/vnd.in-toto+json';
const annSigner = annSigns as Signer;

describe('a policy that is not signed as it must be', () => {
  it.each<[string, string, (text: string) => Promise<string | null>]>([
    ['has no signature', 'SIGNATURE_ABSENT', async () => null],
    ['has an empty one', 'SIGNATURE_SHAPE', async () => ''],
    ['has something else in its place', 'SIGNATURE_SHAPE', async () => '{"signed":true}'],
    [
      'has JSON that is none of ours',
      'SIGNATURE_SHAPE',
      async (text) => (await signed(text)).replace('v0.3', 'v0.2'),
    ],
    ['is signed by a stranger', 'SIGNER_UNKNOWN', (text) => signed(text, eveSigns)],
    [
      'is signed by a stranger who gives the name of a friend',
      'SIGNATURE_INVALID',
      async (text) => (await signed(text, eveSigns)).replace(eveSigns?.keyId ?? '', annSigner.keyId),
    ],
    [
      'has a signature that was altered',
      'SIGNATURE_INVALID',
      async (text) => {
        const bundle = JSON.parse(await signed(text)) as { dsseEnvelope: { signatures: [{ sig: string }] } };
        const der = Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64');
        der[20] = (der[20] ?? 0) ^ 1;
        bundle.dsseEnvelope.signatures[0].sig = der.toString('base64');
        return canonicalize(bundle);
      },
    ],
    [
      'has a statement that was altered',
      'SIGNATURE_INVALID',
      async (text) => {
        const bundle = await signed(text);
        const said = canonicalize({ ...statementIn(bundle), predicateType: 'https://exhibit.dev/other/v1' });
        const old = (JSON.parse(bundle) as { dsseEnvelope: { payload: string } }).dsseEnvelope.payload;
        return bundle.replace(old, Buffer.from(said).toString('base64'));
      },
    ],
    [
      'is signed as another payload type',
      'SIGNATURE_TYPE',
      async (text) => enveloped('text/plain', canonicalize(statementIn(await signed(text))), annSigner),
    ],
    [
      'is signed with another predicate',
      'SIGNATURE_TYPE',
      async (text) =>
        enveloped(
          IN_TOTO,
          canonicalize({
            ...statementIn(await signed(text)),
            predicateType: 'https://exhibit.dev/erasure/v1',
          }),
          annSigner,
        ),
    ],
    [
      'is signed with two subjects',
      'SIGNATURE_TYPE',
      async (text) => {
        const said = statementIn(await signed(text)) as { subject: readonly unknown[] };
        const subject = [...said.subject, ...said.subject];
        return enveloped(IN_TOTO, canonicalize({ ...said, subject }), annSigner);
      },
    ],
    [
      'is signed in a form that is not canonical',
      'SIGNATURE_TYPE',
      async (text) => enveloped(IN_TOTO, JSON.stringify(statementIn(await signed(text)), null, 1), annSigner),
    ],
    ['has the signature of its last version', 'SIGNATURE_OF_OTHER_BYTES', () => signed(GOOD)],
    [
      'was edited by one character after it was signed',
      'SIGNATURE_OF_OTHER_BYTES',
      (text) => signed(`${text} `),
    ],
    [
      'has the signature of another policy',
      'SIGNATURE_OF_ANOTHER_POLICY',
      () => signed(policyText({ name: 'globex', version: '2', rules: [NAMES, NUMBERS] })),
    ],
    [
      'is signed as another version than it says',
      'SIGNATURE_OF_OTHER_BYTES',
      async (text) => {
        const said = statementIn(await signed(text)) as { predicate: object };
        const predicate = { ...said.predicate, policy: { name: 'acme', version: '3' } };
        return enveloped(IN_TOTO, canonicalize({ ...said, predicate }), annSigner);
      },
    ],
  ])('and %s is refused: %s', async (_case, code, sign) => {
    const { supervisor } = await started(trusting(1));
    const before = supervisor.current();
    const signature = await sign(EDITED);
    await folder.write('acme.yaml.ann.sigstore.json', signature ?? 'x');
    if (signature === null) await removed('acme.yaml.ann.sigstore.json');
    await folder.write('acme.yaml', EDITED);
    expect(await supervisor.reload()).toBe('refused');
    expect(supervisor.lastFailure()?.code).toBe(code);
    expect(supervisor.lastFailure()?.message).not.toBe('');
    expect(supervisor.current()).toBe(before);
  });

  it('is refused when one key signed twice where two are needed', async () => {
    const { supervisor } = await started(trusting(2));
    await folder.write('acme.yaml', EDITED);
    await folder.write('acme.yaml.ann.sigstore.json', await signed(EDITED));
    await folder.write('acme.yaml.bob.sigstore.json', await signed(EDITED));
    expect(await supervisor.reload()).toBe('refused');
    expect(supervisor.lastFailure()?.code).toBe('SIGNATURES_TOO_FEW');
    await folder.write('acme.yaml.bob.sigstore.json', await signed(EDITED, bobSigns));
    expect(await supervisor.reload()).toBe('applied');
    expect(
      supervisor
        .version()
        .signers.map(({ keyId: id }) => id)
        .toSorted(),
    ).toEqual([annSigner.keyId, (bobSigns as Signer).keyId].toSorted());
  });

  it('keeps the agent from starting, and presets need no signature', async () => {
    const file = await folder.write('acme.yaml', GOOD);
    const clock = fakeClock();
    await expect(folder.govern({ names: [file], clock, trust: trusting(1) })).rejects.toMatchObject({
      refusal: 'SIGNATURE_ABSENT',
    });
    await folder.govern({ names: ['strict'], clock, trust: trusting(1, 2) });
  });
});

async function removed(name: string): Promise<void> {
  const { rm } = await import('node:fs/promises');
  await rm(path.join(folder.path, name));
}

describe('where policies are signed', () => {
  const sign = async (text: string, ...signers: readonly (typeof annSigns)[]) => {
    await folder.write('acme.yaml', text);
    for (const [index, name] of ['ann', 'bob'].entries()) {
      const by = signers[index];
      await folder.write(`acme.yaml.${name}.sigstore.json`, by === undefined ? '' : await signed(text, by));
      if (by === undefined) await removed(`acme.yaml.${name}.sigstore.json`);
    }
  };

  it('an older version can not be brought back, nor one number be used for two texts', async () => {
    const { supervisor } = await started(trusting(1));
    await sign(policyText({ version: '10', rules: [NAMES, NUMBERS] }), annSigns);
    expect(await supervisor.reload()).toBe('applied');
    await sign(policyText({ version: '9.5', rules: [NAMES] }), annSigns);
    expect([await supervisor.reload(), supervisor.lastFailure()?.code]).toEqual(['refused', 'VERSION_LOWER']);
    await sign(policyText({ version: '10.0', rules: [NAMES] }), annSigns);
    expect([await supervisor.reload(), supervisor.lastFailure()?.code]).toEqual([
      'refused',
      'VERSION_REUSED',
    ]);
    expect(compareVersions('1.10', '1.9')).toBe(1);
    expect(compareVersions('2', '2.0.0')).toBe(0);
  });

  it('an older version can not be brought back over a restart either', async () => {
    const trust = trusting(1);
    const { supervisor } = await started(trust);
    await sign(EDITED, annSigns);
    await supervisor.reload();
    await sign(GOOD, annSigns);
    await folder.reopen();
    const again = folder.govern({ names: [path.join(folder.path, 'acme.yaml')], clock: fakeClock(), trust });
    await expect(again).rejects.toMatchObject({ refusal: 'VERSION_LOWER' });
  });

  it('widening takes the second signature, and narrowing does not', async () => {
    const { supervisor } = await started(trusting(1, 2));
    await sign(EDITED, annSigns);
    expect([await supervisor.reload(), supervisor.lastFailure()?.code]).toEqual([
      'refused',
      'WIDENING_UNSIGNED',
    ]);
    await sign(EDITED, annSigns, bobSigns);
    expect(await supervisor.reload()).toBe('applied');
    await sign(policyText({ version: '3', rules: [NAMES] }), annSigns);
    expect(await supervisor.reload()).toBe('applied');
  });

  it('widening that begins later takes it as well', async () => {
    const { supervisor } = await started(trusting(1, 2));
    const later = `breakGlass:
  - { id: later, reason: planned for tomorrow, requestedBy: ann, approvedBy: bob, from: "2026-11-22T01:00:00Z",
      expires: "2026-11-22T02:00:00Z", streams: [sample/blocking], fields: [query], treatment: scan }
`;
    await sign(policyText({ version: '2', rules: [NAMES], more: later }), annSigns);
    expect([await supervisor.reload(), supervisor.lastFailure()?.code]).toEqual([
      'refused',
      'WIDENING_UNSIGNED',
    ]);
  });

  it('widening by leaving out a file at start takes it as well', async () => {
    const narrow = policyText({ name: 'narrow', rules: [NAMES.replace('keep', 'drop')] });
    const file = await folder.write('acme.yaml', GOOD);
    await folder.write('acme.yaml.ann.sigstore.json', await signed(GOOD));
    const other = await folder.write('narrow.yaml', narrow);
    await folder.write('narrow.yaml.ann.sigstore.json', await signed(narrow));
    const clock = fakeClock();
    await folder.govern({ names: [file, other], clock, trust: trusting(1, 2) });
    await folder.reopen();
    const again = folder.govern({ names: [file], clock, trust: trusting(1, 2) });
    await expect(again).rejects.toMatchObject({ refusal: 'WIDENING_UNSIGNED' });
  });

  it('the API can replace a policy by a signed one, and neither leave one out nor add one', async () => {
    const { service, supervisor } = await started(trusting(1, 1));
    const apply = (...layers: Parameters<typeof service.apply>[0]) => {
      const expected = supervisor.current().policy.digest;
      return service.apply(layers, { by: 'api:token', reason: 'tried in a test', expected });
    };
    const text = EDITED;
    await expect(apply({ name: 'acme.yaml', text })).rejects.toMatchObject({ refusal: 'SIGNATURE_ABSENT' });
    await expect(apply({ name: 'strict' })).rejects.toMatchObject({ refusal: 'LAYERS_CHANGED' });
    await expect(
      apply({ name: 'acme.yaml', text, signatures: [await signed(text)] }, { name: 'standard' }),
    ).rejects.toMatchObject({ refusal: 'LAYERS_CHANGED' });
    const bundle: unknown = JSON.parse(await signed(text));
    expect(await apply({ name: 'acme.yaml', text, signatures: [bundle] })).toBe('applied');
  });
});

describe('signPolicy', () => {
  it('writes a bundle beside the file that counts, one for each key', async () => {
    const keys = path.join(folder.path, 'keys');
    await mkdir(keys);
    const [privateKey, publicKey] = [path.join(keys, 'ann.pem'), path.join(keys, 'ann.pub.pem')];
    await writeFile(privateKey, ann.privateKeyPem, { mode: 0o600 });
    await writeFile(publicKey, ann.publicKeyPem);
    const file = await folder.write('acme.yaml', policyText({ rules: [QUERIES] }));
    const made = await signPolicy(file, privateKey, 'author');
    const again = await signPolicy(file, privateKey);
    expect(again.file).toBe(made.file);
    expect(path.basename(made.file)).toMatch(/^acme\.yaml\.[0-9a-f]{12}\.sigstore\.json$/);
    const trust = await loadTrust([publicKey, publicKey], { required: 1, widening: 0 });
    const { supervisor } = await folder.govern({ names: [file], clock: fakeClock(), trust });
    expect(supervisor.version().signers).toEqual([
      { layer: file, keyId: annSigns?.keyId, role: 'approver', file: made.file },
    ]);
    expect(await readFile(made.file, 'utf8')).toContain('application/vnd.dev.sigstore.bundle.v0.3+json');
    await expect(loadTrust([publicKey, publicKey], { required: 2, widening: 0 })).rejects.toMatchObject({
      code: 'CONFIG',
    });
  });

  it('signs nothing that is no policy', async () => {
    const file = await folder.write('acme.yaml', 'rules: [');
    const key = path.join(folder.path, 'key.pem');
    await writeFile(key, ann.privateKeyPem, { mode: 0o600 });
    await expect(signPolicy(file, key)).rejects.toMatchObject({ name: 'PolicyProblems' });
  });
});
