import { AgentError } from '../../errors.ts';

/** The one version whose digest begins so, with or without `sha256:`. Throws AgentError USAGE. */
export async function onlyVersion<T extends { readonly digest: string }>(
  versions: AsyncIterable<T>,
  prefix: string,
): Promise<T> {
  const wanted = prefix.startsWith('sha256:') ? prefix : `sha256:${prefix}`;
  const found: T[] = [];
  for await (const version of versions) {
    if (version.digest.startsWith(wanted)) found.push(version);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const message =
    only === undefined
      ? 'no version with this digest was in force'
      : 'several versions have digests that begin so';
  throw new AgentError('USAGE', message, { hint: 'exhibit policy versions lists them.' });
}
