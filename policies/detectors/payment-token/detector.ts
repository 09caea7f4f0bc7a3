import type { Detector } from '../detector.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS } from './forms.ts';

export const detector: Detector = {
  id: 'payment-token',
  title: 'Key of a payment or trading service',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS),
};
