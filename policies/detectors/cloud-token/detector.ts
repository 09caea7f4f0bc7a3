import type { Detector } from '../detector.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS, MARKED } from './forms.ts';

export const detector: Detector = {
  id: 'cloud-token',
  title: 'Key or token of a cloud provider other than AWS',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS, MARKED),
};
