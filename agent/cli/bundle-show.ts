import { type BundleFacts, bundleFacts } from '../../evidence/bundle/facts.ts';
import type { Manifest } from '../../evidence/manifest.ts';
import { withBundle } from './bundle-input.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';

const NOT_VERIFIED = 'not verified: run exhibit verify';

/** What a bundle says about itself, for people. */
export async function show(file: string, output: Output, io: CliIo): Promise<ExitCode> {
  const facts = await withBundle(file, io, bundleFacts);
  await output.result({ verified: false, ...asData(facts) }, describe(facts));
  return EXIT.good;
}

function asData({ form, manifest, incident, keyId, contents, items }: BundleFacts) {
  const { parts: _, schema: __, ...said } = manifest;
  return { form, incident, keyId, listed: contents, items, ...said };
}

function describe({ form, manifest, incident, keyId, contents, items }: BundleFacts): string {
  const { window, agent, counts, ledger, log } = manifest;
  const about = table([
    ['bundle', `${form}, made ${manifest.createdAt}, number ${manifest.sequence} of its chain`],
    ['tenant', manifest.tenant],
    ['incident', incident === null ? 'not named' : `${incident.title} (${incident.id})`],
    ['window', `${window.from} to ${window.to}`],
    ['agent', `${agent.name} ${agent.version} as ${agent.identity}, build ${agent.build}`],
    ['items', `${items} (${contents} listed, ${counts.kept} in the manifest)`],
    ['values', `${counts.treated} treated, ${counts.dropped} dropped, ${counts.denied} reads denied`],
    [
      'ledger',
      `numbers ${ledger.first} to ${ledger.last}: ${ledger.included} included, ${ledger.outside} outside, ` +
        `${ledger.expired} expired, ${ledger.missing} missing`,
    ],
    ['key', keyId],
    ['log', `${log.origin}, entry ${log.index}`],
  ]);
  return [NOT_VERIFIED, '', about, '', ...policies(manifest), '', ...connections(manifest)].join('\n');
}

function policies({ policies: all }: Manifest): readonly string[] {
  const rows = all.map(({ version, digest, items, allowed, treated, dropped }) => [
    `  ${version}`,
    `${items} items`,
    `${allowed} fields allowed`,
    `${treated} treated`,
    `${dropped} dropped`,
    digest,
  ]);
  return ['policies', rows.length === 0 ? '  none' : table(rows)];
}

function connections({ connections: all }: Manifest): readonly string[] {
  if (all.length === 0) return ['connections', '  none'];
  return all.flatMap(({ id, connectors, reads, privileges }) => {
    const rows = reads.map(({ id: read, items, completeness, gaps, cost }) => [
      `  ${read}`,
      `${items} items`,
      `${completeness.complete} complete, ${completeness.partial} partial, ${completeness.unknown} unknown`,
      `${gaps} gaps`,
      `${cost.durationMs} ms, ${cost.rows} rows, ${cost.calls} calls`,
    ]);
    const rights =
      privileges === null
        ? 'privileges not asked'
        : `privileges: ${privileges.held.length} held, ${privileges.missing.length} missing, ${privileges.excess} excess`;
    return [`connection ${id} (${connectors.join(', ')}; ${rights})`, table(rows)];
  });
}
