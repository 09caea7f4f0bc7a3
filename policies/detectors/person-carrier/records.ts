import type { Form } from './lines.ts';

const PARTY = "(?!(?:THE|BANK|NOT)(?![A-Z]))\\p{Lu}[\\p{L}\\p{M}'’.,& -]{2,69}";

/**
 * Persons in the records that trade, banks and airlines send to each other (UN/EDIFACT, SWIFT MT), and in lists of pairs
 * as Python prints them.
 */
export const RECORD_FORMS: readonly Form[] = [
  // A traveller: `TIF+ROE:A+JANE:1'`.
  form(`(?<![A-Z0-9])TIF\\+(?<secret>\\p{Lu}[^':+\\n]{0,69})(?=[:+'])`, ['TIF+']),
  form(`(?<![A-Z0-9])TIF\\+[^'+\\n]{1,80}\\+(?<secret>\\p{Lu}[^':+\\n]{0,69})(?=[:+'])`, ['TIF+']),
  // The name of a party: `NAD+BY+5412345000013::9++JANE ROE+12 MAIN STREET+…`.
  form(`(?<![A-Z0-9])NAD\\+[A-Z]{2,3}\\+[^'+\\n]{0,80}\\+[^'+\\n]{0,175}\\+(?<secret>${PARTY})(?=[:+'])`, [
    'NAD+',
  ]),
  // The ordering and the beneficiary customer: the line behind the account, in option F with a number before it.
  form(
    `(?<![A-Za-z0-9]):5(?:0[AFHK]?|9[AF]?):(?:/[^\\r\\n]{1,40}\\r?\\n)?(?:1/)?(?<secret>${PARTY})(?=[ ]{0,4}(?:\\r?\\n|$))`,
    [':50', ':59'],
  ),
  // `('first_name', 'Jane')`; labels are paired with such names as well.
  form(
    `\\(["'](?:first|last|given|family|middle|maiden|full|sur)_?[Nn]ame["'],[ ]{0,2}["'](?![^"'\\n]{0,40}(?:[Nn]ame|NAME|[Rr]equired)["'])(?<secret>\\p{Lu}[\\p{L}\\p{M}'’. -]{0,60}?)["']\\)`,
    ['ame'],
  ),
];

export const RECORD_KEYWORDS: readonly string[] = [
  'tif+',
  'nad+',
  ...['50', '50a', '50f', '50h', '50k', '59', '59a', '59f'].flatMap((field) => [
    `:${field}:/`,
    `:${field}:1/`,
  ]),
  ...['first_', 'last_', 'given_', 'family_', 'middle_', 'full_', 'sur'].flatMap((part) => [
    `'${part}name'`,
    `"${part}name"`,
  ]),
];

function form(source: string, needs: readonly string[]): Form {
  return { pattern: new RegExp(source, 'dgu'), needs };
}
