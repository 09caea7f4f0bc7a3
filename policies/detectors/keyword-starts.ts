import { HIT, indexKeywords, type KeywordIndex } from '../redact-gate-keywords.ts';
import { type GramPass, makeOwnPass } from '../redact-gate-pass.ts';

/** Where keywords start, in the order of their ends: for a detector that is asked without the gate, which knows them. */
export function keywordStarts(keywords: readonly string[]): (text: string) => readonly number[] {
  let index: KeywordIndex | undefined;
  let passOver: ((text: string) => GramPass) | undefined;
  return (text) => {
    index ??= indexKeywords([keywords]);
    // What the gate has seen of the text may be looked at yet.
    passOver ??= makeOwnPass(index.filed);
    const { table, length } = index.find(passOver(text));
    const starts: number[] = [];
    for (let at = 0; at < length; at += HIT) {
      const keyword = index.keywords[table[at + 1] as number];
      starts.push((table[at] as number) - (keyword?.length ?? 0));
    }
    return starts;
  };
}
