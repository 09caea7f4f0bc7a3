import type { Check, ReceiptFacts, VerifiedFacts, VerifyReport } from './report.ts';

/** The report as text for a terminal: `good` and what is proven, or every problem with its place and what to do. */
export function formatReport(report: VerifyReport): string {
  if (report.good && report.facts !== null) return `${goodText(report.facts)}\n`;
  const bad = report.checks.filter(({ ok }) => !ok);
  const found = bad.filter(({ problem }) => problem?.code !== 'NOT_CHECKED');
  const skipped = bad.filter(({ problem }) => problem?.code === 'NOT_CHECKED');
  const lines = [`not good: ${found.length} ${found.length === 1 ? 'problem' : 'problems'}`];
  for (const check of found) lines.push('', ...problemLines(check));
  if (skipped.length > 0) lines.push('', `  not checked: ${skipped.map(({ check }) => check).join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function problemLines({ check, problem }: Check): readonly string[] {
  if (problem === undefined) return [`  ${check}`];
  return [`  ${problem.code} ${problem.where}`, `    what  ${problem.what}`, `    fix   ${problem.fix}`];
}

function goodText(facts: VerifiedFacts): string {
  if (facts.kind === 'receipt') return receiptText(facts);
  const { kind, items, manifest, sequence, tenant, window, createdAt, signedBy, manifests } = facts;
  const holds = kind === 'chain' ? `${manifests} manifests` : `${items} items`;
  return [
    `good: a ${kind} of ${holds}`,
    `  manifest   ${manifest} (number ${sequence})`,
    `  tenant     ${tenant}`,
    `  window     ${window.from} to ${window.to}`,
    `  created    ${createdAt}`,
    `  signed by  ${signedBy}`,
  ].join('\n');
}

function receiptText({ what, receipt, tenant, createdAt, by, reason, signedBy }: ReceiptFacts): string {
  return [
    `good: a receipt; ${what}`,
    `  receipt    ${receipt}`,
    `  tenant     ${tenant}`,
    `  created    ${createdAt}`,
    `  by         ${by}`,
    `  reason     ${reason}`,
    `  signed by  ${signedBy}`,
  ].join('\n');
}
