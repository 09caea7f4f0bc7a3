import path from 'node:path';
import { type ConnectorManifest, type FieldSpec, observe, type Timestamp } from '../connectors/sdk/index.ts';
import { type AdmitDeps, admit, type Denied, GOOD_STANDING, isDenied } from './admit.ts';
import {
  type Difference,
  difference,
  differences,
  isAboutAll,
  missingAndExtra,
  valuesAt,
} from './case-differences.ts';
import type { Expectation, LoadedCases, PolicyCase } from './case-file.ts';
import { whyAdmitted, whyWithheld, withReason } from './case-reasons.ts';
import { isWithheld, makeGate, type Withheld } from './clear.ts';
import type { Cleared } from './cleared.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { layersOf, opinions } from './decide.ts';
import type { Keyed } from './keyed.ts';
import { type LoadedPolicy, loadPolicies, PolicyProblems, PRESETS, presetPath } from './load.ts';
import { allProven, decideRecorded, type RecordedDecision } from './recorded.ts';
import { type Scanners, scannersWith } from './scanners.ts';

export interface CaseResult {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Empty: it is as expected. */
  readonly differences: readonly Difference[];
}

/** A rule of a policy file, and whether any case was decided by it. */
export interface RuleCoverage {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly decided: boolean;
}

export interface TestReport {
  readonly file: string;
  readonly results: readonly CaseResult[];
  /** Of files only: presets have tests of their own. */
  readonly coverage: readonly RuleCoverage[];
}

export interface CaseDeps {
  readonly manifests: readonly ConnectorManifest[];
  /** Makes pseudonyms and digests; which they are is nobody's business here. */
  readonly keyed: Keyed;
  /** For files that do not say when. */
  readonly now: Timestamp;
}

/**
 * Runs the cases of a file through the two gates, as the agent has them. Throws PolicyProblems with everything that is
 * wrong with the policies they name.
 */
export async function runCases({ source, tests }: LoadedCases, deps: CaseDeps): Promise<TestReport> {
  const folder = path.dirname(source.file);
  const names = tests.policies.map((name) =>
    presetPath(name) === undefined && !path.isAbsolute(name) ? path.join(folder, name) : name,
  );
  const layers = await loadPolicies(names);
  const world = new CaseWorld(layers, deps);
  const decided = new Set<string>();
  const results = tests.cases.map((one, index) => {
    const now = one.now ?? tests.now ?? deps.now;
    const { line } = source.place(['cases', index], '');
    const outcome = world.decide(one, now);
    for (const rule of outcome.rules) decided.add(rule);
    return { name: one.name, file: source.file, line, differences: outcome.differences };
  });
  return { file: source.file, results, coverage: coverageOf(layers, decided) };
}

interface Outcome {
  readonly differences: readonly Difference[];
  /** Rules that decided about a field of it. */
  readonly rules: readonly string[];
}

type Compiled = Pick<AdmitDeps, 'policy'> & { readonly gate: ReturnType<typeof makeGate> };

/** The policies of a test file, compiled for each moment that its cases are about. */
class CaseWorld {
  readonly #layers: readonly LoadedPolicy[];
  readonly #deps: CaseDeps;
  readonly #byMoment = new Map<Timestamp, Compiled>();
  #scanners: Scanners | undefined;

  constructor(layers: readonly LoadedPolicy[], deps: CaseDeps) {
    this.#layers = layers;
    this.#deps = deps;
  }

  decide(one: PolicyCase, now: Timestamp): Outcome {
    const compiled = this.#at(now);
    if (one.read !== undefined) {
      const { connection, excess } = one.read;
      const refused = compiled.policy.of(connection).refusedPrivileges;
      const decision = decideRead(one.read, compiled.policy, now);
      const told = isDenied(decision)
        ? `${decision.denied}: ${decision.reason}`
        : whyAdmitted(decision.streams, excess, refused);
      return { differences: compareRead(decision, told, one.expect), rules: [] };
    }
    if (one.record === undefined) return { differences: [], rules: [] };
    const decision = decideCase(one.record, compiled, now);
    const differences = compareRecord(decision, one.expect);
    return {
      differences: isCleared(decision)
        ? this.#withReasons(differences, one.record, decision, now)
        : differences,
      rules: this.#rulesOf(decision, one.record, now),
    };
  }

