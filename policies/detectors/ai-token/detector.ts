import type { Detector } from '../detector.ts';
import { tokenParts } from '../token-forms.ts';
import { FORMS, MARKED } from './forms.ts';

export const detector: Detector = {
  id: 'ai-token',
  title: 'API key of a provider of language models or machine learning',
  docs: 'The issuers’ own documentation; see forms.ts.',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS, MARKED),
};
