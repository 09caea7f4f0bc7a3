import type { ASN1Obj } from '@sigstore/core';
import { EvidenceError } from '../errors.ts';

/** Walking parsed DER without taking one thing for another: every step names the tag that must be there. */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
} as const;

export function hasTag(value: ASN1Obj | undefined, tag: number): value is ASN1Obj {
  return value?.tag.toDER() === tag;
}

/** What a value of that tag holds; as many as wanted, when that is said. Throws TIMESTAMP. */
export function children(value: ASN1Obj | undefined, tag: number, wanted?: number): readonly ASN1Obj[] {
  if (!hasTag(value, tag)) throw badToken('is built in another way than a timestamp');
  if (wanted === undefined || value.subs.length === wanted) return value.subs;
  throw badToken(`has ${value.subs.length} parts where it must have ${wanted}`);
}

/** Throws TIMESTAMP unless the values have these tags, in this order, and there are no more of them. */
export function assertTags(values: readonly ASN1Obj[], tags: readonly number[]): void {
  if (values.length === tags.length && values.every((value, index) => hasTag(value, tags[index] ?? 0)))
    return;
  throw badToken('is built in another way than a timestamp');
}

/** The object identifier of an AlgorithmIdentifier whose parameters are absent or NULL. Throws TIMESTAMP. */
export function algorithmOf(value: ASN1Obj | undefined): string {
  const [oid, parameters, ...more] = children(value, TAG.sequence);
  const isPlain = parameters === undefined || (hasTag(parameters, TAG.null) && parameters.value.length === 0);
  if (!hasTag(oid, TAG.oid) || !isPlain || more.length > 0)
    throw badToken('names an algorithm with parameters');
  return oid.toOID();
}

export function octetsOf(value: ASN1Obj | undefined): Uint8Array {
  if (hasTag(value, TAG.octetString)) return value.value;
  throw badToken('has a digest that is none');
}

export function badToken(what: string, cause?: unknown): EvidenceError {
  return new EvidenceError('TIMESTAMP', `the timestamp ${what}`, {
    hint: 'Check that the address and the certificates of the timestamp authority belong together.',
    cause,
  });
}
