import { readFileSync } from 'node:fs';

/**
 * How a stranger checks a bundle with stock tools. A bundle carries it in its material, so that it is signed with the
 * rest, and stays what it was when this text is replaced.
 */
export const VERIFY_TEXT = readFileSync(new URL('./VERIFY.md', import.meta.url), 'utf8');
