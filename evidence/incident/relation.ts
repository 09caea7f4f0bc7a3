import type { Item } from '../item.ts';
import { text } from './body.ts';
import { entityKind, entityLeaf, entityScope, parseEntity, shortName } from './entity-name.ts';
import type { Link } from './links.ts';
import { POINTS, type Reason } from './reason.ts';
import type { SymptomGroup } from './symptoms.ts';

const OWNERS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

/** Kinds that apply to every object of their namespace. */
const GOVERNORS: ReadonlySet<string> = new Set(['ResourceQuota', 'LimitRange', 'NetworkPolicy', 'Namespace']);

/** How what changed and what hurts belong together: the strongest way only; null when they do not. */
export function relationOf(
  change: Item,
  symptom: SymptomGroup,
  link: Link | null,
  fits: boolean,
): Reason | null {
  const relation =
    linked(change, symptom, link) ??
    governing(change, symptom, fits) ??
    named(change, symptom) ??
    sameScope(change, symptom);
  return relation === null ? null : { ...relation, symptom: symptom.item };
}

function linked(change: Item, symptom: SymptomGroup, link: Link | null): Reason | null {
  if (link === null) return null;
  const [changed, hurt] = [shortName(change.entity), shortName(symptom.entity)];
  const kind = entityKind(change.entity);
  if (link.hops === 0) {
    return {
      code: 'same-object',
      points: POINTS.sameObject,
      text: `the same object shows ${symptom.reason}`,
    };
  }
  if (link.byRevision) {
    const via = link.via === null ? hurt : shortName(link.via);
    const points = POINTS.linkedByRevision[link.hops] ?? 0;
    return {
      code: 'linked',
      points,
      text: `the image of ${via} carries its revision; ${hurt} shows ${symptom.reason}`,
    };
  }
  if (link.hops === 2 && link.via !== null && isTemplateOf(link.via, symptom) && !OWNERS.has(kind)) {
    const text = `${shortName(link.via)}, which owns ${hurt}, refers to it; ${hurt} shows ${symptom.reason}`;
    return { code: 'referenced', points: POINTS.referencedByOwner, text };
  }
  if (link.hops > 1) {
    const text = `linked through ${shortName(link.via ?? '')} to ${hurt}, which shows ${symptom.reason}`;
    return { code: 'linked', points: POINTS.linked[link.hops] ?? 0, text };
  }
  if (OWNERS.has(kind)) {
    return {
      code: 'owner',
      points: POINTS.owner,
      text: `${changed} owns ${hurt}, which shows ${symptom.reason}`,
    };
  }
  if (kind === 'Node') {
    return {
      code: 'node',
      points: POINTS.node,
      text: `${changed} is the node of ${hurt}, which shows ${symptom.reason}`,
    };
  }
  const text = symptom.related.has(change.entity)
    ? `${hurt}, which shows ${symptom.reason}, refers to it`
    : `it refers to ${hurt}, which shows ${symptom.reason}`;
  return { code: 'referenced', points: POINTS.referenced, text };
}

/** An owner's references are those of its pods: the pod itself may be known by name only. */
function isTemplateOf(via: string, symptom: SymptomGroup): boolean {
  return OWNERS.has(entityKind(via)) && symptom.related.has(via);
}

function governing(change: Item, symptom: SymptomGroup, fits: boolean): Reason | null {
  if (!fits || !GOVERNORS.has(entityKind(change.entity)) || !isSameScope(change.entity, symptom.entity))
    return null;
  const text = `it applies to all of the namespace of ${shortName(symptom.entity)}, which shows ${symptom.reason}`;
  return { code: 'governs', points: POINTS.governs, text };
}

/** The same name in two places is a hint, no more. */
function named(change: Item, symptom: SymptomGroup): Reason | null {
  const hurt = shortName(symptom.entity);
  const app = text(change.body, 'app');
  if (app !== '' && app === symptom.app && isSameScope(change.entity, symptom.entity)) {
    return { code: 'same-app', points: POINTS.sameApp, text: `labelled as the same application as ${hurt}` };
  }
  const name =
    parseEntity(change.entity).scheme === 'github' ? repositoryOf(change.entity) : entityLeaf(change.entity);
  if (name === '' || (name !== entityLeaf(symptom.entity) && name !== symptom.app)) return null;
  return {
    code: 'same-name',
    points: POINTS.sameName,
    text: `it has the name of ${hurt}, which shows ${symptom.reason}`,
  };
}

function sameScope(change: Item, symptom: SymptomGroup): Reason | null {
  const hurt = shortName(symptom.entity);
  const code = 'same-scope';
  if (isSameScope(change.entity, symptom.entity)) {
    const scope = SCOPES[parseEntity(change.entity).scheme] ?? 'scope';
    return {
      code,
      points: POINTS.sameScope,
      text: `in the same ${scope} as ${hurt}, which shows ${symptom.reason}`,
    };
  }
  const [changed, shown] = [homeOf(change.entity), homeOf(symptom.entity)];
  if (changed !== shown && !isServerOf(changed, shown) && !isServerOf(shown, changed)) return null;
  return {
    code,
    points: POINTS.sameScope,
    text: `on the same server as ${hurt}, which shows ${symptom.reason}`,
  };
}

const SCOPES: Readonly<Record<string, string>> = {
  kubernetes: 'namespace',
  postgresql: 'database',
  github: 'repository',
};

function isSameScope(a: string, b: string): boolean {
  const scope = entityScope(a);
  return scope !== null && scope === entityScope(b);
}

/** A role belongs to the whole server; everything else is where its name says. */
function homeOf(uri: string): string {
  const { scheme, authority } = parseEntity(uri);
  return entityKind(uri) === 'role' ? `${scheme}://${authority}` : uri;
}

/** What is said of a database server holds for each of its databases. */
function isServerOf(server: string, other: string): boolean {
  return entityKind(server) === 'server' && other.startsWith(`${server}/`);
}

function repositoryOf(uri: string): string {
  return parseEntity(uri).segments[0] ?? '';
}
