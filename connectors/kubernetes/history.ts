import type { HistoricChange } from './changes.ts';
import { fieldPattern, first } from './field-path.ts';
import {
  controllerOf,
  isRecord,
  type KubeObject,
  kubeObject,
  number,
  text,
  timestamp,
} from './kube-object.ts';
import { podTemplateRules } from './pod-template.ts';
import { type Digest, diff, type Projection, projector } from './projection.ts';
import { type ProtocolDeps, pages } from './protocol.ts';
import { type HistoryRule, type ResourceQuery, resourceQuery } from './schema.ts';

interface Revision {
  readonly number: number;
  readonly createdAt: string;
  readonly projection: Projection;
}

/** The two newest revisions per owner (by uid), as projections: templates hold values, so they are not kept. */
export class RevisionHistory {
  readonly #rule: HistoryRule;
  readonly #project: (template: unknown) => Projection;
  readonly #newest = new Map<string, readonly Revision[]>();

  constructor(rule: HistoryRule, digest: Digest) {
    this.#rule = rule;
    const templates = projector(podTemplateRules('spec.template'), digest);
    this.#project = (template) => templates.project({ spec: { template } });
  }

  add(item: unknown): void {
    const object = kubeObject(item);
    const owner = object === null ? null : controllerOf(object);
    if (object === null || owner === null) return;
    const revision = this.#revisionOf(object);
    if (revision === null) return;
    const known = [...(this.#newest.get(owner.uid) ?? []), revision];
    this.#newest.set(owner.uid, known.sort((a, b) => b.number - a.number).slice(0, 2));
  }

  /** What the newest template changed (nothing, when it is the only one); null for an owner without templates. */
  changeOf(uid: string): HistoricChange | null {
    const [newest, previous] = this.#newest.get(uid) ?? [];
    if (newest === undefined) return null;
    const changes = previous === undefined ? [] : diff(previous.projection, newest.projection);
    const isRollback = previous !== undefined && newest.createdAt < previous.createdAt;
    return { revision: String(newest.number), createdAt: newest.createdAt, isRollback, changes };
  }

  #revisionOf(object: KubeObject): Revision | null {
    const raw = first(object.raw, fieldPattern(this.#rule.revision));
    const revision = number(raw) ?? Number(text(raw) ?? Number.NaN);
    const template = first(object.raw, fieldPattern(this.#rule.template));
    const createdAt = timestamp(object.createdAt);
    if (!Number.isFinite(revision) || !isRecord(template) || createdAt === null) return null;
    return { number: revision, createdAt, projection: this.#project(template) };
  }
}

/** Reads all that a history rule names, in one namespace or in all. */
export async function readHistory(
  deps: ProtocolDeps,
  rule: HistoryRule,
  path: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<RevisionHistory> {
  const history = new RevisionHistory(rule, digest);
  for await (const page of pages(deps, historyQuery(rule.list), path, signal)) {
    for (const item of page.items) history.add(item);
  }
  return history;
}

const HISTORY_KINDS: Readonly<Record<string, string>> = {
  replicasets: 'ReplicaSet',
  controllerrevisions: 'ControllerRevision',
};

function historyQuery(list: string): ResourceQuery {
  const resource = list.slice(list.lastIndexOf('/') + 1);
  return resourceQuery.parse({
    apiVersion: 'apps/v1',
    kind: HISTORY_KINDS[resource] ?? resource,
    resource,
    list,
    namespaced: true,
    verbs: ['list', 'watch'],
    accept: 'full',
  });
}
