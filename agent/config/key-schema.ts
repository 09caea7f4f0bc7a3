import { z } from 'zod';
import { duration } from '../../connectors/sdk/index.ts';
import { isLoopback } from '../../evidence/sign/service-call.ts';

/** The parts of agent.yaml about keys, the log's name and timestamps. */

export const filePath = z.string().min(1).max(1024);

/** https, or http to this machine; no credentials in it. */
const serviceAddress = z
  .string()
  .max(1024)
  .refine(isServiceAddress, 'must be an address that starts with https:// (http:// only for this machine)');

const segment = (what: string) =>
  z.string().regex(/^[A-Za-z0-9][\w.-]{0,127}$/, `must be the name of ${what}`);
const mount = z
  .string()
  .regex(/^[\w.-]{1,64}(?:\/[\w.-]{1,64}){0,3}$/, 'must be the path of a mount, such as transit');

const kubernetesSecret = z.strictObject({
  name: segment('a Secret'),
  key: segment('an entry of the Secret').meta({
    description: "Entry of the Secret's data that holds the PEM.",
  }),
  namespace: segment('a namespace').optional().meta({ description: "Default: the pod's own." }),
});

const vaultTransit = z.strictObject({
  address: serviceAddress.meta({ description: 'https://vault.example.org:8200' }),
  mount: mount.optional().meta({ description: 'Where the transit engine is. Default: transit' }),
  key: segment('a key').meta({ description: 'A key of type ecdsa-p256.' }),
  namespace: mount.optional().meta({ description: 'Of Vault Enterprise.' }),
  auth: exactlyOne(
    z.strictObject({
      tokenFile: filePath
        .optional()
        .meta({ description: 'A file with a token, such as Vault Agent writes.' }),
      kubernetes: z
        .strictObject({
          role: segment('a role'),
          mount: mount.optional().meta({ description: 'Where the auth method is. Default: kubernetes' }),
          tokenFile: filePath.optional().meta({ description: "Default: the service account's." }),
        })
        .optional(),
    }),
    ['tokenFile', 'kubernetes'],
  ),
  caFile: filePath.optional().meta({ description: "Certificates (PEM) that sign Vault's own." }),
});

const awsKms = z.strictObject({
  keyId: z
    .string()
    .regex(/^[\w/:.-]{1,2048}$/, 'must be the id, ARN or alias of a key')
    .meta({ description: 'Id, ARN or alias/<name> of a key of spec ECC_NIST_P256.' }),
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]{1,16}){1,3}-\d{1,2}$/, 'must be a region, such as eu-central-1'),
  endpoint: serviceAddress.optional().meta({ description: 'Of a VPC endpoint.' }),
});

/** A path alone means `{ file: path }`. */
const signing = z.preprocess(
  (given) => (typeof given === 'string' ? { file: given } : given),
  exactlyOne(
    z.strictObject({
      file: filePath.optional(),
      kubernetesSecret: kubernetesSecret.optional(),
      vaultTransit: vaultTransit.optional(),
      awsKms: awsKms.optional(),
    }),
    ['file', 'kubernetesSecret', 'vaultTransit', 'awsKms'],
  ),
);
export type SigningConfig = z.infer<typeof signing>;

export const keys = z.strictObject({
  signing: signing.optional().meta({
    description:
      'The ECDSA P-256 key that signs evidence: a file (PEM), or one of { file }, { kubernetesSecret }, { vaultTransit }, { awsKms }. Default: <dataDir>/keys/signing.pem',
  }),
  checkpoint: filePath.optional().meta({
    description:
      "Ed25519 private key (PEM) that signs the log's checkpoints. Default: <dataDir>/keys/checkpoint.pem",
  }),
  pseudonym: filePath
    .optional()
    .meta({ description: 'Keyring of pseudonyms and digests. Default: <dataDir>/keys/pseudonym.key' }),
  rotateAfter: duration.optional().meta({
    description:
      'Age at which pseudonyms get a new key, such as 30d; absent: only by `exhibit keys rotate pseudonyms`.',
  }),
});

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL}){1,8}$`);

export const transparency = z.strictObject({
  origin: z
    .string()
    .max(253)
    .regex(HOST, 'must be like a host name, such as acme.exhibit.internal')
    .optional()
    .meta({
      description:
        "Name of the agent's log, in its checkpoints; like a host name, though nothing is looked up. Default: <tenant>.exhibit.internal",
    }),
  public: z.boolean().default(false).meta({
    description:
      'Whether the log (checkpoints, tiles, entries: hashes and signatures) is served without the token.',
  }),
});

export const timestamps = z.strictObject({
  url: serviceAddress.meta({ description: 'Of a timestamp authority (RFC 3161).' }),
  certificate: filePath.meta({
    description: "The authority's certificates (PEM): its own first, the root last.",
  }),
  purposes: z
    .array(z.enum(['bundle', 'run']))
    .min(1)
    .default(['bundle'])
    .meta({ description: 'Which manifests are timestamped.' }),
  timeout: duration.prefault('5s').meta({ description: 'How long the authority is waited for.' }),
  required: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether nothing is sealed while the authority does not answer.' }),
});

function exactlyOne<Shape extends z.ZodRawShape>(object: z.ZodObject<Shape>, names: readonly string[]) {
  return object.refine(
    (given) => names.filter((name) => Reflect.get(given, name) !== undefined).length === 1,
    {
      message: `must have exactly one of ${names.join(', ')}`,
    },
  );
}

function isServiceAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
