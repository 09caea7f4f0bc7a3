/**
 * The prefixes of an entity under which its items are filed too: `kubernetes://prod/` and `kubernetes://prod/shop/`.
 * The root of a connection, `postgresql://orders-db`, is under its own prefix. These match so many entities that searching them all for one page would take too long.
 */
export function filedPrefixes(entity: string): readonly string[] {
  const scheme = entity.indexOf('://');
  const root = scheme < 0 ? -1 : entity.indexOf('/', scheme + 3);
  if (root < 0) return scheme < 0 ? [] : [`${entity}/`];
  const second = entity.indexOf('/', root + 1);
  return second < 0 ? [entity.slice(0, root + 1)] : [entity.slice(0, root + 1), entity.slice(0, second + 1)];
}
