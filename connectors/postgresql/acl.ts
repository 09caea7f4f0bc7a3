/** Privileges of one grantee on one object. */
interface Grant {
  /** Name of the role; null for PUBLIC, which is everybody and so nobody. */
  readonly grantee: string | null;
  /** Letters as in the catalogs, in alphabetical order: `arw`. */
  readonly privileges: string;
  /** Those of them that the grantee may grant further. */
  readonly grantable: string;
}

/** Letters of an aclitem (PostgreSQL manual, "Privileges", table of abbreviations) as words. */
const PRIVILEGES: Readonly<Record<string, string>> = {
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  C: 'CREATE',
  c: 'CONNECT',
  T: 'TEMPORARY',
  X: 'EXECUTE',
  U: 'USAGE',
  s: 'SET',
  A: 'ALTER_SYSTEM',
  m: 'MAINTAIN',
};

/** Letters as words, in the order of the letters; one that is not known here says so. */
export function privilegeWords(letters: string): readonly string[] {
  return [...letters].map((letter) => PRIVILEGES[letter] ?? 'UNKNOWN');
}

/**
 * An `aclitem[]` as its text: `{alice=arw/owner,"\"odd role\"=r*\/owner",=r/owner}`. What a grantee has from several
 * grantors is put together. Undefined where it is none.
 */
export function parseAcl(text: string): readonly Grant[] | undefined {
  const items = parseArray(text);
  const grants = new Map<string | null, { privileges: Set<string>; grantable: Set<string> }>();
  for (const item of items ?? []) {
    const parsed = parseItem(item);
    if (parsed === undefined) return undefined;
    const known = grants.get(parsed.grantee) ?? { privileges: new Set(), grantable: new Set() };
    for (const [, letter = '', star] of parsed.letters.matchAll(/([A-Za-z])(\*?)/g)) {
      known.privileges.add(letter);
      if (star === '*') known.grantable.add(letter);
    }
    grants.set(parsed.grantee, known);
  }
  if (items === undefined) return undefined;
  return [...grants].map(([grantee, { privileges, grantable }]) => ({
    grantee,
    privileges: [...privileges].sort().join(''),
    grantable: [...grantable].sort().join(''),
  }));
}

/** Elements of a one-dimensional array literal. */
function parseArray(text: string): readonly string[] | undefined {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const items: string[] = [];
  const element = /(?:"((?:[^"\\]|\\.)*)"|([^",{}\\]+))(,|$)/sy;
  const inside = text.slice(1, -1);
  while (element.lastIndex < inside.length) {
    const match = element.exec(inside);
    if (match === null) return undefined;
    items.push(match[2] ?? (match[1] ?? '').replaceAll(/\\(.)/gs, '$1'));
  }
  return items;
}

/** `grantee=letters/grantor`; a name with other characters than letters, digits and _ stands in double quotes. */
function parseItem(item: string): { grantee: string | null; letters: string } | undefined {
  const match = /^(?:"((?:[^"]|"")*)"|([^"=]*))=([A-Za-z*]*)\//s.exec(item);
  if (match === null) return undefined;
  const grantee = match[1]?.replaceAll('""', '"') ?? match[2] ?? '';
  return { grantee: grantee === '' ? null : grantee, letters: match[3] ?? '' };
}
