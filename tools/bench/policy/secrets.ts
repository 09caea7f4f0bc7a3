import { around, type CanaryClass, whole } from './canary.ts';
import { ALNUM, DIGITS, HEX, LOWER, type Random, UPPER } from './random.ts';
import { SERVICES } from './values.ts';

const BASE64 = `${ALNUM}+/`;
const TOKEN = `${ALNUM}_-`;

/** A token that its issuer marks with a prefix. */
function issued(id: string, prefix: string, alphabet: string, length: number): CanaryClass {
  return { id, kind: 'secret', make: (random) => whole(`${prefix}${random.text(alphabet, length)}`) };
}

/** Something that only the words around it tell. */
function named(id: string, before: readonly string[], value: (random: Random) => string): CanaryClass {
  return { id, kind: 'secret', make: (random) => around(random.pick(before), value(random)) };
}

/** As people and generators make them: letters in both cases, digits, a sign. */
function password(random: Random): string {
  const ending = random.pick(['!', '#', '_', '-', '']) + random.text(DIGITS, 2);
  return `${random.text(UPPER, 1)}${random.text(LOWER, 5)}${random.text(ALNUM, random.between(4, 12))}${ending}`;
}

function login(id: string, scheme: string, port: number): CanaryClass {
  return {
    id,
    kind: 'secret',
    make: (random) => {
      const service = random.pick(SERVICES);
      return around(
        `${scheme}://${service}:`,
        password(random),
        `@db-${random.int(9)}.internal:${port}/${service}`,
      );
    },
  };
}

export const SECRETS: readonly CanaryClass[] = [
  {
    id: 'aws-access-key-id',
    kind: 'secret',
    make: (random) => whole(`${random.pick(['AKIA', 'ASIA'])}${random.text(`${UPPER}234567`, 16)}`),
  },
  named('aws-secret-key', ['aws_secret_access_key=', 'AWS_SECRET_ACCESS_KEY: '], (random) =>
    random.text(BASE64, 40),
  ),
  issued('github-pat', 'ghp_', ALNUM, 36),
  issued('github-app-token', 'ghs_', ALNUM, 36),
  issued('github-fine-grained', 'github_pat_', ALNUM, 82),
  issued('gitlab-pat', 'glpat-', TOKEN, 20),
  {
    id: 'slack-bot-token',
    kind: 'secret',
    make: (random) =>
      whole(['xoxb', random.text(DIGITS, 12), random.text(DIGITS, 12), random.text(ALNUM, 24)].join('-')),
  },
  {
    id: 'slack-webhook',
    kind: 'secret',
    make: (random) =>
      around(
        `https://hooks.slack.com/${'services'}/T${random.text(UPPER, 8)}/B${random.text(UPPER, 8)}/`,
        random.text(ALNUM, 24),
      ),
  },
  issued('stripe-key', ['sk', 'live', ''].join('_'), ALNUM, 24),
  {
    id: 'sendgrid-key',
    kind: 'secret',
    make: (random) => whole(`SG.${random.text(TOKEN, 22)}.${random.text(TOKEN, 43)}`),
  },
  issued('npm-token', 'npm_', ALNUM, 36),
  issued('pypi-token', 'pypi-AgEIcHlwaS5vcmc', TOKEN, 60),
  issued('google-api-key', 'AIza', TOKEN, 35),
  issued('openai-key', 'sk-proj-', ALNUM, 48),
  issued('anthropic-key', 'sk-ant-api03-', TOKEN, 93),
  issued('huggingface-token', 'hf_', `${LOWER}${UPPER}`, 34),
  issued('digitalocean-token', 'dop_v1_', HEX, 64),
  issued('databricks-token', 'dapi', HEX, 32),
  issued('shopify-token', 'shpat_', HEX, 32),
  issued('vault-token', 'hvs.', TOKEN, 90),
  named('twilio-auth-token', ['TWILIO_AUTH_TOKEN=', 'twilio auth_token: '], (random) => random.text(HEX, 32)),
  named(
    'azure-storage-key',
    ['DefaultEndpointsProtocol=https;AccountName=acme;AccountKey='],
    (random) => `${random.text(BASE64, 86)}==`,
  ),
  named(
    'signed-url',
    ['https://acme.blob.core.windows.net/logs/a.gz?sv=2024-11-04&sig='],
    (random) => `${random.text(ALNUM, 43)}%3D`,
  ),
  {
    id: 'jwt',
    kind: 'secret',
    make: (random) => {
      const part = (json: string) => Buffer.from(json).toString('base64url');
      const claims = `{"sub":"${random.text(DIGITS, 8)}","iat":17${random.text(DIGITS, 8)}}`;
      return whole(`${part('{"alg":"HS256","typ":"JWT"}')}.${part(claims)}.${random.text(TOKEN, 43)}`);
    },
  },
  {
    id: 'private-key',
    kind: 'secret',
    make: (random) => {
      const mark = (edge: string) => `-----${edge} ${['RSA', 'PRIVATE', 'KEY'].join(' ')}-----`;
      const lines = Array.from({ length: 6 }, () => random.text(BASE64, 64));
      return around(`${mark('BEGIN')}\n`, lines.join('\n'), `\n${mark('END')}`);
    },
  },
  login('postgres-url', 'postgresql', 5432),
  login('mysql-url', 'mysql', 3306),
  login('mongodb-url', 'mongodb+srv', 27017),
  login('redis-url', 'redis', 6379),
  login('amqp-url', 'amqps', 5671),
  {
    id: 'libpq-dsn',
    kind: 'secret',
    make: (random) =>
      around('host=db.internal user=app password=', password(random), ' dbname=orders sslmode=require'),
  },
  {
    id: 'basic-auth',
    kind: 'secret',
    make: (random) =>
      around('Authorization: Basic ', Buffer.from(`app:${password(random)}`).toString('base64')),
  },
  named('bearer-token', ['Authorization: Bearer ', 'authorization: bearer '], (random) =>
    random.text(TOKEN, 40),
  ),
  named('password', ['password=', 'DB_PASSWORD: ', '"password": "', '--password ', 'PGPASSWORD='], password),
  named('api-key', ['api_key=', 'X-Api-Key: ', 'apikey: '], (random) => random.text(ALNUM, 32)),
  named('session-cookie', ['Cookie: sessionid=', 'Set-Cookie: sid='], (random) => random.text(ALNUM, 32)),
  {
    id: 'password-hash',
    kind: 'secret',
    make: (random) => whole(`$2b$12$${random.text(`${ALNUM}./`, 53)}`),
  },
];

export const SECRET_CARRIERS: readonly string[] = [
  'could not connect with {} after 3 attempts',
  'using {}',
  'Error: request failed: {} (HTTP 401)',
  "UPDATE integrations SET config = '{}' WHERE id = 41",
  'level=error msg="exit status 1" args="{}"',
  'rotate {} before Friday, see the runbook',
];
