import { readFileSync } from 'node:fs';
import { z } from 'zod';

const packageFile = z.looseObject({ version: z.string() });

/** The agent's version, from package.json; signed into every manifest. */
export function agentVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
    .version;
}
