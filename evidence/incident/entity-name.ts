/** The parts of an entity URI (connectors/sdk/entity.ts), decoded. */
export interface EntityName {
  readonly scheme: string;
  readonly authority: string;
  readonly segments: readonly string[];
}

export function parseEntity(uri: string): EntityName {
  const [scheme = '', rest = ''] = uri.split('://', 2);
  const [authority = '', ...segments] = rest.split('/').map(decode);
  return { scheme, authority, segments };
}

/** What kind of thing an entity is, by the layouts of our connectors: `Deployment`, `commit`, `relation`, `server`. */
export function entityKind(uri: string): string {
  const { scheme, segments } = parseEntity(uri);
  if (scheme !== 'postgresql') return segments[1] ?? '';
  if (segments[1] === 'pg_backend') return 'backend';
  if (segments[1] === 'pg_role') return 'role';
  return ['server', 'database', 'schema', 'relation'][Math.min(segments.length, 3)] ?? '';
}

/** Where an entity belongs: a namespace, a database, a repository. Null when it belongs to none. */
export function entityScope(uri: string): string | null {
  const { scheme, authority, segments } = parseEntity(uri);
  const [scope] = segments;
  return scope === undefined || scope === '_cluster' ? null : `${scheme}://${authority}/${scope}`;
}

/** The last part: the name of a workload, relation, commit or database. */
export function entityLeaf(uri: string): string {
  return parseEntity(uri).segments.at(-1) ?? '';
}

/** For people: `Deployment shop/checkout`, `commit 4f2c1a9b of acme/shop`, `relation orders-db/orders/public/cart`. */
export function shortName(uri: string): string {
  const { scheme, authority, segments } = parseEntity(uri);
  const [scope = '', kind = '', ...names] = segments;
  const name = names.join('/');
  // Roles belong to the server, whatever database they are filed under.
  if (scheme === 'postgresql' && kind === 'pg_role') return `role ${authority}/${name}`;
  if (scheme === 'postgresql')
    return `${entityKind(uri)} ${[authority, ...segments].join('/')}`.replace('/pg_backend/', '/');
  if (name === '') return [authority, ...segments].join('/');
  if (scheme === 'kubernetes') return scope === '_cluster' ? `${kind} ${name}` : `${kind} ${scope}/${name}`;
  if (scheme === 'github')
    return `${kind} ${kind === 'commit' ? name.slice(0, 8) : name} of ${authority}/${scope}`;
  return [authority, ...segments].join('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
