import type { TokenForm } from '../prefixed-token.ts';
import { BASE64, EXACT, form, HEX, LOWER, URL_SAFE, UUID, WORD } from '../token-forms.ts';

/** Further forms than those of `saas-token`. */
export const FORMS: readonly TokenForm[] = [
  form('npm', 'npm_', WORD, 30, 80),
  form('npm (legacy)', '_authToken=', URL_SAFE, 20, 120),
  form('TestPyPI', 'pypi-AgENdGVzdC5weXBpLm9yZw', URL_SAFE, 40, 1024),
  form('pyx', 'sk-pyx-', URL_SAFE, 16, 200),
  form('NuGet', 'oy2', LOWER, 43, 43, EXACT),
  form('RubyGems', 'rubygems_', HEX, 32, 64),
  form('crates.io', 'cio', WORD, 32, 33, EXACT),
  form('Clojars', 'CLOJARS_', LOWER, 50, 70),
  form('Packagist', 'packagist_', `${WORD}_`, 40, 120, { lead: /^(?:ack|org|usr|out)_/ }),

  form('Artifactory', 'AKCp', WORD, 60, 80, { boundary: true }),
  form('Artifactory reference token', 'cmVmd', WORD, 57, 62, EXACT),
  form('Artifactory reference token', 'cmVmdGtuOjAxOj', BASE64, 40, 100),
  form('Docker Hub', 'dckr_pat_', URL_SAFE, 20, 60),
  form('Docker Hub organisation', 'dckr_oat_', URL_SAFE, 20, 60),
  form('JSR', 'jsrp_', WORD, 30, 60, { boundary: true }),
  form('JSR', 'jsrd_', WORD, 30, 60, { boundary: true }),
  form('Open VSX', 'ovsxp_', UUID, 36, 60),
].flat();
