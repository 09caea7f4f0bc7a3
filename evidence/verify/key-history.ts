import { EvidenceError } from '../errors.ts';
import { type FollowedHistory, readKeyHistory } from '../trust/follow-history.ts';
import { CheckList, GET_AGAIN, one, type VerifyReport } from './report.ts';
import { readTrust, type Trust } from './trust.ts';

/**
 * Whether every version of a key history follows from the one before it, and whether it is that of a trusted key. Throws
 * EvidenceError for what can not be trusted because it is none.
 */
export function verifyKeyHistory(bytes: Uint8Array, trust: Trust): VerifyReport {
  const { keys } = readTrust(trust);
  const checks = new CheckList();
  let followed: FollowedHistory;
  try {
    followed = readKeyHistory(bytes);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    checks.record('key-history', one('KEY_HISTORY', error.message, 'file', error.hint ?? GET_AGAIN));
    checks.skip('signature', 'the history does not hold together');
    return checks.report(null);
  }
  checks.record('key-history', []);
  const isKnown = [...followed.signers].some((id) => keys.evidence.has(id));
  const what = 'none of the trusted keys signed a version of it';
  const fix = 'Give a public key of this agent, from a source other than the agent itself.';
  checks.record('signature', isKnown ? [] : one('KEY_UNKNOWN', what, 'versions', fix));
  const { history, digest } = followed;
  return checks.report({
    kind: 'key-history',
    tenant: history.tenant,
    sequence: history.sequence,
    digest,
    createdAt: history.createdAt,
    keys: history.keys.map(({ keyId, purpose, validFrom, validUntil, revokedAt }) => ({
      keyId,
      purpose,
      validFrom,
      validUntil,
      revokedAt,
    })),
  });
}
