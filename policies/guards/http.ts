import { everyField, type Fields, isFields, type RequestProblem, readRequest } from './request.ts';

/** Segments of plain characters or one `{placeholder}`, below the configured base URL. */
const RELATIVE_PATH = /^(?:\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*|\{[a-z][a-z0-9_]*\}))+$/;

/** What a request must not bring along. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'host',
  'body',
  'headers',
  'query',
  'form',
]);

/**
 * Proves that a REST read file only ever sends GET to paths below the connector's own base URL, without a body and
 * without headers of its own.
 *
 * @returns what is wrong; empty when proved.
 */
export function checkHttp(text: string, file: string): readonly RequestProblem[] {
  const read = readRequest(text, file);
  if ('problem' in read) return [read.problem];
  const problems: RequestProblem[] = [];
  let requests = 0;
  for (const { path, key, value, owner } of everyField(read.data)) {
    if (FORBIDDEN_KEYS.has(key))
      problems.push({ code: 'SHAPE', path, message: 'does not belong into a read' });
    if (key === 'path' || key === 'method') problems.push(...checkRequest(key, value, owner, path));
    if (key === 'parameters') problems.push(...checkParameters(value, path));
    if (key === 'path') requests += 1;
  }
  if (requests === 0) problems.push({ code: 'SHAPE', path: '', message: 'has no request: method and path' });
  return problems;
}

function checkRequest(key: string, value: unknown, owner: Fields, path: string): readonly RequestProblem[] {
  if (key === 'method') {
    return value === 'GET' ? [] : [{ code: 'METHOD', path, message: 'must be GET' }];
  }
  if (owner['method'] === undefined)
    return [{ code: 'METHOD', path, message: 'needs method: GET beside it' }];
  if (typeof value === 'string' && RELATIVE_PATH.test(value)) return [];
  return [
    { code: 'PATH', path, message: 'must start with / and hold plain segments and {placeholders} only' },
  ];
}

function checkParameters(value: unknown, path: string): readonly RequestProblem[] {
  const isPlain =
    isFields(value) && Object.values(value).every((entry) => ['string', 'number'].includes(typeof entry));
  return isPlain ? [] : [{ code: 'SHAPE', path, message: 'must be a mapping of names to texts and numbers' }];
}
