import type { Detector } from '../detector.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS } from './forms.ts';

export const detector: Detector = {
  id: 'ci-token',
  title: 'Token of a build, deployment or code analysis service',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS),
};
