const OBJECT =
  '(?:OR REPLACE |TEMP(?:ORARY)? |UNLOGGED |UNIQUE |GLOBAL |LOCAL |MATERIALIZED |FOREIGN |EVENT |CONSTRAINT )?(?:TABLE|INDEX|VIEW|ROLE|USER|GROUP|DATABASE|SCHEMA|SEQUENCE|FUNCTION|PROCEDURE|ROUTINE|TRIGGER|TYPE|DOMAIN|EXTENSION|SERVER|SUBSCRIPTION|PUBLICATION|POLICY|RULE|CAST|COLLATION|CONVERSION|TEXT SEARCH|AGGREGATE|OPERATOR|SYSTEM|DEFAULT PRIVILEGES|TABLESPACE|LANGUAGE|STATISTICS)(?= (?:[\\w"(%$`\']|\\[(?! )|[^\\0-\\x7f]|/\\*|--))(?! (?:and|or)\\b)';
const NAME = String.raw`(?!\.\.)[\w".$]{1,256}`;
/** What is said of statements, by their name. */
const SAID =
  '(?:statements?|quer(?:y|ies)|commands?|privileges?|permissions?|rights?|lists?|clauses?|rules?)(?![A-Za-z0-9_])';

const LETTER_BITS = 5;
const LETTER = (1 << LETTER_BITS) - 1;

/** How statements begin, by their first word; a space stands for white space. */
const HEADS: Readonly<Record<string, string>> = {
  SELECT: `(?![,.;)\\]"'\`]|-[^-]|$)(?! (?:${SAID}|INTO ?,))`,
  INSERT: ' INTO',
  UPDATE: ` (?:ONLY )?${NAME}(?: (?:AS )?[A-Za-z_]{1,64})? SET`,
  DELETE: ' FROM',
  MERGE: ' INTO',
  WITH: ` (?:RECURSIVE )?${NAME}(?: ?\\([^()']{1,512}\\))? AS(?: (?:(?:NOT )?MATERIALIZED )?\\(| ?$)`,
  COPY: ` (?:\\(|${NAME} ?(?:\\([^()]{1,4096}\\))? ?(?:FROM|TO)\\b)`,
  CREATE: ` ${OBJECT}`,
  ALTER: ` ${OBJECT}`,
  DROP: ` ${OBJECT}`,
  TRUNCATE: ` (?:TABLE )?${NAME}`,
  GRANT: ' [A-Z, ]{1,256} (?:ON|TO)',
  REVOKE: ' [A-Z, ]{1,256} (?:ON|FROM)',
  PREPARE: ` (?:TRANSACTION (?=')|${NAME} ?(?:\\([^()]{0,1024}\\))? AS)`,
  EXECUTE: ` ${NAME}(?: ?\\(|;?(?=\\s|$))`,
  DO: " (?:LANGUAGE [a-z]{1,32} )?(?:\\$[A-Za-z_]{0,32}\\$|')",
  CALL: ` ${NAME} ?\\(`,
  VALUES: ' ?\\(',
  EXPLAIN: ' (?:\\(|ANALYZE|VERBOSE|SELECT)',
  DECLARE: ` (?!(?:BINARY|INSENSITIVE|ASENSITIVE|NO|SCROLL|CURSOR) )${NAME} [A-Z ]{0,64}CURSOR`,
  ROLLBACK: `(?: TRANSACTION)? (?:(?:TO|SAVEPOINT) ${NAME}|PREPARED (?='))`,
  RELEASE: `(?: TRANSACTION)? (?:TO|SAVEPOINT) ${NAME}`,
  COMMIT: " PREPARED (?=')",
  SAVEPOINT: ` ${NAME}`,
  LOCK: ' TABLE',
  REFRESH: ' MATERIALIZED VIEW',
  COMMENT: ' ON',
  SECURITY: ' LABEL ON',
  SET: ` (?:LOCAL |SESSION )?(?:TIME ZONE|ROLE|SESSION AUTHORIZATION|${NAME} ?(?:=|TO\\b))`,
  NOTIFY: ` ${NAME},`,
};

/** The first words of statements, in small letters. */
export const FIRST_WORDS: readonly string[] = Object.keys(HEADS).map((word) => word.toLowerCase());

/** Of each of them; two or three letters tell which one may stand in a place. */
const EXPRESSIONS: ReadonlyMap<number, readonly RegExp[]> = Map.groupBy(
  Object.entries(HEADS).map(([word, rest]) => headOf(word + rest)),
  ({ source }) => keyAt(source, 0),
);

export const HEAD_PATTERNS: readonly RegExp[] = [...EXPRESSIONS.values()].flat();

function headOf(head: string): RegExp {
  const spaced = head
    .replaceAll(' ', String.raw`\s{1,16}`)
    .replaceAll(String.raw`\s{1,16}?`, String.raw`\s{0,16}`);
  return new RegExp(`${spaced}(?:(?![A-Za-z0-9_])|(?<![A-Za-z0-9_]))`, 'iy');
}

/** Of the first two letters, and of the third if it is one. */
function keyAt(text: string, at: number): number {
  const third = text.charCodeAt(at + 2);
  const letters = ((text.charCodeAt(at) & LETTER) << LETTER_BITS) | (text.charCodeAt(at + 1) & LETTER);
  return (letters << LETTER_BITS) | (third > 0x40 && third !== 0x5c ? third & LETTER : 0);
}

/** Whether a statement begins here, as far as its first words tell. */
export function isHeadAt(text: string, at: number): boolean {
  for (const head of EXPRESSIONS.get(keyAt(text, at)) ?? []) {
    head.lastIndex = at;
    if (head.test(text)) return true;
  }
  return false;
}
