import { readFile } from 'node:fs/promises';

const QUERIES = new URL('../../connectors/postgresql/queries/', import.meta.url);
/** Names in quotes, one line or many, as the last thing that a condition says. */
const LIST = /(?<=\bIN \(\n)(?: {4}'[a-z0-9_', \n]+'\n)(?= {2}\)\n)/;

/**
 * The query over settings of roles and databases, with the list of queries/settings.sql in it: the guard proves each
 * file by itself, and takes for proof only names that stand there as literals.
 */
export async function settingOverrides(): Promise<string> {
  const [settings, overrides] = await Promise.all(
    ['settings.sql', 'setting_overrides.sql'].map((name) => readFile(new URL(name, QUERIES), 'utf8')),
  );
  const list = LIST.exec(settings ?? '')?.[0];
  if (list === undefined || overrides === undefined || !LIST.test(overrides))
    throw new Error(
      'queries/settings.sql and queries/setting_overrides.sql must each hold one list of names',
    );
  return overrides.replace(LIST, () => list);
}
