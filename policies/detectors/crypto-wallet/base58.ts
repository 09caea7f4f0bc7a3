import { createHash } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const CHECKSUM = 4;

/** Base58Check: the last four bytes are the start of a double SHA-256 of those before. */
export function isBase58Check(text: string): boolean {
  const bytes = decode(text);
  if (bytes === undefined || bytes.length < 21) return false;
  const body = bytes.subarray(0, -CHECKSUM);
  return sha256(sha256(body)).subarray(0, CHECKSUM).equals(bytes.subarray(-CHECKSUM));
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function decode(text: string): Buffer | undefined {
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit === -1) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const hex = value.toString(16);
  const zeros = text.length - text.replace(/^1{1,64}/, '').length;
  return Buffer.concat([
    Buffer.alloc(zeros),
    Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'),
  ]);
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What the check leaves: BIP 173, and BIP 350 for later versions. */
const CONSTANTS = [1, 0x2bc830a3];

/** BIP 173 and 350: the prefix, `1`, and characters of which the last six check all. */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return false;
  const at = lower.lastIndexOf('1');
  const prefix = Array.from(lower.slice(0, at), (character) => character.charCodeAt(0));
  const data = Array.from(lower.slice(at + 1), (character) => BECH32.indexOf(character));
  if (at < 1 || data.length < 6 || data.includes(-1)) return false;
  let check = 1;
  for (const value of [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATOR.entries()) if (((top >> bit) & 1) === 1) check ^= generator;
  }
  return CONSTANTS.includes(check >>> 0);
}
