import {
  type AdmittedRead,
  type ConnectorDeps,
  ConnectorError,
  gapOf,
  type JsonValue,
  type RunContext,
} from '../sdk/index.ts';
import type { Look, TransitionDeps } from './changes.ts';
import type { KubeClient } from './client.ts';
import type { KubernetesConfig } from './config.ts';
import { type RevisionHistory, readHistory } from './history.ts';
import { get, isRecord, type KubeObject, kubeObject, text } from './kube-object.ts';
import { projector, queryRules } from './projection.ts';
import { backoff, Expired, type ProtocolDeps, pages, type WatchLine, watch } from './protocol.ts';
import type { ResourceQuery } from './schema.ts';
import { decodeState, encodeState, type ObjectState, Patch, stateKey, vanished } from './state.ts';
import { transition } from './transition.ts';

export interface CollectDeps {
  readonly config: KubernetesConfig;
  readonly connector: ConnectorDeps;
  readonly client: KubeClient;
}

export interface InformerOutcome {
  readonly read: number;
  readonly reason: string | null;
}

/** Consecutive failures after which the run gives up and leaves the retry to the scheduler. */
const MAX_FAILURES = 5;
/** A watch that ends sooner than this without an event is not renewed at once. */
const SHORT_WATCH_MS = 1_000;
/** How long a watch that is taken up again gets to tell what was missed. */
const CATCH_UP_MS = 1_000;
/** A cursor is written at least this often, so that a restart goes on nearby. */
const EVENTS_PER_CURSOR = 100;

/** List and watch of one kind in one namespace, or in all. */
export class Informer {
  readonly #deps: CollectDeps;
  readonly #query: ResourceQuery;
  readonly #run: RunContext;
  readonly #request: AdmittedRead;
  readonly #signal: AbortSignal;
  readonly #namespace: string | null;
  readonly #path: string;
  readonly #cursorKey: string;
  readonly #protocol: ProtocolDeps;
  readonly #transition: TransitionDeps;
  readonly #states = new Map<string, ObjectState>();
  readonly #rules: string;
  /** Symptom keys of objects that are not remembered (events), for this run only. */
  readonly #told = new Set<string>();
  #resourceVersion: string | null = null;
  #isKnown = false;
  #read = 0;
  #sinceCursor = 0;
  #reason: string | null = null;
  /** The policy lets out something else than when the cursor was kept: everything is listed and told once more. */
  #isNewPlan = false;

