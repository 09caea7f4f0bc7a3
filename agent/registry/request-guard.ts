import { readYaml } from '../../policies/yaml.ts';

/** Why a file of requests is not proved read-only; null when it is. */
export interface RequestJudgement {
  readonly code: 'NOT_YAML' | 'NO_REQUEST' | 'VERB' | 'PATH' | 'RESOURCE' | null;
  readonly reason: string | null;
}

/** HTTP methods that are safe (RFC 9110 §9.2.1) and Kubernetes verbs that read. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const VERBS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
/** What is never read, whatever a file says: credentials, and doors into containers. */
const FORBIDDEN =
  /^(secrets|serviceaccounts\/token|tokenreviews|pods\/(exec|attach|portforward|proxy|log)|.*\/proxy)$/i;

export type RequestLanguage = 'rest' | 'kubernetes';

interface Found {
  readonly language: RequestLanguage;
  verbs: number;
}

const GOOD: RequestJudgement = { code: null, reason: null };

/**
 * Proves that a file of API requests (`queries/*.yaml` of Kubernetes and REST connectors) only reads: wherever it
 * names a method or a verb, it is one that reads; it names at least one; paths are relative to the API's root and
 * resources are not those that hold credentials.
 */
export function judgeRequests(text: string, file: string, language: RequestLanguage): RequestJudgement {
  const yaml = readYaml(text, file);
  if (yaml.problems.length > 0) return { code: 'NOT_YAML', reason: 'the file is not plain YAML' };
  const found: Found = { language, verbs: 0 };
  const judgement = judgeNode(yaml.data, found);
  if (judgement.code !== null) return judgement;
  if (found.verbs === 0) return { code: 'NO_REQUEST', reason: 'the file names no method or verb' };
  return GOOD;
}

function judgeNode(node: unknown, found: Found): RequestJudgement {
  if (node === null || typeof node !== 'object') return GOOD;
  for (const [key, value] of Object.entries(node)) {
    const judgement = judgeMember(Array.isArray(node) ? '' : key, value, found);
    if (judgement.code !== null) return judgement;
  }
  return GOOD;
}

function judgeMember(key: string, value: unknown, found: Found): RequestJudgement {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  switch (key) {
    case 'method':
    case 'methods':
      found.verbs += values.length;
      return values.every((method) => METHODS.has(String(method)))
        ? GOOD
        : refuse('VERB', 'a method is not GET or HEAD');
    case 'verb':
    case 'verbs':
      found.verbs += values.length;
      return values.every((verb) => VERBS.has(String(verb)))
        ? GOOD
        : refuse('VERB', 'a verb is not get, list or watch');
    case 'path':
    case 'paths':
      // In files of Kubernetes reads, paths are those of fields.
      if (found.language === 'kubernetes') return judgeNode(value, found);
      if (!values.every(isRelativePath))
        return refuse('PATH', 'a path does not start at the root of the API');
      return GOOD;
    case 'resource':
    case 'resources':
      if (values.some((resource) => typeof resource === 'string' && FORBIDDEN.test(resource))) {
        return refuse('RESOURCE', 'a resource is one that is never read');
      }
      return judgeNode(value, found);
    default:
      return judgeNode(value, found);
  }
}

/** `//host` and `..` would lead elsewhere. */
function isRelativePath(value: unknown): boolean {
  return typeof value === 'string' && /^\/[^/\\]/.test(value) && !value.split('/').includes('..');
}

function refuse(code: 'VERB' | 'PATH' | 'RESOURCE', reason: string): RequestJudgement {
  return { code, reason };
}
