/** The value of a SealedSecret starts with the length of a key that RSA encrypted: 512 bytes. */
const SEALED = /^Ag[A-D][A-Za-z0-9+/]{57}/;
const SEALED_IN = /SealedSecret|encryptedData/;
/** Of eyaml and SOPS, of Ansible Vault: only who has the key can read it. */
const ENCRYPTED = /^(?:ENC\[(?:PKCS7|GPG|KMS|[A-Z0-9_]{3,16},data:)|\$ANSIBLE_VAULT;[0-9.]{1,8};)/;
/** How far in front of its values a manifest says of what kind it is. */
const DOCUMENT = 8192;

export const ENCRYPTED_PATTERNS: readonly RegExp[] = [SEALED, SEALED_IN, ENCRYPTED];

/** Whether the value at that place can be kept in public, encrypted as it is, which is what such files are for. */
export function isEncrypted(text: string, value: string, at: number): boolean {
  if (SEALED.test(value)) return SEALED_IN.test(text.slice(Math.max(0, at - DOCUMENT), at));
  return ENCRYPTED.test(value);
}