  constructor(
    deps: CollectDeps,
    query: ResourceQuery,
    run: RunContext,
    request: AdmittedRead,
    namespace: string | null,
    signal: AbortSignal,
  ) {
    const { connector, config } = deps;
    this.#deps = deps;
    this.#query = query;
    this.#run = run;
    this.#request = request;
    this.#namespace = namespace;
    this.#signal = signal;
    this.#path = pathOf(query.list, namespace);
    this.#cursorKey = `cursor/${namespace ?? '_all'}`;
    this.#protocol = {
      client: deps.client,
      clock: connector.clock,
      meter: run.meter,
      pageSize: config.pageSize,
      watchTimeoutMs: config.watchTimeout,
    };
    this.#transition = {
      connection: connector.connection,
      query,
      projector: projector(queryRules(query), connector.digest),
      digest: connector.digest,
    };
    // What is remembered was projected by these rules; by others it would look as if everything had changed.
    this.#rules = connector.digest(JSON.stringify(queryRules(query)));
    this.#restore();
  }

  async run(): Promise<InformerOutcome> {
    try {
      await this.#listAndWatch();
    } catch (error) {
      if (!this.#signal.aborted) await this.#partialOrThrow(ConnectorError.from(error));
      else if (!this.#isKnown) this.#reason = `stopped before the list of ${this.#query.resource} was whole`;
    }
    return { read: this.#read, reason: this.#reason };
  }

  /** Missing rights, kinds, budget and broken answers leave a gap; the rest is for the scheduler to retry. */
  async #partialOrThrow(error: ConnectorError): Promise<void> {
    if (error.recovery !== 'skip') throw error;
    this.#reason = error.message;
    await this.#run.emit(gapOf(error, this.#query.resource));
  }

  async #listAndWatch(): Promise<void> {
    const isFull = this.#request.mode === 'full';
    const isResumed = this.#resourceVersion !== null;
    if (isFull || !isResumed) await this.#list();
    if (isFull) return;
    if (isResumed) void this.#catchUp();
    else await this.#run.caughtUp();
    let failures = 0;
    while (!this.#signal.aborted) {
      const startedAt = this.#deps.connector.clock.monotonic();
      const { ended, events } = await this.#watch();
      if (this.#signal.aborted) return;
      failures = events > 0 || ended === 'closed' ? 0 : failures + 1;
      if (failures > MAX_FAILURES)
        throw new ConnectorError('UNREACHABLE', 'watches keep ending with an error');
      const isShort = this.#deps.connector.clock.monotonic() - startedAt < SHORT_WATCH_MS;
      if (isShort && events === 0)
        await this.#deps.connector.clock.sleep(backoff(failures + 1), this.#signal);
      if (ended === 'expired') await this.#list();
    }
  }

  /** What happened while nobody watched comes at once when a watch is taken up again, but nothing marks its end. */
  async #catchUp(): Promise<void> {
    try {
      await this.#deps.connector.clock.sleep(CATCH_UP_MS, this.#signal);
      await this.#run.caughtUp();
    } catch {
      // Stopped before; or the flush failed, which the next one reports.
    }
  }

  /** Lists until a pass is whole; only then is what was not in it gone. */
  async #list(): Promise<void> {
    const history = await this.#history();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#listOnce(history);
      } catch (error) {
        if (!(error instanceof Expired)) throw error;
        if (attempt > MAX_FAILURES) {
          throw new ConnectorError(
            'BAD_RESPONSE',
            `the list of ${this.#query.resource} expires before its last page`,
            {
              hint: 'Raise pageSize of this connection.',
            },
          );
        }
      }
    }
  }

  async #listOnce(history: RevisionHistory | null): Promise<void> {
    const since = this.#isKnown ? this.#lastSeen() : null;
    const seen = new Set<string>();
    let resourceVersion = '';
    for await (const page of pages(this.#protocol, this.#query, this.#path, this.#signal)) {
      resourceVersion = page.resourceVersion;
      const patch = new Patch();
      for (const item of page.items) {
        const object = this.#objectOf(item);
        if (object === null) continue;
        seen.add(stateKey(object.namespace, object.name));
        const how = this.#isKnown ? 'list' : 'first';
        await this.#look(object, { how, since, history: history?.changeOf(object.uid) ?? null }, patch);
      }
      await this.#checkpoint(patch);
    }
    await this.#forgetUnseen(seen, since, resourceVersion);
  }

  async #forgetUnseen(
    seen: ReadonlySet<string>,
    since: string | null,
    resourceVersion: string,
  ): Promise<void> {
    const patch = new Patch();
    for (const [key, state] of this.#states) {
      if (seen.has(key)) continue;
      await this.#look(vanished(key, state), { how: 'gone', since, history: null }, patch);
    }
    this.#resourceVersion = resourceVersion;
    this.#isKnown = true;
    this.#isNewPlan = false;
    patch.set[this.#cursorKey] = this.#cursor();
    await this.#checkpoint(patch);
  }

  async #watch(): Promise<{ readonly ended: 'closed' | 'failed' | 'expired'; readonly events: number }> {
    let events = 0;
    const from = this.#resourceVersion ?? '';
    try {
      for await (const event of watch(this.#protocol, this.#query, this.#path, from, this.#signal)) {
        if (this.#signal.aborted) break;
        if ('object' in event) {
          events += 1;
          await this.#handle(event);
          continue;
        }
        if (event.type === 'MALFORMED') await this.#reportMalformed();
        return {
          ended: event.type === 'FAILED' ? 'failed' : 'expired',
          events: event.type === 'MALFORMED' ? 0 : events,
        };
      }
    } catch (error) {
      if (error instanceof Expired) return { ended: 'expired', events };
      throw error;
    }
    return { ended: 'closed', events };
  }

  /** An event that cannot be read may have been the one that matters: say so, and list again to find its effect. */
  async #reportMalformed(): Promise<void> {
    this.#reason = `an event of the watch of ${this.#query.resource} could not be read`;
    const error = new ConnectorError('BAD_RESPONSE', this.#reason, {
      hint: 'The kind is listed again; what was only visible in that event is lost.',
    });
    await this.#run.emit(gapOf(error, this.#query.resource));
  }

  async #handle(event: Extract<WatchLine, { readonly object: unknown }>): Promise<void> {
    const resourceVersion = text(get(event.object, 'metadata', 'resourceVersion'));
    const patch = new Patch();
    const object = event.type === 'BOOKMARK' ? null : this.#objectOf(event.object);
    if (object !== null) {
      const how = event.type === 'DELETED' ? 'gone' : 'watch';
      await this.#look(object, { how, since: null, history: null }, patch);
    }
    if (resourceVersion !== null) this.#resourceVersion = resourceVersion;
    this.#sinceCursor += 1;
    const isDue = event.type === 'BOOKMARK' || !patch.isEmpty() || this.#sinceCursor >= EVENTS_PER_CURSOR;
    if (!isDue) return;
    this.#sinceCursor = 0;
    patch.set[this.#cursorKey] = this.#cursor();
    await this.#checkpoint(patch);
  }

  #objectOf(item: unknown): KubeObject | null {
    const object = kubeObject(item);
    if (object === null) return null;
    this.#read += 1;
    const namespace = this.#query.kind === 'Namespace' ? object.name : object.namespace;
    return namespace === null || this.#request.scope.includes('namespace', namespace) ? object : null;
  }

  async #look(object: KubeObject, how: Pick<Look, 'how' | 'since' | 'history'>, patch: Patch): Promise<void> {
    const key = stateKey(object.namespace, object.name);
    const before = this.#states.get(key) ?? null;
    const now = this.#deps.connector.clock.now();
    const everything = this.#request.mode === 'full' || this.#isNewPlan;
    const look: Look = { ...how, now, threshold: this.#threshold(now), everything };
    const { observations, state } = transition(this.#transition, before, object, look);
    for (const observation of observations) {
      if (!this.#query.remembered && this.#isTold(`${observation.entity} ${observation.key}`)) continue;
      await this.#run.emit(observation);
      patch.emitted += 1;
    }
    if (state === null) {
      if (this.#states.delete(key)) patch.remove.push(key);
      return;
    }
    const encoded = encodeState(state);
    if (before === null || JSON.stringify(encodeState(before)) !== JSON.stringify(encoded))
      patch.set[key] = encoded;
    this.#states.set(key, state);
  }

  #isTold(key: string): boolean {
    if (this.#told.has(key)) return true;
    if (this.#told.size >= 50_000) this.#told.clear();
    this.#told.add(key);
    return false;
  }

  #threshold(now: Date): string {
    const lookback = new Date(now.getTime() - this.#deps.config.lookback).toISOString();
    const from = new Date(this.#request.window.from).toISOString();
    return from < lookback ? from : lookback;
  }

  /** Earlier templates, asked for only when nothing is remembered: then they are all there is to compare with. */
  async #history(): Promise<RevisionHistory | null> {
    const rule = this.#query.history;
    if (rule === undefined || this.#isKnown) return null;
    try {
      const path = pathOf(rule.list, this.#namespace);
      return await readHistory(this.#protocol, rule, path, this.#deps.connector.digest, this.#signal);
    } catch (error) {
      if (this.#signal.aborted) throw error;
      const failure =
        error instanceof Expired
          ? new ConnectorError('BAD_RESPONSE', 'the revision history expired while it was read')
          : ConnectorError.from(error);
      if (failure.recovery !== 'skip') throw failure;
      await this.#run.emit(gapOf(failure, `${this.#query.resource} history`));
      return null;
    }
  }

  #restore(): void {
    const cursor = this.#run.state.get(this.#cursorKey);
    if (!isRecord(cursor) || cursor['rules'] !== this.#rules) return;
    this.#isKnown = true;
    this.#isNewPlan = cursor['plan'] !== this.#request.plan;
    this.#resourceVersion = this.#isNewPlan ? null : text(cursor['resourceVersion']);
    const prefix = this.#namespace === null ? 'object/' : `object/${this.#namespace}/`;
    for (const key of this.#run.state.keys()) {
      const state = key.startsWith(prefix) ? decodeState(this.#run.state.get(key)) : null;
      if (state !== null) this.#states.set(key, state);
    }
  }

  #cursor(): JsonValue {
    const at = this.#deps.connector.clock.now().toISOString();
    return { resourceVersion: this.#resourceVersion, rules: this.#rules, plan: this.#request.plan, at };
  }

  #lastSeen(): string | null {
    const cursor = this.#run.state.get(this.#cursorKey);
    return isRecord(cursor) ? text(cursor['at']) : null;
  }

  async #checkpoint(patch: Patch): Promise<void> {
    if (patch.isEmpty()) return;
    await this.#run.checkpoint({ set: patch.set, delete: patch.remove });
  }
}

/** `/apis/apps/v1/deployments` in one namespace. */
function pathOf(list: string, namespace: string | null): string {
  if (namespace === null) return list;
  const at = list.lastIndexOf('/');
  return `${list.slice(0, at)}/namespaces/${namespace}${list.slice(at)}`;
}
