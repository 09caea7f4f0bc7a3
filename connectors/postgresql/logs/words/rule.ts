import type { LogClass } from '../classes.ts';

/**
 * Fixed words of PostgreSQL's messages in English, as far as they tell a class. A pattern holds from the start of the
 * message on; `*` stands for whatever the server puts in, and `$` for the end of the message's first line. The first
 * that holds counts, so what is special comes before what is general.
 */
export type WordRule = readonly [LogClass, readonly string[]];
