import type { Detector } from '../detector.ts';
import type { TokenForm } from '../prefixed-token.ts';
import { tokenParts } from '../token-forms.ts';

const FORMS: readonly TokenForm[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => ({
    issuer: 'GitHub',
    prefix,
    body: 'A-Za-z0-9',
    min: 30,
    max: 255,
  })),
  { issuer: 'GitHub', prefix: 'github_pat_', body: 'A-Za-z0-9_', min: 40, max: 255 },
];

export const detector: Detector = {
  id: 'github-token',
  title: 'GitHub personal, OAuth, user-to-server, server-to-server or refresh token',
  docs: 'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats',
  net: 'all',
  wraps: true,
  ...tokenParts(FORMS),
};
