import { EvidenceError } from '../errors.ts';
import { verifyTimestamp } from '../timestamp/verify.ts';
import { judgeWindow, windowText } from '../trust/trust.ts';
import { type CheckList, one, type Problem } from './report.ts';
import type { Signed } from './signature.ts';
import type { Believed } from './trust.ts';

/** How far the signer's clock and the authority's may be apart before somebody should ask why. */
const MAX_APART_MS = 10 * 60_000;

const WHERE = 'attestation.verificationMaterial.timestampVerificationData';

/** When a trusted authority saw the signature; null when that is not proved. */
export function checkTimestamp(
  { attestation }: Signed,
  createdAt: string | null,
  { timestampChains }: Believed,
  checks: CheckList,
): string | null {
  const tokens = attestation.verificationMaterial.timestampVerificationData?.rfc3161Timestamps;
  if (tokens === undefined) {
    const what = 'no timestamp authority vouches for the time: when it was signed is what the signer says';
    checks.warn('timestamp', unproved(what, 'The agent adds timestamps where an authority is configured.'));
    return null;
  }
  if (timestampChains.length === 0) {
    const what = 'there is a timestamp, and no authority is trusted that could have made it';
    checks.warn('timestamp', unproved(what, "Give the authority's certificates."));
    return null;
  }
  const time = timeOf(tokens[0].signedTimestamp, attestation.dsseEnvelope.signatures[0].sig, timestampChains);
  const what = 'none of the trusted authorities made this timestamp for this signature';
  if (!checks.record('timestamp', time === null ? one('TIMESTAMP', what, WHERE) : [])) return null;
  if (
    time !== null &&
    createdAt !== null &&
    Math.abs(Date.parse(time) - Date.parse(createdAt)) > MAX_APART_MS
  ) {
    const apart = `the authority saw the signature at ${time}, and the signer says it was made at ${createdAt}`;
    const fix = "Ask the operator about the agent's clock; rely on the authority's time.";
    checks.warn('timestamp', { code: 'TIME_DIFFERS', what: apart, where: WHERE, fix });
  }
  return time;
}

function timeOf(token: string, signature: string, chains: readonly string[]): string | null {
  for (const chain of chains) {
    try {
      return verifyTimestamp(Buffer.from(token, 'base64'), Buffer.from(signature, 'base64'), chain).time;
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
    }
  }
  return null;
}

function unproved(what: string, fix: string): Problem {
  return { code: 'TIME_UNPROVED', what, where: WHERE, fix };
}

/** Whether the key was good when it signed, as far as that can be known. */
export function checkKeyWindow(
  { key }: Signed,
  provedAt: string | null,
  tenant: string | null,
  { keys }: Believed,
  checks: CheckList,
): void {
  const where = 'attestation.verificationMaterial.publicKey.hint';
  if (keys.history !== null && tenant !== null && keys.history.tenant !== tenant) {
    const what = 'the key history that was given is that of another tenant';
    checks.record('key-window', one('KEY_TENANT', what, where, 'Give the key history of this agent.'));
    return;
  }
  const verdict = judgeWindow(key, provedAt);
  const said = windowText(key, verdict);
  switch (verdict) {
    case 'good':
      checks.record('key-window', []);
      return;
    case 'not provable': {
      const what = `a signature does not prove when it was made, so the key's validity window can not be held against it: ${said}`;
      const fix = 'With a timestamp authority and the key history it can be proved.';
      checks.warn('key-window', { code: 'KEY_WINDOW_UNPROVED', what, where, fix });
      return;
    }
    case 'outside':
      checks.record('key-window', one('KEY_OUTSIDE', said, where, 'Do not rely on this.'));
      return;
    case 'revoked':
      checks.record('key-window', one('KEY_REVOKED', said, where, 'Do not rely on this.'));
  }
}
