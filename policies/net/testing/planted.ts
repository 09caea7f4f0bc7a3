import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DETECTORS } from '../../detectors/index.ts';

interface PlantedText {
  /** `github-token/ng.personal` */
  readonly name: string;
  readonly text: string;
}

/** The texts in which detectors of the net `all` must find something: their own fixtures. */
export function plantedTexts(): readonly PlantedText[] {
  const folder = join(import.meta.dirname, '..', '..', 'detectors');
  return DETECTORS.filter(({ net }) => net === 'all').flatMap(({ id }) =>
    readdirSync(join(folder, id, 'fixtures'))
      .filter((file) => file.startsWith('ng.'))
      .map((file) => {
        const fixture: unknown = JSON.parse(readFileSync(join(folder, id, 'fixtures', file), 'utf8'));
        const { text } = fixture as { readonly text: readonly string[] };
        return { name: `${id}/${file.replace(/\.json$/, '')}`, text: text.join('') };
      }),
  );
}
