import type {
  Check,
  CheckName,
  KeyHistoryFacts,
  LogFacts,
  ReceiptFacts,
  VerifiedFacts,
  VerifyReport,
} from './report.ts';

/**
 * The report as text for a terminal: one line for each check, what is wrong with its place and what to do, what is
 * known of something that is good, and what is not proved.
 */
export function formatReport(report: VerifyReport): string {
  const failed = report.checks.filter(({ result }) => result === 'failed');
  const found = failed.filter(({ problem }) => problem?.code !== 'NOT_CHECKED');
  const warnings = report.checks.filter(({ result }) => result === 'warning');
  const lines = [headline(report, found.length), '', ...checkLines(report.checks)];
  for (const check of found) lines.push('', ...problemLines(check));
  if (report.facts !== null) lines.push('', ...factLines(report.facts));
  if (report.good && warnings.length > 0) {
    lines.push('', 'not proved:');
    for (const { problem } of warnings) lines.push(`  - ${problem?.what ?? ''}`, `    ${problem?.fix ?? ''}`);
  }
  return `${lines.join('\n')}\n`;
}

function headline({ good, facts }: VerifyReport, problems: number): string {
  if (!good || facts === null) return `not good: ${problems} ${problems === 1 ? 'problem' : 'problems'}`;
  if (facts.kind === 'receipt') return `good: a receipt; ${facts.what}`;
  if (facts.kind === 'key-history') return `good: a key history of ${facts.keys.length} keys`;
  if (facts.kind === 'disclosure')
    return `good: a disclosure of ${facts.items} of the ${facts.of} items of a ${facts.purpose}`;
  return `good: a ${facts.kind} of ${facts.kind === 'chain' ? `${facts.manifests} manifests` : `${facts.items} items`}`;
}

const MARKS = { ok: 'ok', failed: 'FAILED', warning: 'not proved' } as const;

/** One line for a check, however often it is there. */
function checkLines(checks: readonly Check[]): readonly string[] {
  const names = [...new Set(checks.map(({ check }) => check))];
  return names.map((name) => `  ${name.padEnd(13)} ${markOf(name, checks)}`);
}

function markOf(name: CheckName, checks: readonly Check[]): string {
  const own = checks.filter(({ check }) => check === name);
  const failed = own.filter(({ result }) => result === 'failed');
  if (failed.length > 0 && failed.every(({ problem }) => problem?.code === 'NOT_CHECKED'))
    return 'not checked';
  if (failed.length > 0) return MARKS.failed;
  return own.some(({ result }) => result === 'warning') ? MARKS.warning : MARKS.ok;
}

function problemLines({ check, problem }: Check): readonly string[] {
  if (problem === undefined) return [`  ${check}`];
  return [`  ${problem.code} ${problem.where}`, `    what  ${problem.what}`, `    fix   ${problem.fix}`];
}

function factLines(facts: VerifiedFacts): readonly string[] {
  if (facts.kind === 'receipt') return receiptLines(facts);
  if (facts.kind === 'key-history') return keyLines(facts);
  const { manifest, sequence, tenant, window } = facts;
  return [
    `  manifest   ${manifest} (number ${sequence})`,
    `  tenant     ${tenant}`,
    `  window     ${window.from} to ${window.to}`,
    ...(facts.kind === 'disclosure' ? facts.ids.map((id) => `  item       ${id}`) : []),
    ...signatureLines(facts),
  ];
}

function receiptLines(facts: ReceiptFacts): readonly string[] {
  const { receipt, tenant, by, reason } = facts;
  return [
    `  receipt    ${receipt}`,
    `  tenant     ${tenant}`,
    `  by         ${by}`,
    `  reason     ${reason}`,
    ...signatureLines(facts),
  ];
}

function keyLines({ digest, sequence, tenant, createdAt, keys }: KeyHistoryFacts): readonly string[] {
  const each = keys.map(({ keyId, purpose, validFrom, validUntil, revokedAt }) => {
    const revoked = revokedAt === null ? '' : `, revoked as of ${revokedAt}`;
    return `  ${purpose.padEnd(10)} ${keyId} ${validFrom} to ${validUntil ?? 'now'}${revoked}`;
  });
  return [
    `  version    ${digest} (number ${sequence})`,
    `  tenant     ${tenant}`,
    `  created    ${createdAt}`,
    ...each,
  ];
}

function signatureLines({
  createdAt,
  signedBy,
  signedAt,
  log,
}: Exclude<VerifiedFacts, KeyHistoryFacts>): readonly string[] {
  return [
    `  created    ${createdAt}${signedAt === null ? ' (as the signer says)' : ''}`,
    ...(signedAt === null ? [] : [`  signed at  ${signedAt} (as the timestamp authority says)`]),
    `  signed by  ${signedBy}`,
    `  log        ${logText(log)}`,
  ];
}

function logText({ origin, index, size, proved }: LogFacts): string {
  return `${origin}, entry ${index} of ${size}${proved ? '' : ' (the checkpoint was not verified)'}`;
}
