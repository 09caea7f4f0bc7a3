import { type Span, spansOf } from '../detector.ts';

/** What is an account of somebody at a service as well, unless a bank is spoken of beside it. */
const ACCOUNT =
  /(?<![A-Za-z])(?:account|acct?|a\/c|konto|kto|cuenta|compte|conto|conta|rekening|rachunek)(?:[ ._:=#"'>-]{1,4}(?:number|num|no|nr|nummer|is|id)(?![a-z]))?[ ._:=#"'>-]{1,4}(?<secret>[0-9]{5,18}|[0-9]{2,6}(?:[ -][0-9]{2,6}){1,4})(?![A-Za-z0-9]|[.:-][0-9])/dgi;
const BANK =
  /(?<![a-z])(?:sort[ _-]?codes?|bsb|routing(?:[ _-]?(?:no|num|number))?[ :=#"']{1,4}[0-9]{9}|aba|blz|bankleitzahl|ifsc|iban|bban|bic|clearing(?:nummer)?|transit[ _-]?(?:no|number)|neft|rtgs|imps|sepa|wire transfer|swift(?:[ _/-]?(?:bic|code|no))?["']?[ ]?[:=]|beneficiary|remitt(?:er|ance)|(?:bank|branch)[ _-]?(?:code|name|transfer))(?![a-z])/i;
const REACH = { before: 64, after: 40 };

/**
 * Fields of SWIFT messages: the account behind the slash of the ordering and the beneficiary customer (MT103), the account
 * of a statement behind its bank (MT940), and that of the other side in a structured field 86.
 */
const FIELD =
  /(?<![A-Za-z0-9]):5(?:0[AFHK]?|[2-7][ABCD]?|9[AF]?):(?:\/[CD])?\/(?<secret>[A-Z0-9]{5,34})(?![A-Za-z0-9])/dg;
const STATEMENT =
  /(?<![A-Za-z0-9]):25P?:(?:[A-Z0-9]{4,11}\/)?(?<secret>[0-9]{5,23})(?:[A-Z]{3})?(?![A-Za-z0-9])/dg;
const STRUCTURED = /\?31(?<secret>[A-Z0-9]{5,34})(?![A-Za-z0-9])/dg;

export const BESIDE_PATTERNS: readonly RegExp[] = [ACCOUNT, BANK, FIELD, STATEMENT, STRUCTURED];

/** Literals of those fields. */
export const FIELD_SIGNS: readonly string[] = [
  ...['50', '50a', '50f', '50h', '50k', '59', '59a', '59f'].map((field) => `:${field}:/`),
  ':25:###',
  ':25p:',
  '?31',
];

export function* besideBanks(text: string): Generator<Span> {
  if (BANK.test(text)) {
    for (const span of spansOf(text, ACCOUNT)) {
      const near = text.slice(Math.max(0, span.start - REACH.before), span.end + REACH.after);
      if (BANK.test(near)) yield span;
    }
  }
  if (text.includes(':/') || text.includes(':25')) {
    yield* spansOf(text, FIELD);
    yield* spansOf(text, STATEMENT);
  }
  if (text.includes('?31')) yield* spansOf(text, STRUCTURED);
}
