/** A position in the write-ahead log, in bytes, as the server writes it: `16/B374D848` (PostgreSQL manual, 8.20). */
export function lsnText(position: bigint): string {
  const [high, low] = [position >> 32n, position & 0xffff_ffffn];
  return `${high.toString(16).toUpperCase()}/${low.toString(16).toUpperCase()}`;
}

/** The position that such a text names; null for anything else. */
export function parseLsn(text: unknown): bigint | null {
  if (typeof text !== 'string') return null;
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/.exec(text) ?? [];
  return high === undefined || low === undefined ? null : (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
