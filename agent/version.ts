import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Digest, digestOf } from '../evidence/digest.ts';
import type { ManifestAgent } from '../evidence/manifest.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const packageFile = z.looseObject({ version: z.string() });

/** The agent's version, from package.json; signed into every manifest. */
export function agentVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))).version;
}

/** Who signs: name, version, the source that runs, and the pod or host it runs as. */
export function agentIdentity(env: Readonly<NodeJS.ProcessEnv>): ManifestAgent {
  const { POD_NAMESPACE: namespace, POD_NAME: pod } = env;
  const identity = namespace !== undefined && pod !== undefined ? `${namespace}/${pod}` : hostname();
  return { build: buildDigest(), identity, name: 'exhibit', version: agentVersion() };
}

const SOURCES = ['agent', 'bin', 'connectors', 'evidence', 'policies', 'package.json', 'package-lock.json'];
const NOT_RUN = /(?:^|\/)(?:node_modules|fixtures|testing|testdata)(?:\/|$)|\.(?:test|itest)\.ts$/;

/**
 * SHA-256 over the lines that `sha256sum` prints for the files that can run, ordered by path:
 * two installations of the same release have the same digest.
 */
export function buildDigest(root: string = ROOT): Digest {
  const lines = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesOf(root, name)).toSorted(byCodeUnit)) {
    lines.update(`${digestOf(readFileSync(path.join(root, file))).slice('sha256:'.length)}  ${file}\n`);
  }
  return `sha256:${lines.digest('hex')}`;
}

function filesOf(root: string, name: string): readonly string[] {
  const found: string[] = [];
  const visit = (entry: string, isFolder: boolean) => {
    if (NOT_RUN.test(entry)) return;
    if (!isFolder) found.push(entry);
    else
      for (const child of readdirSync(path.join(root, entry), { withFileTypes: true }))
        visit(`${entry}/${child.name}`, child.isDirectory());
  };
  visit(name, !name.includes('.'));
  return found;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}
