import type { Node } from 'libpg-query';
import { Refusal } from './verdict.ts';

/** The strings of a name list: `pg_catalog.now` is `['pg_catalog', 'now']`. */
export function namePath(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).map((node) => {
    if (!('String' in node)) throw new Refusal('SYNTAX', Object.keys(node)[0]);
    return node.String.sval ?? '';
  });
}

/** Every name of a relation and a function in a tree of any kind, checked or not; CTE names are left out. */
export function collectNames(root: unknown): { relations: string[]; functions: string[] } {
  const relations = new Set<string>();
  const functions = new Set<string>();
  const ctes = new Set<string>();
  const queue: unknown[] = [root];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const record = value as Record<string, unknown>;
    if (typeof record['relname'] === 'string') {
      const schema = record['schemaname'];
      relations.add(typeof schema === 'string' ? `${schema}.${record['relname']}` : record['relname']);
    }
    if (Array.isArray(record['funcname'])) functions.add(looseName(record['funcname']));
    if (typeof record['ctename'] === 'string') ctes.add(record['ctename']);
    queue.push(...Object.values(record).filter((inner) => inner !== undefined));
  }
  for (const name of ctes) relations.delete(name);
  return { relations: [...relations].sort(), functions: [...functions].sort() };
}

function looseName(parts: readonly unknown[]): string {
  return parts.map((part) => (part as { String?: { sval?: string } }).String?.sval ?? '').join('.');
}
