import type { Detector, Span } from '../detector.ts';
import { makeRunReader, RUN, type Runs, SMALL } from '../runs.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS } from './forms.ts';

const tokens = tokenParts(FORMS);
const readRuns = makeRunReader();
const ROBOT_TOKEN = 64;
// Quay: the robot of an organisation, and its token
const ROBOT = /(?<![a-z0-9_+-])[a-z0-9_-]{2,64}\+[a-z0-9_.-]{2,64}:$/;
const LONGEST_ROBOT = 132;

function robotTokens(text: string, { table, length }: Runs, spans: Span[]): void {
  for (let at = 0; at < length; at += RUN) {
    const start = table[at] as number;
    const end = table[at + 1] as number;
    if (end - start !== ROBOT_TOKEN || ((table[at + 2] as number) & SMALL) !== 0) continue;
    const robot = ROBOT.exec(text.slice(Math.max(0, start - LONGEST_ROBOT), start));
    if (robot !== null) spans.push({ start: start - robot[0].length, end });
  }
}

export const detector: Detector = {
  id: 'package-registry-token',
  title: 'Token of a package registry',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokens,
  shapes: ['long-word'],
  patterns: [...tokens.patterns, ROBOT],
  find(text, starts, runs = readRuns(text)) {
    const spans = [...tokens.find(text, starts, runs)];
    if (text.includes('+')) robotTokens(text, runs, spans);
    return spans;
  },
};
