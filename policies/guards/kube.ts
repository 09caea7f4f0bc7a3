import { everyField, type Fields, isFields, type RequestProblem, readRequest } from './request.ts';

const READING_VERBS: ReadonlySet<unknown> = new Set(['get', 'list', 'watch']);

/** `/api/v1/pods`, `/apis/apps/v1/replicasets`: a collection, never one object and never a subresource. */
const COLLECTION = /^\/(?:api|apis\/[a-z0-9.-]+)\/v[a-z0-9]+\/([a-z]+)$/;

/** Fields that name a request; paths into objects are called `path` and name none. */
const REQUEST_KEYS: ReadonlySet<string> = new Set(['list', 'watch', 'get', 'url', 'uri']);

/**
 * Proves that a Kubernetes read file asks only for collections, only to read them, never for Secrets, and for
 * ConfigMaps only without their values.
 *
 * @returns what is wrong; empty when proved.
 */
export function checkKube(text: string, file: string): readonly RequestProblem[] {
  const read = readRequest(text, file);
  if ('problem' in read) return [read.problem];
  return [...checkResource(read.data), ...checkVerbs(read.data), ...checkPaths(read.data)];
}

function checkResource(fields: Fields): readonly RequestProblem[] {
  const { resource, accept, list } = fields;
  if (typeof resource !== 'string' || typeof list !== 'string') {
    return [{ code: 'SHAPE', path: '', message: 'must have a resource and the list path of its collection' }];
  }
  if (COLLECTION.exec(list)?.[1] !== resource) {
    return [{ code: 'PATH', path: 'list', message: 'must be the path of the collection named in resource' }];
  }
  if (resource === 'configmaps' && accept !== 'metadata') {
    return [
      { code: 'VALUES', path: 'accept', message: 'must be metadata: values of ConfigMaps are never read' },
    ];
  }
  return [];
}

function checkVerbs({ verbs }: Fields): readonly RequestProblem[] {
  const isReading =
    Array.isArray(verbs) && verbs.length > 0 && verbs.every((verb) => READING_VERBS.has(verb));
  return isReading ? [] : [{ code: 'VERB', path: 'verbs', message: 'may hold get, list and watch only' }];
}

function checkPaths(fields: Fields): readonly RequestProblem[] {
  const problems: RequestProblem[] = [];
  for (const { path, key, value } of everyField(fields)) {
    if (key === 'method')
      problems.push({ code: 'METHOD', path, message: 'is not for Kubernetes: use verbs' });
    if (!REQUEST_KEYS.has(key) || isFields(value)) continue;
    const resource = typeof value === 'string' ? COLLECTION.exec(value)?.[1] : undefined;
    if (resource === undefined)
      problems.push({ code: 'PATH', path, message: 'must be the path of a collection' });
    if (resource === 'secrets') problems.push({ code: 'RESOURCE', path, message: 'Secrets are never read' });
  }
  return problems;
}
