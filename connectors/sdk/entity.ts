/**
 * Names an entity as `<scheme>://<authority>/<segment>/…`, with RFC 3986 percent-encoding per segment. The authority
 * is the connection's id, so the same object seen twice has one name. Examples: `postgresql://orders-db/orders`,
 * `kubernetes://prod/shop/Deployment/checkout`, `github://acme/shop/commit/4f2c…`.
 */
export function entityUri(scheme: string, authority: string, ...segments: readonly string[]): string {
  return `${scheme}://${[authority, ...segments].map(encodeURIComponent).join('/')}`;
}
