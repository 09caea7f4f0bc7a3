import { COLUMN_PATTERNS, cellsOf } from '../columns.ts';
import type { Span } from '../detector.ts';
import { isLikelyPerson } from './likely.ts';
import { type Cue, isPersonBehind } from './unknown.ts';
import { mayBePerson, NAME_PARTS } from './words.ts';

/** Of surnames or given names, beside the other ones. */
const PART_COLUMN = /^(?:name|nom|nome|nombre)$/;
/** Columns of anything, and those that only persons have. */
const ANY_COLUMN =
  /^(?:name|displayname|customer|client|contact|owner|user|holder|nom|nome|nombre|naam|namn|assignee|reporter|author|approver|reviewer|requester|requestor|creator|manager|caller|agent|recipient|sender|member|participant|attendee|(?:assigned|reassigned|escalated)to|(?:created|opened|closed|resolved|updated|modified|approved|reported|requested)by|realname|username)$/;
/** Of persons and of nothing else, or hardly. */
const PERSONAL_COLUMN =
  /^(?:(?:work|home|private|e)?mail(?:address)?|(?:work|home|mobile|cell)?phone(?:no|number)?|mobile|telephone|telefon|tel|teléfono|telefono|téléphone|dob|dateofbirth|birth(?:date|day)|geburtsdatum|geburtstag|ssn|iban|passport(?:no|number)?|gender|sex|nationality|salary|homeaddress|street|strasse|straße|zip|postcode|postalcode|plz|age|maritalstatus|taxid|nationalid|insuranceno|policyno|mrn)$/;
const NAME_COLUMN =
  /^(?:(?:first|last|full|given|family|middle|maiden|sur|fore|customer|client|patient|employee|contact|passenger|cardholder|accountholder|holder|beneficiary|payee|student|guest|legal|member)name|given|cardholder|accountholder|policyholder|beneficiary|passenger|patient)$/;

/** Cells below columns of names, wherever a line of names of columns starts. */
export function* cellsOfPersons(text: string, starts: readonly number[]): Generator<Span> {
  if (starts.length === 0) return;
  const isName = (column: string, all: readonly string[]): boolean =>
    NAME_COLUMN.test(column) ||
    NAME_PARTS.includes(column) ||
    (PART_COLUMN.test(column) && all.some((other) => NAME_PARTS.includes(other)));
  for (const span of cellsOf(text, starts, isName)) {
    const found = text.slice(span.start, span.end);
    if (CELL.test(found) && mayBePerson(found)) yield span;
  }
  const cues: readonly (readonly [Cue, typeof isName])[] = [
    ['persons', (column, all) => ANY_COLUMN.test(column) && all.some((other) => PERSONAL_COLUMN.test(other))],
    ['foreign', (column) => ANY_COLUMN.test(column)],
  ];
  for (const [cue, isWanted] of cues)
    for (const span of cellsOf(text, starts, isWanted)) {
      const found = text.slice(span.start, span.end);
      const isCell = CELL.test(found) && found.includes(' ');
      if (isCell && (isLikelyPerson(found) || isPersonBehind(cue, found))) yield span;
    }
}

/** Nothing but letters, and what stands between those of names. */
const CELL = /^["']?\p{L}[\p{L}\p{M}'’. -]{1,80}["']?$/u;

export const CELL_PATTERNS: readonly RegExp[] = [
  PART_COLUMN,
  ANY_COLUMN,
  PERSONAL_COLUMN,
  NAME_COLUMN,
  CELL,
  ...COLUMN_PATTERNS,
];
