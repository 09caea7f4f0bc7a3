import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Completes the package-lock.json files after `npm install` (`npm run lock` does both). npm leaves optional packages of
 * other platforms out of a lock when the registry at hand can not resolve them, and `npm ci` then refuses the lock. Their
 * versions are known from the packages that ask for them; their platforms stand in their names.
 */
interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'windows'];
const PROCESSORS: readonly (readonly [RegExp, string])[] = [
  [/\barm64\b/, 'arm64'],
  [/\barm(?:-|$)/, 'arm'],
  [/\bx64\b/, 'x64'],
  [/\bia32\b/, 'ia32'],
  [/\bppc64\b/, 'ppc64'],
  [/\briscv64\b/, 'riscv64'],
  [/\bs390x\b/, 's390x'],
];

interface Lock {
  packages: Record<string, Entry>;
}

for (const place of ['../package-lock.json', '../test/postgres-matrix/package-lock.json']) {
  const file = fileURLToPath(new URL(place, import.meta.url));
  const lock = JSON.parse(await readFile(file, 'utf8')) as Lock;
  const added = complete(lock);
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${file}: ${added.length === 0 ? 'complete' : `added ${added.length}: ${added.join(', ')}`}`);
}

function complete(lock: Lock): readonly string[] {
  const added: string[] = [];
  for (const [asking, entry] of Object.entries({ ...lock.packages })) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const version = /^\^?(\d+\.\d+\.\d+.*)$/.exec(range)?.[1];
      if (platform === null || version === undefined) continue;
      const found = lock.packages[nearest(lock, asking, name)]?.version;
      if (found !== undefined && serves(found, range)) continue;
      const place = found === undefined ? `node_modules/${name}` : `${asking}/node_modules/${name}`;
      lock.packages[place] = {
        version,
        ...platform,
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
      } as Entry;
      added.push(`${name}@${version}`);
    }
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  return added;
}

/** Where Node.js would find the package from there: in the asking package itself, else in one that it lies in. */
function nearest(lock: Lock, asking: string, name: string): string {
  const around = asking.split(/(?:^|\/)node_modules\//).slice(1);
  for (let depth = around.length; depth > 0; depth--) {
    const place = `${around
      .slice(0, depth)
      .map((step) => `node_modules/${step}/`)
      .join('')}node_modules/${name}`;
    if (lock.packages[place] !== undefined) return place;
  }
  return `node_modules/${name}`;
}

/** An exact version serves itself; a caret is only ever met here by the same major version. */
function serves(version: string, range: string): boolean {
  if (!range.startsWith('^')) return version === range;
  return version.split('.')[0] === range.slice(1).split('.')[0];
}

/** Null for a name that does not say for which platform it is. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } | null {
  const os = SYSTEMS.find((system) => name.includes(system));
  const cpu = PROCESSORS.find(([pattern]) => pattern.test(name))?.[1];
  if (os === undefined || cpu === undefined) return null;
  if (os !== 'linux') return { os: [os === 'windows' ? 'win32' : os], cpu: [cpu] };
  return { os: [os], cpu: [cpu], libc: [name.includes('musl') ? 'musl' : 'glibc'] };
}
