/**
 * The one kind of header our archives have: POSIX.1-1988 ustar, a regular file that belongs to nobody and was changed
 * at the beginning of time (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, "ustar Interchange
 * Format"). A reader makes the header again from name and size and compares all 512 bytes, so there is no room for
 * links, devices, paths, extensions or a second way of writing a number.
 */

export const TAR_BLOCK = 512;
/** Two blocks of zeros end an archive. */
export const TAR_END_BYTES = 2 * TAR_BLOCK;

const NAME_BYTES = 100;
const SIZE = { offset: 124, digits: 11 } as const;
const CHECKSUM = { offset: 148, digits: 6 } as const;

/** `name` must be ASCII of at most 100 bytes; `size` below 8 GiB. */
export function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(TAR_BLOCK);
  header.write(name, 0, NAME_BYTES, 'latin1');
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${octal(size, SIZE.digits)}\0`, SIZE.offset);
  header.write('00000000000\0', 136);
  header.write('        ', CHECKSUM.offset);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write('0000000\0', 329);
  header.write('0000000\0', 337);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${octal(sum, CHECKSUM.digits)}\0 `, CHECKSUM.offset);
  return header;
}

/** Null for a header that we would not have written. */
export function readTarHeader(header: Uint8Array): { readonly name: string; readonly size: number } | null {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const name = bytes.toString('latin1', 0, NAME_BYTES).replace(/\0+$/, '');
  const digits = bytes.toString('latin1', SIZE.offset, SIZE.offset + SIZE.digits);
  if (!/^[a-zA-Z][a-zA-Z._-]{0,63}$/.test(name) || !/^[0-7]{11}$/.test(digits)) return null;
  const size = Number.parseInt(digits, 8);
  return bytes.equals(tarHeader(name, size)) ? { name, size } : null;
}

/** Zeros up to the next block. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
