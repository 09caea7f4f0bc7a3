/** Every cap of the readers and writers, in one place. What goes beyond is refused while it is read, not after. */

const MIB = 1024 ** 2;

/** The JSON form is one text that is held in memory; the others are streams and may be longer. */
export const MAX_JSON_BYTES = 128 * MIB;
/** One document. The longest are the timeline and the candidates of an incident. */
export const MAX_DOCUMENT_BYTES = 64 * MIB;
/** One line of `items`. The gate lets no item of this size out. */
export const MAX_ITEM_BYTES = 4 * MIB;
/** A stream once it is unpacked. The size field of an archive could say no more than twice as much. */
export const MAX_STREAM_BYTES = 4096 * MIB;

/** Ids and salts do not compress: what an agent wrote shrinks to a twentieth at best. */
export const MAX_RATIO = 100;
/** Below this a ratio says nothing. */
export const RATIO_FROM_BYTES = MIB;

/** How much is handed on at once when reading and writing. */
export const BLOCK_BYTES = 64 * 1024;
