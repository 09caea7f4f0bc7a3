/** What may be the name of a setting: words and short numbers, in one kind of letters or in humps, with signs between them. */
const NAME =
  /^_{0,2}(?:[A-Z]{0,24}[a-z]{0,24}(?:[A-Z][a-z]{1,24}){0,6}|[A-Z]{1,24})[0-9]{0,3}(?:[._-]{1,2}(?:[A-Z]?[a-z]{1,24}(?:[A-Z][a-z]{1,24}){0,6}|[A-Z]{1,24})?[0-9]{0,3}){0,8}$/;
/** `DB_HOST=db1`, `ListenPort = 51820`, `export TZ=UTC`; not the padding of base64. */
const ASSIGNED =
  /^(?:export[ ]|set[ ])?(?<name>(?![a-z]{0,2}=|[A-Z]=)[A-Za-z_][\w.-]{0,63})(?:[:+?]?=(?:[\w`$/{[<*:.+~-]|["'](?![\s,;)}\]]|$))|[ \t]{1,24}[:+?]?=(?!=))/;
/** `DB_HOST=` with nothing behind it: base64 has no such signs in a name. */
const EMPTY = /^(?<name>[A-Za-z]{1,32}[_.][\w.-]{1,63})=[ \t]{0,8}(?:\r?\n|$)/;
/** `SENTRY_RELEASE: web`, `data:` */
const LABELLED = /^(?<name>[A-Za-z_][\w./-]{1,63}):(?:[ \t]{1,40}\S|[ \t]{0,8}(?:\r?\n|$))/;
/** The item of a list, a long option, the prompt of a shell, the time that a log line starts with. */
const OWN =
  /^(?:-[ \t]|--[a-z][a-z-]{2,48}(?:[= ]|\r?\n|$)|[a-z_][\w.-]{0,31}@[\w.-]{1,64}:[^\s$#]{0,128}[$#](?:[ ]|$)|[0-9]{2}:[0-9]{2}:[0-9]{2}[.,0-9]{0,10}[ ])/;
/** `9f48319 feat: …`, one of several. */
const LISTED = /^[0-9a-f]{7,40}[ ][A-Za-z(]/;
/** A string that the line does not close goes on in the next one, whatever that looks like. */
const IN_STRING = /(?:[=:(,[{]|\s)\\?(?:"[^"\n]{0,64}|'[^'\n]{0,64}|`[^`\n]{0,64})$/;
const LONGEST_STRING = 80;
const LONGEST_LINE = 512;
/** What is read of the next line. */
const AHEAD = 192;
/** More than stand in a line that is no row. */
const TABS = 2;

export const OWN_LINE_PATTERNS: readonly RegExp[] = [NAME, ASSIGNED, EMPTY, LABELLED, OWN, LISTED, IN_STRING];

/**
 * Whether the line that starts at `next`, behind its indent, is a thing of its own, so that nothing of the line before it
 * (which ends at `before`) goes on in it: a setting, an item of a list, the row of a table, a line of a log.
 */
export function isOwnLine(text: string, before: number, next: number): boolean {
  if (IN_STRING.test(text.slice(Math.max(0, before - LONGEST_STRING), before))) return false;
  const ahead = text.slice(next, next + AHEAD);
  if (isSetting(ahead) || OWN.test(ahead)) return true;
  const from = Math.max(0, before - LONGEST_LINE);
  const line = text.slice(from + text.slice(from, before).lastIndexOf('\n') + 1, before);
  if (LISTED.test(ahead) && LISTED.test(line)) return true;
  return tabsOf(line) >= TABS && tabsOf(lineOf(text, next)) === tabsOf(line);
}

/** Whether the text starts with a name that something is given to. */
export function isSetting(text: string): boolean {
  const name = (ASSIGNED.exec(text) ?? EMPTY.exec(text) ?? LABELLED.exec(text))?.groups?.['name'];
  return name !== undefined && NAME.test(name.replaceAll('/', '.'));
}

function lineOf(text: string, start: number): string {
  const line = text.slice(start, start + LONGEST_LINE);
  const end = line.indexOf('\n');
  return end === -1 ? line : line.slice(0, end);
}

function tabsOf(line: string): number {
  return line.split('\t').length - 1;
}
