/**
 * Whether bytes could be (the beginning of) a text in UTF-8, or in UTF-16 of Latin letters. Of random bytes hardly two
 * in five pass at each place, so a few tell a digest from a text.
 */
export function isReadable(bytes: Uint8Array): boolean {
  let continues = false;
  for (const byte of bytes) {
    const isContinuation: boolean = continues && byte >= 0x80 && byte < 0xc0;
    const isLead = byte >= 0xc2 && byte < 0xf5;
    if (!isLead && !isContinuation && !isPlain(byte)) return false;
    continues = isLead || isContinuation;
  }
  return true;
}

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0 || byte === 9 || byte === 10 || byte === 13;
}
