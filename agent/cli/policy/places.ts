import { PRESETS, presetLabel, presetPath } from '../../../policies/load.ts';
import type { RulePlace } from '../../../policies/rule-place.ts';

/** `acme#people (acme.yaml:12)`; presets by their name, as their files lie in the package. */
export function shownRule(place: RulePlace): string {
  return `${place.rule} (${shownPlace(place)})`;
}

export function shownPlace({ file, line }: Pick<RulePlace, 'file' | 'line'>): string {
  const preset = presetAt(file);
  return preset === undefined ? `${file}:${line}` : `preset ${preset}:${line}`;
}

/** The preset that a place is in; an agent calls them by their labels. */
export function presetAt(file: string | undefined): string | undefined {
  return PRESETS.find((name) => presetPath(name) === file || presetLabel(name) === file);
}

/** Rows that lie under a heading. */
export function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
