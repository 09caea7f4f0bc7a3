import type { Detector } from '../detector.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS, MARKED } from './forms.ts';

export const detector: Detector = {
  id: 'monitoring-token',
  title: 'Key of a monitoring or analytics service',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS, MARKED),
};
