import { loadPolicies, presetPath } from '../../../policies/load.ts';
import type { PolicyOutline } from '../../config/outline.ts';
import { readLayers } from '../../governance/layers.ts';
import { checkSignatures, loadTrust, type SignatureReport } from '../../governance/signatures.ts';

interface SignedFile extends SignatureReport {
  readonly file: string;
  readonly required: number;
  /** How many it takes to come into force while it lets out more than what is. */
  readonly widening: number;
}

/**
 * How often each policy file is signed, where a config asks for signatures; presets need none. Throws PolicyProblems,
 * AgentError KEY, CONFIG.
 */
export async function signedFiles(
  names: readonly string[],
  { keys, required, widening }: PolicyOutline['signatures'],
): Promise<readonly SignedFile[]> {
  if (keys.length === 0 || Math.max(required, widening) === 0) return [];
  const trust = await loadTrust(keys, { required, widening });
  const files = names.filter((name) => presetPath(name) === undefined);
  const [{ layers }, loaded] = await Promise.all([readLayers(files), loadPolicies(files)]);
  return layers.flatMap((layer, index) => {
    const metadata = loaded[index]?.policy.metadata;
    if (metadata === undefined) return [];
    return [{ file: layer.file, required, widening, ...checkSignatures(layer, metadata, trust.keys) }];
  });
}

/** `policies/acme.yaml has 1 of 2 signatures, of those that it needs to let out more`. */
export function signedText({ file, signers, refused, required, widening }: SignedFile): string {
  const more = widening > required ? `; ${widening} where it lets out more than what is in force` : '';
  const lacks = signers.length < required ? 'NOT SIGNED ENOUGH: ' : '';
  const others = refused.map(({ file: at, message }) => `\n  does not count: ${at}: ${message}`).join('');
  return `${lacks}${file} has ${signers.length} of ${required} signatures${more}${others}`;
}
