import { randomBytes } from 'node:crypto';

const PREFIX = 'exhibit-canary-';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BYTES = 16;
const DIGITS = 26;
const PLANTED = /^[a-z][a-z0-9-]{6,61}[a-z0-9]$/;

/**
 * A marker that a person recognises and that can not occur by chance (128 random bits): `exhibit-canary-` and 26 digits
 * of base32 (RFC 4648, lower case). It needs no quoting in SQL, YAML or a shell, and is a name in Kubernetes (RFC 1123).
 */
export function plantedCanary(random: () => Uint8Array = () => randomBytes(BYTES)): string {
  const bytes = random();
  if (bytes.length < BYTES) throw new Error(`a canary needs ${BYTES} random bytes, got ${bytes.length}`);
  let pending = 0;
  let bits = 0;
  let digits = '';
  for (const byte of [...bytes.subarray(0, BYTES), 0]) {
    pending = ((pending << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5 && digits.length < DIGITS; bits -= 5) {
      digits += ALPHABET.charAt((pending >> (bits - 5)) & 31);
    }
  }
  return PREFIX + digits;
}

/** How an operator plants a marker where the agent reads, so that it shows if a value ever leaves. */
export interface PlantingRecipe {
  readonly source: 'postgresql' | 'kubernetes' | 'github';
  readonly title: string;
  /** Statements or shell commands, in order. */
  readonly commands: readonly string[];
}

/** @throws Error for a marker that would need quoting: one of `plantedCanary` never does. */
export function plantingRecipes(marker: string): readonly PlantingRecipe[] {
  if (!PLANTED.test(marker)) {
    throw new Error(
      'a marker to plant must be 8 to 63 lower-case letters, digits and -, first a letter, last no -',
    );
  }
  return [...postgresRecipes(marker), ...kubernetesRecipes(marker), ...githubRecipes(marker)];
}

function postgresRecipes(marker: string): readonly PlantingRecipe[] {
  const source = 'postgresql';
  return [
    {
      source,
      title: 'A row in a table of its own',
      commands: [
        'CREATE TABLE exhibit_canary (marker text NOT NULL);',
        `INSERT INTO exhibit_canary (marker) VALUES ('${marker}');`,
        // The planner's statistics hold values of rows.
        'ANALYZE exhibit_canary;',
      ],
    },
    { source, title: 'A comment', commands: [`COMMENT ON TABLE exhibit_canary IS '${marker}';`] },
    {
      source,
      title: 'A setting of a role that nobody can log in with',
      commands: [
        'CREATE ROLE exhibit_canary NOLOGIN;',
        `ALTER ROLE exhibit_canary SET exhibit.canary TO '${marker}';`,
      ],
    },
    {
      source,
      title: 'The text of a query, running for a minute',
      commands: [`SELECT pg_sleep(60), '${marker}' AS marker;`],
    },
  ];
}

function kubernetesRecipes(marker: string): readonly PlantingRecipe[] {
  const source = 'kubernetes';
  return [
    {
      source,
      title: 'A Secret',
      commands: [`kubectl create secret generic exhibit-canary --from-literal=marker=${marker}`],
    },
    {
      source,
      title: 'A ConfigMap',
      commands: [`kubectl create configmap exhibit-canary --from-literal=marker=${marker}`],
    },
    {
      source,
      title: 'An annotation',
      commands: [`kubectl annotate configmap exhibit-canary exhibit.local/canary=${marker}`],
    },
    {
      source,
      title: 'An environment variable of a pod that does nothing',
      commands: [
        `kubectl run exhibit-canary --image=registry.k8s.io/pause:3.10 --env=EXHIBIT_CANARY=${marker}`,
      ],
    },
  ];
}

function githubRecipes(marker: string): readonly PlantingRecipe[] {
  const source = 'github';
  return [
    {
      source,
      title: 'A commit message',
      commands: [`git commit --allow-empty --message 'canary ${marker}'`, 'git push'],
    },
    {
      source,
      title: 'The body of an issue',
      commands: [`gh issue create --title 'Canary, please leave open' --body '${marker}'`],
    },
    {
      source,
      title: 'A file',
      commands: [
        `printf '%s\\n' ${marker} > .exhibit-canary`,
        "git add .exhibit-canary && git commit --message 'Plant a canary'",
        'git push',
      ],
    },
  ];
}
