import path from 'node:path';
import { putInForceWith } from '../../../agent/governance/in-force.ts';
import { type Preview, preview, previewRecorded } from '../../../agent/governance/preview.ts';
import { type Connector, observe } from '../../../connectors/sdk/index.ts';
import { fakeClock } from '../../../connectors/sdk/testing/index.ts';
import { canonicalize } from '../../../evidence/canonical-json.ts';
import { SAMPLE_MANIFEST } from '../../../evidence/testing/samples.ts';
import { admit, GOOD_STANDING, isDenied } from '../../../policies/admit.ts';
import { makeCanaries } from '../../../policies/canaries/canaries.ts';
import { parseCases } from '../../../policies/case-file.ts';
import { runCases } from '../../../policies/cases.ts';
import { isWithheld } from '../../../policies/clear.ts';
import { type CompiledPolicy, compilePolicy } from '../../../policies/compile.ts';
import { makeKeyed } from '../../../policies/keyed.ts';
import { epochOf } from '../../../policies/keyring.ts';
import { formatProblems } from '../../../policies/yaml.ts';
import { type Decided, type Evaluator, left, type Situation } from './evaluator.ts';

/** The same as that of `agent/governance/testing`: what it names must be the same everywhere. */
const KEYED = makeKeyed(epochOf(Buffer.alloc(32, 9), '2026-11-01T00:00:00.000Z'), 'acme', canonicalize);
const CANARIES = makeCanaries([]);
export const PROVEN = new Map(
  SAMPLE_MANIFEST.reads.map(({ id }) => [`${SAMPLE_MANIFEST.id}/${id}`, `sha256:${'a'.repeat(64)}`]),
);
const put = putInForceWith();

export function inForceOf(policy: CompiledPolicy) {
  return put(policy, { keyed: KEYED, canaries: CANARIES });
}

export function standingOf({ excess }: Situation) {
  return { ...GOOD_STANDING, excess: () => excess };
}

/** The two gates of one version, one after the other. */
export function throughGates({ policy, gate }: ReturnType<typeof inForceOf>, situation: Situation): Decided {
  const { request, record, now } = situation;
  const read = admit(request, { policy, proven: PROVEN, standing: standingOf(situation), now });
  if (isDenied(read)) return { refused: read.denied };
  const cleared = gate.clear(record, read, now);
  return isWithheld(cleared) ? { withheld: cleared.withheld } : left(cleared);
}

export function compiled({ layers, now }: Situation): CompiledPolicy {
  const loaded = layers.map((layer) => layer.loaded);
  const { policy, problems } = compilePolicy([SAMPLE_MANIFEST], loaded, { now, connections: ['db'] });
  if (problems.length > 0) throw new Error(formatProblems(problems));
  return policy;
}

/** What all others are compared with: compile, admit, clear. */
export const gates: Evaluator = {
  name: 'the two gates',
  decide: async (situation) => throughGates(inForceOf(compiled(situation)), situation),
};

/** `exhibit policy test`: expects what the gates decide, and says where it finds something else. */
export const policyTest: Evaluator = {
  name: 'policy test',
  async decide(situation) {
    const { request, record, excess, layers, now } = situation;
    const wanted = await gates.decide(situation);
    const { connection, connector, read } = request;
    const asked = { name: 'read', read: { connection, connector, read, excess } };
    const observed = { name: 'record', record: { connection, connector, read, ...record } };
    // What no manifest declares stays, and a case has to say that it means it.
    const meant = 'undeclared' in record.body ? { absent: ['undeclared'] } : {};
    const file = {
      apiVersion: 'exhibit/v1',
      kind: 'PolicyTest',
      now,
      policies: layers.map((layer) => layer.file),
      cases: [
        { ...asked, expect: { decision: 'refused' in wanted ? wanted.refused : 'admitted' } },
        // The account's rights are a matter of reads: a record was observed, whoever did it.
        ...('refused' in wanted && wanted.refused !== 'STREAM_DENIED'
          ? []
          : [{ ...observed, expect: { ...expectationOf(wanted), ...meant } }]),
      ],
    };
    const place = path.join(path.dirname(layers[0]?.file ?? ''), 'own.test.yaml');
    const loaded = parseCases(JSON.stringify(file), place, [SAMPLE_MANIFEST]);
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
    const { results } = await runCases(loaded, { manifests: [SAMPLE_MANIFEST], keyed: KEYED, now });
    const found = results.flatMap(({ differences }) => differences);
    return found.length === 0 ? wanted : { refused: JSON.stringify(found) };
  },
};

function expectationOf(wanted: Decided) {
  if ('refused' in wanted) return { decision: wanted.refused };
  if ('withheld' in wanted) return { withheld: wanted.withheld };
  const { body, fields, redactions, dropped } = wanted;
  const rules = Object.fromEntries(
    Object.entries(fields).map(([field, rule]) => [field.slice('body.'.length), rule]),
  );
  const changed = redactions.map((one) => ({ path: one.path, rule: one.rule }));
  return { body, rules, redactions: changed, dropped: dropped.names };
}

/** `exhibit policy preview`, live: a source that has this one record. */
export const previewLive: Evaluator = {
  name: 'preview of a live source',
  async decide(situation) {
    const { request, record, now } = situation;
    const connector = {
      read: async (run) => {
        await run.emit(record);
        return { completeness: { state: 'complete', read: 1, expected: 1, reason: null } };
      },
    } as Pick<Connector, 'read'> as Connector;
    const deps = {
      inForce: inForceOf(compiled(situation)),
      tenant: 'acme',
      proven: PROVEN,
      standing: standingOf(situation),
      connections: { get: () => connector },
      clock: fakeClock({ at: now, sleep: 'manual' }),
    };
    return previewed(await preview(request, deps, new AbortController().signal));
  },
};

/** `exhibit policy preview --records`; a recording says nothing of the account's rights. */
export const previewOfRecords: Evaluator = {
  name: 'preview of recorded observations',
  async decide(situation) {
    const { request, record, now, excess } = situation;
    if (excess.length > 0) return gates.decide(situation);
    const deps = { inForce: inForceOf(compiled(situation)), tenant: 'acme', clock: fakeClock({ at: now }) };
    const copy = observe(JSON.parse(JSON.stringify(record)) as Parameters<typeof observe>[0]);
    return previewed(previewRecorded([copy], request, deps));
  },
};

function previewed({ refused, items, withheld }: Preview): Decided {
  if (refused !== null) return { refused: refused.denied };
  const [item] = items;
  if (item !== undefined) return left(item);
  const reason = withheld[0]?.reason ?? 'nothing was shown';
  return /^[A-Z_]+$/.test(reason) ? { refused: reason } : { withheld: reason };
}
