import type { Clock, Timestamp } from '../../connectors/sdk/index.ts';
import { allOf } from '../../evidence/store/paging.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { NotDeclared } from '../../policies/explain.ts';
import type { Scanner } from '../../policies/redact.ts';
import { scannersWith } from '../../policies/scanners.ts';
import type { Problem } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import { compileLayers, type Rules } from './candidate.ts';
import type { JudgedSource, Judgement } from './judge.ts';
import type { PolicyLayer } from './layers.ts';
import { PolicyRecords, type RecordStore } from './records.ts';
import { PolicyRefusal, type RefusalCode } from './refusal.ts';
import { releaseStream } from './release.ts';
import { keptLayers, layersOf, type SentLayer } from './sent-layers.ts';
import type { LiveStanding, StoppedStream } from './standing.ts';
import type { PolicySupervisor, ReloadResult } from './supervisor.ts';
import type { PolicyFailure, PolicyVersion } from './version.ts';

export interface CheckReport {
  /** Whether it would come into force. */
  readonly good: boolean;
  /** `problems`: it can not mean anything. `held`: these files are not looked at until they are edited. */
  readonly outcome: Judgement['outcome'] | 'problems';
  /** Why a policy without problems would not come into force; null when it would. */
  readonly refusal: {
    readonly code: RefusalCode;
    readonly message: string;
    readonly hint: string | null;
  } | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly validUntil: Timestamp | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface Question {
  readonly connection: string;
  readonly connector: string;
  readonly stream: string;
  readonly field?: string;
}

/** What answers questions about a policy without putting it in force. */
export interface PolicyTools {
  /** What a candidate would open and close, against another policy. */
  diff(before: CompiledPolicy, after: CompiledPolicy): object;
  /** The same, told with what is stored: these items would gain or lose these fields. */
  replay?(before: CompiledPolicy, after: CompiledPolicy): Promise<object>;
  /** Which rule lets something out, and what a policy would have to say to change that. */
  explain?(policy: CompiledPolicy, question: Question): object;
  /** What would leave a source under this policy; nothing is stored. */
  preview?(
    policy: CompiledPolicy,
    of: { readonly connection: string; readonly connector: string; readonly read: string },
    signal: AbortSignal,
  ): Promise<object>;
}

/** One side of a comparison: texts that are sent, or a version that was in force, by its digest. */
export type ComparedPolicy = { readonly layers: readonly SentLayer[] } | { readonly version: string };

export interface PolicyServiceDeps {
  readonly supervisor: PolicySupervisor;
  readonly standing: Pick<LiveStanding, 'stops' | 'release'>;
  readonly rules: Pick<Rules, 'manifests' | 'connections'>;
  readonly tools: PolicyTools;
  /** Connector of a connection; undefined for one that the agent does not have. */
  readonly connectorOf: (connection: string) => string | undefined;
  readonly store: RecordStore;
  readonly clock: Clock;
  /** Takes secrets out of what people write. */
  readonly scrub: (text: string) => string;
  /** Whether policies may be applied. */
  readonly mayApply: boolean;
}

/** What the API does with policies. Nothing here decides: candidates go the way that files go. */
export class PolicyService {
  readonly #deps: PolicyServiceDeps;
  readonly #records: PolicyRecords;
  readonly mayApply: boolean;
  #isPreviewing = false;
  #shownBy: { readonly patterns: CompiledPolicy['patterns']; readonly net: Scanner } | undefined;

  constructor(deps: PolicyServiceDeps) {
    this.#deps = deps;
    this.#records = new PolicyRecords(deps.store);
    this.mayApply = deps.mayApply;
  }

  version(): PolicyVersion {
    return this.#deps.supervisor.version();
  }

  lastFailure(): PolicyFailure | null {
    return this.#deps.supervisor.lastFailure();
  }

  stops(): readonly StoppedStream[] {
    return this.#deps.standing.stops();
  }

  /** Whether it would come into force, as the files of the agent or over its API, by what decides when it is to. */
  async check(sent: readonly SentLayer[], source: JudgedSource): Promise<CheckReport> {
    try {
      const { policy, warnings } = await this.#compiled(sent);
      const { version, digest, validUntil } = policy;
      const judged = await this.#deps.supervisor.judge(await this.#layersOf(sent), source);
      const { outcome } = judged;
      const good = outcome !== 'refused';
      const refusal = good ? null : toldOf(judged.refusal);
      return { good, outcome, refusal, version, digest, validUntil, problems: [], warnings };
    } catch (error) {
      if (!(error instanceof PolicyRefusal)) throw error;
      const { problems } = error;
      const nothing = { version: null, digest: null, validUntil: null, refusal: null, warnings: [] };
      return { good: false, outcome: 'problems', ...nothing, problems };
    }
  }

