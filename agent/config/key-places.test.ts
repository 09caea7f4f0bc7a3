import { describe, expect, it } from 'vitest';
import { keyPlaces } from './key-places.ts';
import { keys, transparency } from './key-schema.ts';

const placesOf = (given: unknown) =>
  keyPlaces(
    { tenant: 'acme', dataDir: 'var', keys: keys.parse(given), transparency: transparency.parse({}) },
    '/etc/exhibit',
  );

const VAULT = { address: 'https://vault.example:8200', key: 'evidence' };

describe('where the signing key is', () => {
  it.each<[string, unknown, unknown]>([
    ['nothing said', {}, { kind: 'file', path: '/etc/exhibit/var/keys/signing.pem' }],
    ['a path', { signing: 'a.pem' }, { kind: 'file', path: '/etc/exhibit/a.pem' }],
    ['a file', { signing: { file: '/srv/a.pem' } }, { kind: 'file', path: '/srv/a.pem' }],
    [
      'a Secret',
      { signing: { kubernetesSecret: { name: 'exhibit', key: 'signing.pem', namespace: 'ops' } } },
      { kind: 'kubernetesSecret', name: 'exhibit', key: 'signing.pem', namespace: 'ops' },
    ],
    [
      'Vault with a token file',
      {
        signing: {
          vaultTransit: { ...VAULT, auth: { tokenFile: 'token' }, caFile: 'ca.pem', mount: 'teams/transit' },
        },
      },
      {
        kind: 'vaultTransit',
        ...VAULT,
        mount: 'teams/transit',
        auth: { tokenFile: '/etc/exhibit/token' },
        caFile: '/etc/exhibit/ca.pem',
      },
    ],
    [
      'Vault with a service account',
      { signing: { vaultTransit: { ...VAULT, auth: { kubernetes: { role: 'exhibit', mount: 'k8s-eu' } } } } },
      { kind: 'vaultTransit', ...VAULT, auth: { kubernetes: { role: 'exhibit', mount: 'k8s-eu' } } },
    ],
    [
      'KMS',
      { signing: { awsKms: { keyId: 'alias/evidence', region: 'us-gov-west-1' } } },
      { kind: 'awsKms', keyId: 'alias/evidence', region: 'us-gov-west-1' },
    ],
  ])('%s', (_what, given, expected) => {
    const places = placesOf(given);
    expect(places.signing).toEqual(expected);
    expect(places.keyHistory).toBe('/etc/exhibit/var/keys/key-history.json');
  });

  it.each([
    { signing: {} },
    { signing: { file: 'a', awsKms: { keyId: 'a', region: 'eu-central-1' } } },
    { signing: { vaultTransit: { ...VAULT, auth: {} } } },
    { signing: { vaultTransit: { ...VAULT, key: 'a/../b', auth: { tokenFile: 't' } } } },
    { signing: { kubernetesSecret: { name: '../x', key: 'a' } } },
    { signing: 7 },
  ])('is refused: %j', (given) => {
    expect(keys.safeParse(given).success).toBe(false);
  });
});
