import { describe, expect, it } from 'vitest';
import { signPayload } from '../dsse.ts';
import { awsKmsSigner } from './aws-kms.ts';
import { vaultTransitSigner } from './vault-transit.ts';

/**
 * Against the real services, where there are any:
 *
 *     EXHIBIT_TEST_VAULT_ADDR=https://… EXHIBIT_TEST_VAULT_KEY=evidence EXHIBIT_TEST_VAULT_TOKEN_FILE=…
 *     EXHIBIT_TEST_KMS_KEY=arn:… AWS_REGION=eu-central-1, with credentials where AWS's own tools find them
 */
const env = process.env;
const vault = env['EXHIBIT_TEST_VAULT_ADDR'];
const kms = env['EXHIBIT_TEST_KMS_KEY'];

if (vault === undefined) process.stderr.write('skipped, because EXHIBIT_TEST_VAULT_ADDR is not set: Vault\n');
if (kms === undefined) process.stderr.write('skipped, because EXHIBIT_TEST_KMS_KEY is not set: AWS KMS\n');

const STATEMENT = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');

describe.skipIf(vault === undefined)('Vault', () => {
  it('signs what its public key verifies', async () => {
    const caFile = env['EXHIBIT_TEST_VAULT_CA'];
    const signer = await vaultTransitSigner({
      address: vault ?? '',
      key: env['EXHIBIT_TEST_VAULT_KEY'] ?? 'evidence',
      auth: { tokenFile: env['EXHIBIT_TEST_VAULT_TOKEN_FILE'] ?? '' },
      ...(caFile === undefined ? {} : { caFile }),
    });
    expect((await signPayload(STATEMENT, signer)).signatures).toHaveLength(1);
  });
});

describe.skipIf(kms === undefined)('AWS KMS', () => {
  it('signs what its public key verifies', async () => {
    const signer = await awsKmsSigner(
      { keyId: kms ?? '', region: env['AWS_REGION'] ?? 'us-east-1' },
      { env },
    );
    expect((await signPayload(STATEMENT, signer)).signatures).toHaveLength(1);
  });
});
