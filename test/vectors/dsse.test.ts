import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dsseEnvelope, isSignedBy, pae } from '../../evidence/dsse.ts';
import { derInteger, derSequence } from '../../evidence/timestamp/der.ts';

/** The example of the DSSE protocol and its test vectors; see README.md. */

const IN_TOTO = 'application/vnd.in-toto+json';
const STATEMENT = 'eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==';
const BY_A = '2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==';
const BY_B = 'c1+67/aT0yqEpwx8PsVY3MLHsj9D0CZ014/Fv/QlG59P+9CobUZ7xECJ/V3USG0Ob9CiE5LjReEZUzNF2l7eBw==';
/** Ed25519 keys, the first two of RFC 8032 §7.1. */
const A = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

interface Vector {
  readonly id: string;
  readonly payload: string;
  readonly payloadType: string;
  readonly sigs: readonly string[];
  /** Hexadecimal; what the envelope says, which is what was signed unless the type was swapped. */
  readonly pae: string;
  /** Whether the first signature is one of key A over that encoding. */
  readonly holds: boolean;
  /** Why our envelopes are narrower than DSSE; null where they are not. */
  readonly refused: string | null;
}

const BODY = '7b225f74797065223a2268747470733a2f2f696e2d746f746f2e696f2f53746174656d656e742f7631227d';
const PAE_IN_TOTO = `445353457631203238206170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e20`;

const VECTORS: readonly Vector[] = [
  {
    id: 'single-signature',
    payload: STATEMENT,
    payloadType: IN_TOTO,
    sigs: [BY_A],
    pae: `${PAE_IN_TOTO}343320${BODY}`,
    holds: true,
    refused: null,
  },
  {
    id: 'url-safe-base64',
    payload: '-_-_Pj8=',
    payloadType: IN_TOTO,
    sigs: ['P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw=='],
    pae: `${PAE_IN_TOTO}3520fbffbf3e3f`,
    holds: true,
    refused: 'one way of writing every byte',
  },
  {
    id: 'non-ascii-payload-type',
    payload: STATEMENT,
    payloadType: 'application/vnd.exämple+json',
    sigs: ['xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw=='],
    pae: `445353457631203239206170706c69636174696f6e2f766e642e6578c3a46d706c652b6a736f6e20343320${BODY}`,
    holds: true,
    refused: null,
  },
  {
    id: 'payload-type-swapped',
    payload: STATEMENT,
    payloadType: 'application/vnd.example.other+json',
    sigs: [BY_A],
    pae: `445353457631203334206170706c69636174696f6e2f766e642e6578616d706c652e6f746865722b6a736f6e20343320${BODY}`,
    holds: false,
    refused: null,
  },
  {
    id: 'empty-payload',
    payload: '',
    payloadType: IN_TOTO,
    sigs: ['gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg=='],
    pae: `${PAE_IN_TOTO}3020`,
    holds: true,
    refused: 'nothing is no statement',
  },
  {
    id: 'empty-payload-type',
    payload: STATEMENT,
    payloadType: '',
    sigs: ['iC3q/+3Rm0+lpAJRueDmDh15PnwCfxKmS0NAfKsbv+zgulXQC/WM9trc+j1XEqlwDIg/vf/uNfebeD6sxInrDg=='],
    pae: `445353457631203020203433${'20'}${BODY}`,
    holds: true,
    refused: 'no verifier supports an empty type',
  },
  {
    id: 'threshold-two-without-keyids',
    payload: STATEMENT,
    payloadType: IN_TOTO,
    sigs: [BY_A, BY_B],
    pae: `${PAE_IN_TOTO}343320${BODY}`,
    holds: true,
    refused: 'one signature, because verifiers of Sigstore bundles take no more',
  },
];

describe('the vectors of secure-systems-lab/dsse', () => {
  const key = createPublicKey({
    key: Buffer.from(`302a300506032b6570032100${A}`, 'hex'),
    format: 'der',
    type: 'spki',
  });

  it.each(VECTORS)('$id', ({ payload, payloadType, sigs, pae: published, holds, refused }) => {
    const encoded = pae(payloadType, Buffer.from(payload, 'base64'));
    expect(Buffer.from(encoded).toString('hex')).toBe(published);
    expect(verify(null, encoded, key, Buffer.from(sigs[0] ?? '', 'base64'))).toBe(holds);
    const signatures = sigs.map((sig) => ({ sig }));
    expect(dsseEnvelope.safeParse({ payload, payloadType, signatures }).success).toBe(refused === null);
  });

  it('are no ECDSA signatures, so that nothing of ours takes them for its own', () => {
    const envelope = dsseEnvelope.parse({
      payload: STATEMENT,
      payloadType: IN_TOTO,
      signatures: [{ sig: BY_A }],
    });
    expect(isSignedBy(envelope, key)).toBe(false);
  });
});

describe('the example of the protocol', () => {
  const coordinate = (decimal: string): Buffer =>
    Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex');
  const x = coordinate('46950820868899156662930047687818585632848591499744589407958293238635476079160');
  const y = coordinate('5640078356564379163099075877009565129882514886557779369047442380624545832820');
  const key = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') },
    format: 'jwk',
  });
  const payloadType = 'http://example.com/HelloWorld';
  const raw = 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==';

  it('encodes as published', () => {
    expect(Buffer.from(pae(payloadType, Buffer.from('hello world'))).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it('is signed by its ECDSA key, once r and s are written in DER, as Sigstore has them', () => {
    const numbers = Buffer.from(raw, 'base64');
    const sig = derSequence(derInteger(numbers.subarray(0, 32)), derInteger(numbers.subarray(32)));
    const envelope = (signature: string) =>
      dsseEnvelope.parse({ payload: 'aGVsbG8gd29ybGQ=', payloadType, signatures: [{ sig: signature }] });
    expect(isSignedBy(envelope(sig.toString('base64')), key)).toBe(true);
    expect(isSignedBy(envelope(raw), key)).toBe(false);
  });
});