  #at(now: Timestamp): Compiled {
    const known = this.#byMoment.get(now);
    if (known !== undefined) return known;
    const { policy, problems } = compilePolicy(this.#deps.manifests, this.#layers, { now });
    if (problems.length > 0) throw new PolicyProblems(problems);
    // The same at every moment, and costly to make.
    this.#scanners ??= scannersWith(policy.patterns);
    const gate = makeGate({ policy, keyed: this.#deps.keyed, scanners: this.#scanners });
    const compiled = { policy, gate };
    this.#byMoment.set(now, compiled);
    return compiled;
  }

  /** Provenance names the rules that let fields out; those that keep fields in are asked for by field. */
  #rulesOf(
    decision: RecordedDecision,
    record: NonNullable<PolicyCase['record']>,
    now: Timestamp,
  ): readonly string[] {
    if (!isCleared(decision)) return [];
    const { connection, connector, stream } = record;
    const fields = this.#fieldsOf(record);
    const layers = layersOf(connection, this.#layers);
    const dropping = decision.dropped.names.flatMap((field) => {
      const declared = fields[field];
      if (declared === undefined) return [];
      return opinions({ connector, stream, field, spec: declared }, layers, now).at(-1)?.rule ?? [];
    });
    return [...Object.values(decision.fields), ...dropping];
  }

  #withReasons(
    found: readonly Difference[],
    record: NonNullable<PolicyCase['record']>,
    cleared: Cleared,
    now: Timestamp,
  ): readonly Difference[] {
    const happened = { record, cleared, fields: this.#fieldsOf(record), layers: this.#layers, now };
    return found.map((one) => withReason(one, happened));
  }

  #fieldsOf({ connector, stream }: NonNullable<PolicyCase['record']>): Readonly<Record<string, FieldSpec>> {
    const manifest = this.#deps.manifests.find(({ id }) => id === connector);
    return manifest?.streams.find(({ id }) => id === stream)?.fields ?? {};
  }
}

function decideRead(
  { connection, connector, read, mode, excess }: NonNullable<PolicyCase['read']>,
  policy: CompiledPolicy,
  now: Timestamp,
) {
  const declared = policy.of(connection).reads.get(`${connector}/${read}`)?.read.mode ?? 'full';
  const window = { from: now, to: now };
  return admit(
    { connection, connector, read, mode: mode ?? declared, window, trigger: 'once' },
    {
      policy,
      proven: allProven(policy, connection),
      standing: { ...GOOD_STANDING, excess: () => excess },
      now,
    },
  );
}

function decideCase(
  record: NonNullable<PolicyCase['record']>,
  compiled: Compiled,
  now: Timestamp,
): RecordedDecision {
  const { connection, connector, read, entity, related, occurredAt, scope, ...rest } = record;
  const observed = observe({
    ...rest,
    entity: entity ?? `${connector}://${connection}/test`,
    occurredAt: occurredAt ?? now,
    ...(related === undefined ? {} : { related }),
    ...(scope === undefined ? {} : { scope }),
  });
  return decideRecorded(observed, { connection, connector, read }, compiled, now);
}

/** @param told the decision with its reason */
function compareRead(
  decision: ReturnType<typeof admit>,
  told: string,
  expected: Expectation,
): readonly Difference[] {
  const got = isDenied(decision) ? decision.denied : 'admitted';
  const wanted = expected.decision ?? 'admitted';
  if (got !== wanted) return [{ path: 'decision', expected: wanted, got: told }];
  if (expected.streams === undefined || isDenied(decision)) return [];
  return missingAndExtra('streams', expected.streams, decision.streams);
}

function compareRecord(decision: RecordedDecision, expected: Expectation): readonly Difference[] {
  const { withheld, decision: wanted } = expected;
  if (withheld !== undefined || (wanted !== undefined && wanted !== 'admitted')) {
    return holdsBack(decision, expected)
      ? []
      : [{ path: 'record', expected: withheld ?? wanted ?? '', got: outcomeOf(decision) }];
  }
  if (!isCleared(decision)) return [{ path: 'record', expected: 'leaves', got: outcomeOf(decision) }];
  return [...compareBody(decision, expected), ...compareProvenance(decision, expected)];
}

/** A stream of which nothing is let out is refused at the first gate, and would be withheld at the second. */
function holdsBack(decision: RecordedDecision, { withheld, decision: wanted }: Expectation): boolean {
  if ('withheld' in decision) return decision.withheld === withheld;
  if (!('denied' in decision)) return false;
  return decision.denied === wanted || (decision.denied === 'STREAM_DENIED' && withheld === 'stream');
}

function compareBody({ body, entity }: Cleared, expected: Expectation): Difference[] {
  const { body: whole, fields = {}, absent = [] } = expected;
  const single = Object.entries(fields).flatMap(([field, value]) => {
    const values = valuesAt(body, field);
    return differences(value, isAboutAll(field) ? values : values[0], field);
  });
  const there = absent.flatMap((field) => {
    const values = valuesAt(body, field);
    return values.length === 0 ? [] : [difference(field, undefined, values[0])];
  });
  return [
    ...(whole === undefined ? [] : differences(whole, body)),
    ...single,
    ...there,
    ...(expected.entity === undefined ? [] : differences(expected.entity, entity, 'entity')),
  ];
}

function compareProvenance(cleared: Cleared, expected: Expectation): Difference[] {
  const { dropped, redactions, rules = {} } = expected;
  const done = cleared.redactions.map(({ path: at, rule }) => `${bare(at)} ${rule}`);
  const wanted = redactions?.map(({ path: at, rule }) => `${bare(at)} ${rule}`);
  const deciding = Object.entries(rules).flatMap(([field, rule]) => {
    const got = cleared.fields[`body.${bare(field)}`];
    return got === rule ? [] : [{ path: `rule of ${field}`, expected: rule, got: got ?? 'no rule' }];
  });
  return [
    ...(dropped === undefined ? [] : missingAndExtra('dropped', dropped.map(bare), cleared.dropped.names)),
    ...(wanted === undefined ? [] : missingAndExtra('redactions', wanted, done)),
    ...deciding,
  ];
}

function outcomeOf(decision: Cleared | Withheld | Denied): string {
  if ('denied' in decision) return `${decision.denied}: ${decision.reason}`;
  return isWithheld(decision) ? whyWithheld(decision) : 'leaves';
}

function isCleared(decision: RecordedDecision): decision is Cleared {
  return !('denied' in decision) && !isWithheld(decision);
}

function bare(field: string): string {
  return field.replace(/^body\./, '');
}

function coverageOf(layers: readonly LoadedPolicy[], decided: ReadonlySet<string>): readonly RuleCoverage[] {
  return layers.flatMap(({ source, policy }) => {
    const { name } = policy.metadata;
    const rules = [
      ...policy.rules.map(({ id }, index) => ({ rule: `${name}#${id}`, at: ['rules', index] })),
      ...policy.breakGlass.map(({ id }, index) => ({
        rule: `${name}#break-glass/${id}`,
        at: ['breakGlass', index],
      })),
    ];
    if (layers.length > 1 && isPreset(source.file)) return [];
    return rules.map(({ rule, at }) => {
      const { file, line } = source.place(at, '');
      return { rule, file, line, decided: decided.has(rule) };
    });
  });
}

function isPreset(file: string): boolean {
  return PRESETS.some((name) => presetPath(name) === file);
}
