import type { Item } from '../item.ts';
import { objects, text } from './body.ts';
import { entityKind, parseEntity } from './entity-name.ts';

/** How far apart two entities are, and what lies between. */
export interface Link {
  /** 0: the same; 1: one names the other; 2 or 3: through others. */
  readonly hops: number;
  /** The entity next to the target on the way; null up to one hop. */
  readonly via: string | null;
  /** Whether the way leads over an image tag that equals a revision: a name, not a reference. */
  readonly byRevision: boolean;
}

const MAX_HOPS = 3;

/**
 * Kinds through which a link says something. Nodes, service accounts, environments and the roots of databases and
 * repositories touch nearly everything, so a way through them links nothing.
 */
const CARRIERS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'Service',
  'PersistentVolumeClaim',
  'commit',
  'pull',
  'deployment',
  'release',
  'tag',
]);

/** Which entities name each other, over all items. */
export class Links {
  readonly #neighbours = new Map<string, Map<string, boolean>>();

  constructor(items: readonly Item[]) {
    for (const item of items) {
      for (const related of item.related) this.#join(item.entity, related, false);
    }
    for (const [workload, revision] of sameRevisions(items)) this.#join(workload, revision, true);
  }

  /** Every entity within reach of this one, itself included. */
  from(start: string): ReadonlyMap<string, Link> {
    const found = new Map<string, Link>([[start, { hops: 0, via: null, byRevision: false }]]);
    let edge: readonly string[] = [start];
    for (let hops = 1; hops <= MAX_HOPS; hops += 1) {
      const next: string[] = [];
      for (const entity of edge) {
        for (const [neighbour, byRevision] of this.#sorted(entity)) {
          if (found.has(neighbour)) continue;
          const before = found.get(entity);
          found.set(neighbour, {
            hops,
            via: hops === 1 ? null : entity,
            byRevision: byRevision || (before?.byRevision ?? false),
          });
          if (CARRIERS.has(entityKind(neighbour))) next.push(neighbour);
        }
      }
      // From a node the first step reaches all its pods; the second would reach every workload.
      edge = CARRIERS.has(entityKind(start)) ? next.toSorted() : [];
    }
    return found;
  }

  #join(a: string, b: string, byRevision: boolean): void {
    if (a === b) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const neighbours = this.#neighbours.get(from) ?? new Map<string, boolean>();
      neighbours.set(to, byRevision && (neighbours.get(to) ?? true));
      this.#neighbours.set(from, neighbours);
    }
  }

  /** In one order, so that the way found between two entities does not depend on the order of the items. */
  #sorted(entity: string): readonly (readonly [string, boolean])[] {
    return [...(this.#neighbours.get(entity) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Pairs of a workload whose image tag or version is a commit or release, and that commit or release. */
function* sameRevisions(items: readonly Item[]): Generator<readonly [string, string]> {
  const commits = new Map<string, string>();
  const tags = new Map<string, Set<string>>();
  for (const { entity } of items.filter((item) => item.kind.startsWith('github.'))) {
    const name = parseEntity(entity).segments.at(-1) ?? '';
    if (entityKind(entity) === 'commit') commits.set(name, entity);
  }
  for (const item of items.filter((each) => each.stream === 'releases')) {
    const tag = text(item.body, 'tag').replace(/^v(?=\d)/, '');
    if (tag !== '') tags.set(tag, (tags.get(tag) ?? new Set()).add(item.entity));
  }
  if (commits.size === 0 && tags.size === 0) return;
  for (const item of items.filter((each) => each.kind.startsWith('kubernetes.'))) {
    for (const version of versionsOf(item)) {
      for (const release of tags.get(version.replace(/^v(?=\d)/, '')) ?? []) yield [item.entity, release];
      for (const sha of shortShas(version)) {
        for (const [full, commit] of commits) if (full.startsWith(sha)) yield [item.entity, commit];
      }
    }
  }
}

/** Image tags that the item speaks of, and the version its labels name. */
function versionsOf(item: Item): ReadonlySet<string> {
  const images = [
    ...objects(item.body, 'changes').map((change) => text(change, 'to')),
    ...objects(item.body, 'images').map((image) => text(image, 'image')),
  ];
  const versions = images.flatMap((image) => /:([A-Za-z0-9_][\w.-]*)(?:@|$)/.exec(image)?.[1] ?? []);
  return new Set([...versions, text(item.body, 'version')].filter((version) => version !== ''));
}

/** Seven digits are the shortest abbreviation that git makes: `main-4f2c1a9` names 4f2c1a9…. */
function shortShas(version: string): readonly string[] {
  return version.split(/[^0-9a-f]+/).filter((part) => /^(?=.*\d)[0-9a-f]{7,40}$/.test(part));
}
