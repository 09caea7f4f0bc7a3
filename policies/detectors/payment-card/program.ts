/** The name of a program or of a part of one, which the words for cards are a part of: `payment-api`, `card_service`. */
const PROGRAM =
  /(?<![A-Za-z0-9])(?:[a-z0-9]{1,24}[-_.]){0,3}(?:cards?|payments?|credit|debit|charges?|refunds?|visa)[-_](?:[a-z0-9]{1,24}[-_]){0,3}(?:api|svc|service|server|gateway|worker|job|jobs|queue|topic|events?|consumer|producer|processor|controller|operator|exporter|client|proxy|handler|manager|module|app|db|database|sync|cache|pod|namespace|prod|staging|deployment|task|lambda|function|cluster|bucket|stack|requests?|transactions?|duration|latency)(?![A-Za-z])/gi;

const OWN_KEY = /[A-Za-z][A-Za-z0-9_]{1,31}=["']?$|"[A-Za-z][A-Za-z0-9_]{1,29}"[ ]?:[ ]?"?$/;
const CARD_KEY =
  /card|kart|tarjeta|cart[ae]|visa|master|amex|credit|debit|pay|charge|pan|cc|num|no["']?[ ]?[:=]|nr|account|acct|value|text|message|msg|input|param/i;

export const PROGRAM_PATTERNS: readonly RegExp[] = [PROGRAM, OWN_KEY, CARD_KEY];

/** Some words around a number, without the names of programs: what those handle says nothing of a number beside them. */
export function withoutPrograms(words: string): string {
  return words.replaceAll(PROGRAM, ' ');
}

/** `topic=payments lag=559539890645`: where a number has a name of its own, this must be one of a card. */
export function isOfOtherField(before: string): boolean {
  const [key] = OWN_KEY.exec(before) ?? [];
  return key !== undefined && !CARD_KEY.test(key);
}
