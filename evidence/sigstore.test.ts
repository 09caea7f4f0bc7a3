import { describe, expect, it } from 'vitest';
import { canonicalize } from './canonical-json.ts';
import { signPayload } from './dsse.ts';
import { attestationOf } from './sigstore.ts';
import { sampleKeys } from './testing/samples.ts';

/** What stock verifiers make of these: test/stock-verifiers. */
const keys = sampleKeys();

describe('attestationOf', () => {
  it('is canonical and holds the envelope, the key it was signed with, and nothing more', async () => {
    const envelope = await signPayload(Buffer.from('{}'), keys.signer);
    const text = attestationOf(envelope, keys.signer.keyId);
    expect(text).toBe(canonicalize(JSON.parse(text)));
    expect(JSON.parse(text)).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: keys.signer.keyId } },
      dsseEnvelope: envelope,
    });
  });
});
