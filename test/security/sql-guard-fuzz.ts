/** Random queries that play with names: hidden columns, shadowing aliases, CTEs called like catalogs. */
export function makeFuzzer(seed: number): () => string {
  const random = generator(seed);
  const pick = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)] as T;
  const chance = (p: number) => random() < p;
  const item = (depth: number): string => {
    const alias = chance(0.7) ? ` AS ${pick(NAMES)}` : '';
    if (depth > 0 && chance(0.3)) return `(${select(depth - 1)})${alias === '' ? ' AS q' : alias}`;
    if (depth > 0 && chance(0.15)) return `LATERAL (${select(depth - 1)}) AS ${pick(NAMES)}`;
    return `${chance(0.4) ? 'pg_catalog.' : ''}${pick(RELATIONS)}${alias}`;
  };
  const reference = (): string =>
    chance(0.5) ? `${pick(NAMES)}.${pick(COLUMNS)}` : pick([...COLUMNS, ...NAMES]);
  const expression = (depth: number): string => {
    if (depth > 0 && chance(0.15)) return `(${select(depth - 1)} LIMIT 1)`;
    if (chance(0.3)) return pick(WRAPPERS).replace('@', () => reference());
    return reference();
  };
  const select = (depth: number): string => {
    const outputs = chance(0.75) ? [expression(depth)] : [expression(depth), expression(depth)];
    const named = outputs.map((output) =>
      chance(0.5) ? `${output} AS ${pick([...COLUMNS, ...NAMES])}` : output,
    );
    const tail = [
      chance(0.25) ? ` WHERE ${pick(CONDITIONS).replaceAll('@', () => reference())}` : '',
      chance(0.15) ? ` GROUP BY ${pick([...COLUMNS, ...NAMES])}` : '',
      chance(0.15) ? ` ORDER BY ${pick([...COLUMNS, ...NAMES])}` : '',
    ];
    const from = chance(0.8) ? item(depth) : `${item(depth)} JOIN ${item(depth)} ${joinOn()}`;
    return `SELECT ${named.join(', ')} FROM ${from}${tail.join('')}`;
  };
  const joinOn = (): string =>
    chance(0.5) ? `USING (${pick(COLUMNS)})` : `ON ${reference()} = ${reference()}`;
  const statement = (): string => {
    const body = chance(0.15) ? `${select(1)} UNION ${select(1)}` : select(2);
    const ctes = chance(0.3) ? `WITH ${pick([...NAMES, ...RELATIONS])} AS (${select(1)}) ` : '';
    return ctes + body;
  };
  return statement;
}

const RELATIONS = [
  'pg_stat_activity',
  'pg_proc',
  'pg_settings',
  'pg_indexes',
  'pg_views',
  'pg_stats',
  'pg_user_mappings',
  'pg_class',
  'pg_database',
];

/** Aliases; some are columns too. */
const NAMES = ['a', 'b', 'c', 'query', 'setting', 'definition', 'prosrc', 'oid', 'pid', 'name', 'query_id'];

const COLUMNS = [
  'query',
  'setting',
  'reset_val',
  'prosrc',
  'indexdef',
  'definition',
  'most_common_vals',
  'umoptions',
  'oid',
  'pid',
  'name',
  'tablename',
  'state',
  'query_id',
  'relname',
  'datid',
];

const WRAPPERS = [
  '@::text',
  'md5(@::text)',
  'lower(@::text)',
  'max(@::text)',
  'coalesce(@::text, NULL)',
  "string_agg(@::text, ',')",
  'ARRAY[@::text]',
  '(SELECT @::text)',
  'to_json(@)',
  'row(@)::text',
  '@ IS NOT NULL',
];

const CONDITIONS = [
  "@ = 'work_mem'",
  "name = 'work_mem'",
  "a.name IN ('work_mem', 'port')",
  "setting.name = ANY (ARRAY['work_mem'])",
  "vartype = 'integer'",
  "@ = 'work_mem' OR name = 'port'",
  'EXISTS (SELECT @)',
  '@ IS NOT NULL',
];

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
