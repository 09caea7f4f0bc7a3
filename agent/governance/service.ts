import type { Clock, Timestamp } from '../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { NotDeclared } from '../../policies/explain.ts';
import type { Scanner } from '../../policies/redact.ts';
import { scannersWith } from '../../policies/scanners.ts';
import type { Problem } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import { compileLayers, type Rules } from './candidate.ts';
import { type PolicyLayer, presetLayer } from './layers.ts';
import { PolicyRecords, type RecordStore } from './records.ts';
import { PolicyRefusal } from './refusal.ts';
import { releaseStream } from './release.ts';
import type { LiveStanding, StoppedStream } from './standing.ts';
import type { PolicySupervisor, ReloadResult } from './supervisor.ts';
import type { PolicyFailure, PolicyVersion } from './version.ts';

/** A layer that somebody sends: a preset by its name alone, or a text with its signatures. */
export interface SentLayer {
  readonly name: string;
  readonly text?: string | undefined;
  /** Sigstore bundles, as JSON. */
  readonly signatures?: readonly unknown[] | undefined;
}

export interface CheckReport {
  readonly good: boolean;
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

  async check(sent: readonly SentLayer[]): Promise<CheckReport> {
    try {
      const { policy, warnings } = await this.#compiled(sent);
      const { version, digest, validUntil } = policy;
      return { good: true, version, digest, validUntil, problems: [], warnings };
    } catch (error) {
      if (!(error instanceof PolicyRefusal)) throw error;
      const { problems } = error;
      return { good: false, version: null, digest: null, validUntil: null, problems, warnings: [] };
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
    question: Omit<Question, 'connector'>,
  ): Promise<object> {
    const { explain } = this.#deps.tools;
    if (explain === undefined) throw NOT_HERE;
    const connector = this.#connectorOf(question.connection);
    const policy = await this.candidate(sent);
    try {
      return explain(policy, { ...question, connector });
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
    return supervisor.apply({ layers: await layersOf(sent), by, reason: scrub(reason) }, expected);
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
    return (await this.#compiled(kept.layers)).policy;
  }

  async #compiled(sent: readonly SentLayer[]) {
    return compileLayers(await layersOf(sent), this.#deps.rules, this.#deps.clock.now().toISOString());
  }
}

const NOT_HERE = new AgentError('NOT_FOUND', 'this agent can not answer that');

async function layersOf(sent: readonly SentLayer[]): Promise<readonly PolicyLayer[]> {
  return Promise.all(sent.map(layerOf));
}

async function layerOf({ name, text, signatures = [] }: SentLayer): Promise<PolicyLayer> {
  if (text === undefined) {
    const preset = await presetLayer(name);
    if (preset !== undefined) return preset;
    const problem = { file: name, line: 1, column: 1, path: '', message: 'is not a preset, and has no text' };
    throw new PolicyRefusal('PROBLEMS', 'a layer has no text', { problems: [problem] });
  }
  return {
    name,
    file: name,
    isPreset: false,
    text,
    signatures: signatures.map((signature, index) => ({
      file: `${name} signature ${index + 1}`,
      text: typeof signature === 'string' ? signature : textOf(signature),
    })),
  };
}

/** What is nested too deeply to be written down is no signature either. */
function textOf(signature: unknown): string {
  try {
    return JSON.stringify(signature);
  } catch {
    return '';
  }
}
