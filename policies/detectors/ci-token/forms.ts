import type { TokenForm } from '../prefixed-token.ts';
import { BASE64, DOTTED, form, forms, HEX, UPPER, URL_SAFE, UUID, WORD } from '../token-forms.ts';

const EXACT = { boundary: true, exact: true } as const;

/** Further forms than those of `saas-token`. */
export const FORMS: readonly TokenForm[] = [
  forms('GitLab', ['glwt-', 'glrtr-', 'gldt-', 'glcbt-'], `.${URL_SAFE}`, 16, 300),
  form('Bitbucket client', 'BBDC-', BASE64, 40, 60, { boundary: true }),
  forms('CircleCI', ['CCIPRJ_', 'CCIPAT_'], URL_SAFE, 40, 100),
  forms('Buildkite', ['bkaj_', 'bkct_', 'bkpt_'], WORD, 32, 100, { boundary: true }),
  forms('Harness', ['pat.', 'sat.'], DOTTED, 66, 72, {
    boundary: true,
    lead: /^[A-Za-z0-9_-]{14,16}/,
    cut: false,
  }),
  forms('Octopus Deploy', ['API-'], UPPER, 25, 32, { ...EXACT, cut: false, lead: /[0-9]/ }),
  form('Infracost', 'ico-', WORD, 32, 32, EXACT),
  forms('Sourcegraph', ['sgp_', 'slk_', 'sgd_'], `${HEX}_local`, 40, 64, { boundary: true }),
  form('StackHawk', 'hawk.', DOTTED, 36, 60, { boundary: true }),
  forms('Snyk', ['snyk_uat.', 'snyk_sat.'], DOTTED, 30, 300),
  form('Chromatic', 'chpt_', HEX, 12, 40, { boundary: true, cut: false }),
  form('Percy', 'web_', HEX, 64, 64, EXACT),
  form('LambdaTest', 'LT_', WORD, 48, 52, { boundary: true, cut: false }),
  forms('Doppler', ['dp.said.'], DOTTED, 30, 100),
  forms('Infisical', ['st.'], DOTTED, 80, 140, { boundary: true, cut: false, lead: /^[0-9a-f]{14}/ }),
  form('Depot', 'depot_', `${HEX}_projectogu`, 40, 100, { boundary: true, cut: false }),
  form('Docker', 'dckr_', URL_SAFE, 20, 80),
  form('TeamCity', 'eyJ0eXAiOiAiVENWMiJ9.', DOTTED, 20, 400),
  forms('Linear', ['lin_oauth_'], WORD, 32, 80),
  form('ClickUp', 'pk_', `${UPPER}_`, 38, 48, { ...EXACT, lead: /^[0-9]{5,9}_[A-Z0-9]{8}/, cut: false }),
  form('Postman collection', 'PMAT-', WORD, 26, 26, { boundary: true }),
  form('Postman', 'PMAK-', URL_SAFE, 50, 70),
  form('LaunchDarkly', 'api-', UUID, 36, 36, { ...EXACT, lead: /^[0-9a-f]{8}-[0-9a-f]{4}-/ }),
  form('LaunchDarkly', 'mob-', UUID, 36, 36, { ...EXACT, lead: /^[0-9a-f]{8}-[0-9a-f]{4}-/ }),
  form('ConfigCat', 'configcat-sdk-1/', BASE64, 40, 60),
  form('Statsig', 'secret-', WORD, 40, 60, { boundary: true, cut: false }),
  form('Statsig console', 'console-', WORD, 40, 60, { boundary: true, cut: false }),
  form('Flagsmith', 'ser.', WORD, 20, 40, { ...EXACT, cut: false, lead: /[0-9]/ }),
  form('Rootly', 'rootly_', HEX, 64, 64, { boundary: true }),
  form('Clickhouse Cloud', '4b1d', WORD, 38, 38, EXACT),
  form('Ubidots', 'BBFF-', WORD, 30, 30, { boundary: true }),
  form('Ubidots', 'BBUS-', WORD, 30, 30, { boundary: true }),
].flat();
