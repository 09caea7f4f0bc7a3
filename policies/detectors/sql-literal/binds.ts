import type { Rule } from '../detector.ts';

const LINE = '[^\\r\\n]{1,4096}';

/** What object mappers and drivers write of the values that they bind, beside a statement without any. */
export const BINDS: readonly Rule[] = [
  // Hibernate (`org.hibernate.orm.jdbc.bind`, `…extract`; up to version 5 `…descriptor.sql`).
  rule(
    /binding parameter [[(][^\r\n]{1,120}?(?:\] - |\) <- )\[(?<secret>[^\r\n]{1,4096}?)\][ \t]{0,4}(?=[\r\n"]|$)/dg,
    'binding parameter',
  ),
  rule(
    /extracted value [[(][^\r\n]{1,240}?[\])] (?:- |-> )\[(?<secret>[^\r\n]{1,4096}?)\][ \t]{0,4}(?=[\r\n"]|$)/dg,
    'extracted value',
  ),
  // MyBatis.
  rule(new RegExp(`==>\\s{1,8}Parameters: (?<secret>${LINE})`, 'dg'), 'Parameters: '),
  // SQLAlchemy.
  rule(
    new RegExp(
      `\\[(?:generated in|cached since|no key|caching disabled|raw sql|dialect)[^\\]\\r\\n]{0,80}\\] (?<secret>[({[]${LINE})`,
      'dg',
    ),
    '] (',
    '] {',
    '] [',
  ),
  rule(
    /\[parameters: (?<secret>[({[][^\r\n]{1,4096}?[)}\]])\](?=[ \t]{0,4}(?:[\r\n"]|$))/dg,
    '[parameters: ',
  ),
  // Rails.
  rule(/ {2}\[(?<secret>\["[A-Za-z_.]{1,64}", [^\r\n]{1,4096}?\])\](?=[ \t]{0,4}(?:[\r\n]|$))/dg, '  [["'),
];

/** What wakes them. */
export const BIND_KEYWORDS: readonly string[] = [
  'binding parameter ',
  'extracted value ',
  '> parameters: ',
  '>  parameters: ',
  '[generated in',
  '[cached since',
  '[no key',
  '[raw sql',
  '[caching disabled',
  '[parameters: ',
  '  [["',
];

function rule(pattern: RegExp, ...needs: string[]): Rule {
  return { pattern, needs };
}
