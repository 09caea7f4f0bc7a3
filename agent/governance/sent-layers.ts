import { digestOf } from '../../evidence/digest.ts';
import type { PolicyLayerText } from '../../evidence/store/governance.ts';
import { presetLabel, presetNamed } from '../../policies/load.ts';
import { type PolicyLayer, presetLayer } from './layers.ts';
import { PolicyRefusal } from './refusal.ts';

/** A layer that somebody sends: a preset by its name alone, a text with its signatures, or one as it was given out. */
export interface SentLayer {
  /** Of a preset: with or without `preset:`. */
  readonly name: string;
  readonly text?: string | undefined;
  /** Of the text; in place of it, for one that was in force. */
  readonly digest?: string | undefined;
  /** Sigstore bundles, as JSON. */
  readonly signatures?: readonly unknown[] | undefined;
}

/** What is known of texts that were given out. */
export interface GivenOut {
  /** The text of a version that was in force; undefined for none. */
  readonly kept: (digest: string) => Promise<string | undefined>;
  /** A text as it is shown, with what detectors find in it masked. */
  readonly shown: (text: string) => string;
}

/** Throws PolicyRefusal PROBLEMS for a layer of which nobody can tell which text is meant. */
export async function layersOf(sent: readonly SentLayer[], given: GivenOut): Promise<readonly PolicyLayer[]> {
  return Promise.all(sent.map((layer) => layerOf(layer, given)));
}

/** The layers of a version that was in force, as they were. */
export function keptLayers(layers: readonly PolicyLayerText[]): readonly PolicyLayer[] {
  return layers.map(({ name, text }) => {
    const preset = presetNamed(name);
    const file = preset === undefined ? name : presetLabel(preset);
    return { name, file, isPreset: preset !== undefined, text, signatures: [] };
  });
}

/** How layers are called where they are given out: what comes out can be sent in again. */
export function givenName(name: string): string {
  const preset = presetNamed(name);
  return preset === undefined ? name : presetLabel(preset);
}

async function layerOf(layer: SentLayer, given: GivenOut): Promise<PolicyLayer> {
  const { name, signatures = [] } = layer;
  const preset = await presetLayer(presetNamed(name) ?? '');
  const text = await textOf(layer, given, preset);
  if (preset !== undefined) {
    if (text === undefined || text === preset.text) return preset;
    throw unclear(name, 'is a preset, and this is another text than it has in this agent', {
      hint: 'send it without text and digest to have that one, or give the text a name of its own',
    });
  }
  if (text === undefined) throw unclear(name, 'is not a preset, and has no text');
  return {
    name,
    file: name,
    isPreset: false,
    text,
    signatures: signatures.map((signature, index) => ({
      file: `${name} signature ${index + 1}`,
      text: typeof signature === 'string' ? signature : jsonOf(signature),
    })),
  };
}

/** What was masked when it was given out is itself again; a text that was edited is not taken for what it was. */
async function textOf(
  { name, text, digest }: SentLayer,
  { kept, shown }: GivenOut,
  preset: PolicyLayer | undefined,
): Promise<string | undefined> {
  if (digest === undefined || (text !== undefined && digestOf(text) === digest)) return text;
  const original =
    preset !== undefined && digestOf(preset.text) === digest ? preset.text : await kept(digest);
  if (original !== undefined && (text === undefined || shown(original) === text)) return original;
  throw unclear(name, 'has a digest that is not that of its text, nor of one that was in force', {
    hint: 'send a text that was edited without a digest',
  });
}

function unclear(file: string, message: string, { hint }: { readonly hint?: string } = {}): PolicyRefusal {
  const problem = { file, line: 1, column: 1, path: '', message, ...(hint === undefined ? {} : { hint }) };
  return new PolicyRefusal('PROBLEMS', 'it is not clear which text a layer has', { problems: [problem] });
}

/** What is nested too deeply to be written down is no signature either. */
function jsonOf(signature: unknown): string {
  try {
    return JSON.stringify(signature);
  } catch {
    return '';
  }
}
