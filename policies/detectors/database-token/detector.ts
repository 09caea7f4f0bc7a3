import type { Detector } from '../detector.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS } from './forms.ts';

export const detector: Detector = {
  id: 'database-token',
  title: 'Token of a hosted database or data platform',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS),
};
