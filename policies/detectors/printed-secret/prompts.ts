import { type Span, spansOf } from '../detector.ts';
import { isOfProse } from '../key-value-secret/states.ts';
import { isReference } from '../key-value-secret/value.ts';

const REACH = 240;
/** `Enter password for new repository: x`, as a terminal shows it, and the same once more. */
const TYPED =
  /(?:enter|type|repeat|retype|re-enter|confirm|verify|verifying|again|new)[^\n:]{0,48}(?:passw(?:or)?d|pass[ -]?phrase|pin|secret)[^\n:]{0,48}:[ \t]{1,2}(?<secret>[^\s"'<>[][^\s"'<>]{3,127})(?=[ \t]{0,4}(?:\r?\n|$))/dgi;
const AGAIN =
  /(?:passw(?:or)?d|pass[ -]?phrase)[^\n:]{0,8}[ ](?:again|confirmation|once more|\(again\)|\(repeat\))[^\n:]{0,16}:[ \t]{1,2}(?<secret>[^\s"'<>[][^\s"'<>]{3,127})(?=[ \t]{0,4}(?:\r?\n|$))/dgi;

export const PROMPT_PATTERNS: readonly RegExp[] = [TYPED, AGAIN];

export const PROMPTS: readonly string[] = [
  'enter pass',
  'enter new pass',
  'enter the pass',
  'enter your pass',
  'enter repository pass',
  'enter keystore pass',
  'retype ',
  'password again',
  'passphrase again',
  'password confirmation',
];

/** What stands behind a prompt. */
export function typedAt(text: string, start: number): Span[] {
  const from = Math.max(0, start - 8);
  const stretch = text.slice(from, start + REACH);
  return [...spansOf(stretch, TYPED), ...spansOf(stretch, AGAIN)]
    .map((span) => ({ start: from + span.start, end: from + span.end }))
    .filter(({ start: at, end }) => {
      const value = text.slice(at, end);
      return !isReference(value) && !isOfProse(value);
    });
}