  /** The candidate, or the version in force when nothing was sent. Throws PolicyRefusal PROBLEMS. */
  async candidate(sent: readonly SentLayer[] | undefined): Promise<CompiledPolicy> {
    return sent === undefined ? this.version().policy : (await this.#compiled(sent)).policy;
  }

  /**
   * What one policy opens and closes against another, by default the one in force; with `replay`, in what is stored as
   * well. Throws PolicyRefusal PROBLEMS, AgentError NOT_FOUND for a version that was never in force.
   */
  async diff(
    after: ComparedPolicy,
    { before, replay }: { readonly before?: ComparedPolicy | undefined; readonly replay: boolean },
  ): Promise<object> {
    const { tools } = this.#deps;
    const [from, to] = [
      before === undefined ? this.version().policy : await this.#side(before),
      await this.#side(after),
    ];
    const heads = { from: from.digest, fromVersion: from.version, to: to.digest, toVersion: to.version };
    const compared = { ...heads, ...tools.diff(from, to) };
    if (!replay) return compared;
    if (tools.replay === undefined) throw NOT_HERE;
    return { ...compared, replay: await tools.replay(from, to) };
  }

  /**
   * The text of a policy as it may be shown: what detectors find in it is masked, as in everything else that leaves.
   * People write addresses of people into policies, and examples into patterns.
   */
  shown(text: string): string {
    const { patterns } = this.version().policy;
    if (this.#shownBy?.patterns !== patterns) this.#shownBy = { patterns, net: scannersWith(patterns).net };
    return this.#shownBy.net.scan(text).text;
  }

  async explain(
    sent: readonly SentLayer[] | undefined,
    { stream: typed, ...question }: Omit<Question, 'connector'>,
  ): Promise<object> {
    const { explain } = this.#deps.tools;
    if (explain === undefined) throw NOT_HERE;
    const connector = this.#connectorOf(question.connection);
    const stream = streamOf(typed, question.connection, connector);
    const policy = await this.candidate(sent);
    try {
      return explain(policy, { ...question, stream, connector });
    } catch (error) {
      if (!(error instanceof NotDeclared)) throw error;
      throw new AgentError('NOT_FOUND', error.message, { hint: error.hint, cause: error });
    }
  }

  /** One at a time: it asks the source what a read asks. Throws AgentError CONFLICT while another one runs. */
  async preview(
    sent: readonly SentLayer[] | undefined,
    of: { readonly connection: string; readonly read: string },
    signal: AbortSignal,
  ): Promise<object> {
    const { preview } = this.#deps.tools;
    if (preview === undefined) throw NOT_HERE;
    const connector = this.#connectorOf(of.connection);
    const policy = await this.candidate(sent);
    if (this.#isPreviewing) {
      throw new AgentError('CONFLICT', 'another preview is under way', {
        hint: 'Try again when it has ended.',
      });
    }
    this.#isPreviewing = true;
    try {
      return await preview(policy, { ...of, connector }, signal);
    } finally {
      this.#isPreviewing = false;
    }
  }

  /** Throws AgentError FORBIDDEN where the config does not allow it, and PolicyRefusal. */
  async apply(
    sent: readonly SentLayer[],
    { by, reason, expected }: { readonly by: string; readonly reason: string; readonly expected: string },
  ): Promise<ReloadResult> {
    if (!this.mayApply) {
      throw new AgentError('FORBIDDEN', 'policies are not applied over the API of this agent', {
        hint: 'Set governance.apply: true in agent.yaml, or edit the policy files.',
      });
    }
    const { supervisor, scrub } = this.#deps;
    return supervisor.apply({ layers: await this.#layersOf(sent), by, reason: scrub(reason) }, expected);
  }

  /** Lets a stream go on in which a canary has shown. Throws AgentError NOT_FOUND for one that is not stopped. */
  async release(connection: string, stream: string, by: string, reason: string): Promise<void> {
    const { standing, clock, scrub } = this.#deps;
    const release = { connection, stream, by, reason: scrub(reason), at: clock.now().toISOString() };
    const stop = await releaseStream(release, standing, this.#records);
    if (stop === undefined) throw new AgentError('NOT_FOUND', 'this stream is not stopped');
  }

  #connectorOf(connection: string): string {
    const connector = this.#deps.connectorOf(connection);
    if (connector === undefined) throw new AgentError('NOT_FOUND', 'the agent has no such connection');
    return connector;
  }

  async #side(side: ComparedPolicy): Promise<CompiledPolicy> {
    if ('layers' in side) return (await this.#compiled(side.layers)).policy;
    const kept = await this.#deps.store.governance.policyVersion(side.version);
    if (kept === null) throw new AgentError('NOT_FOUND', 'no version with this digest was in force');
    return this.#compile(keptLayers(kept.layers)).policy;
  }

  async #compiled(sent: readonly SentLayer[]) {
    return this.#compile(await this.#layersOf(sent));
  }

  #compile(layers: readonly PolicyLayer[]) {
    return compileLayers(layers, this.#deps.rules, this.#deps.clock.now().toISOString());
  }

  #layersOf(sent: readonly SentLayer[]): Promise<readonly PolicyLayer[]> {
    const { governance } = this.#deps.store;
    const kept = async (digest: string) => {
      for await (const { layers } of allOf((page) => governance.policyVersions(page))) {
        const found = layers.find((layer) => layer.digest === digest);
        if (found !== undefined) return found.text;
      }
      return undefined;
    };
    return layersOf(sent, { kept, shown: (text) => this.shown(text) });
  }
}

function toldOf({ refusal, message, hint }: PolicyRefusal): CheckReport['refusal'] {
  return { code: refusal, message, hint: hint ?? null };
}

/** `pull_requests` or `github/pull_requests`, as everywhere. Throws AgentError NOT_FOUND. */
function streamOf(typed: string, connection: string, connector: string): string {
  const [named = '', stream] = typed.split('/');
  if (stream === undefined) return typed;
  if (named === connector) return stream;
  throw new AgentError('NOT_FOUND', `the connection ${connection} is one of ${connector}, not of ${named}`, {
    hint: `Ask for ${connector}/${stream}, or of a connection of ${named}.`,
  });
}

const NOT_HERE = new AgentError('NOT_FOUND', 'this agent can not answer that');
