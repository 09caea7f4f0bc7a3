import type { TokenForm } from '../prefixed-token.ts';
import {
  BASE64,
  DIGITS,
  DOTTED,
  EXACT,
  form,
  forms,
  HEX,
  LOWER,
  type MarkedForm,
  URL_SAFE,
  UUID,
  WORD,
} from '../token-forms.ts';

/** Further forms than those of `saas-token`. */
export const FORMS: readonly TokenForm[] = [
  forms('New Relic', ['NRRA-', 'NRSP-', 'NRAA-'], URL_SAFE, 16, 64),
  forms('Dynatrace', ['dt0s01.', 'dt0s02.', 'dt0s06.', 'dt0s08.', 'dt0a01.', 'dt0s16.'], 'A-Z0-9.', 40, 120),
  form('Honeycomb', 'hcaik_', `${LOWER}`, 40, 80),
  forms('Honeycomb', ['hcaic_', 'hcalk_', 'hcamk_', 'hcxik_', 'hcxmk_', 'hcbik_', 'hcbmk_'], LOWER, 40, 120),
  forms('Sentry', ['sntrys_', 'sntryu_', 'sntrya_', 'sntryi_'], BASE64, 40, 512),
  forms('Logfire', ['pylf_v1_', 'pylf_v2_'], DOTTED, 30, 80, { lead: /^[a-z]{2}_/ }),
  forms('Axiom', ['xaat-', 'xapt-', 'xait-'], UUID, 36, 36),
  forms('Coralogix', ['cxtp_', 'cxup_'], WORD, 30, 40),
  forms('PostHog', ['phc_', 'phx_', 'phs_', 'pha_', 'phr_'], WORD, 40, 60, { boundary: true }),
  forms('PagerDuty', ['pdus+', 'pdeu+'], `.${URL_SAFE}`, 15, 200),
  form('PagerDuty', 'u+', URL_SAFE, 18, 20, { ...EXACT, cut: false, lead: /[0-9]/ }),
  form('incident.io', 'inc_', HEX, 64, 64, { boundary: true }),
  form('FireHydrant', 'fhb-', HEX, 32, 40, { boundary: true }),
  form('Checkly', 'cu_', HEX, 32, 32, EXACT),
  forms('Vanta', ['vaa_', 'vat_', 'vci_', 'vcs_'], WORD, 36, 60, {
    boundary: true,
    cut: false,
    lead: /[0-9]/,
  }),
  form('Censys', 'censys_', `${WORD}_`, 24, 80, { boundary: true, cut: false, lead: /[0-9]/ }),
  forms('FullStory', ['na1.', 'eu1.'], WORD, 60, 120, { boundary: true, cut: false }),
  form('WakaTime', 'waka_', UUID, 36, 36, { boundary: true }),
  form('Observe', 'ds1', `:${WORD}`, 40, 80, { boundary: true, cut: false, lead: /^[A-Za-z0-9]{15,20}:/ }),
  forms('Grafana', ['glc_', 'glsa_', 'glagent_', 'gltst_'], BASE64, 30, 400),
  form('Grafana', 'eyJrIjoi', BASE64, 40, 400),
  form('Aikido', 'AIK_', `${WORD}_`, 26, 140, { boundary: true, cut: false, lead: DIGITS }),
  form('Endor Labs', 'endr+', URL_SAFE, 16, 40),
  form('GitGuardian', 'ggtt-v-', LOWER, 10, 60),
  form('Socket', 'sktsec_', URL_SAFE, 30, 80),
  form('Nightfall', 'NF-', WORD, 30, 60, { boundary: true, cut: false }),
  form('Dependency-Track', 'odt_', WORD, 32, 60, { boundary: true }),
  form('Segment', 'sgp_', WORD, 64, 64, { boundary: true }),
].flat();

export const MARKED: readonly MarkedForm[] = [
  { issuer: 'New Relic licence', mark: 'NRAL', body: HEX, before: [36, 36], after: [0, 0] },
  { issuer: 'MaxMind', mark: '_mmk', body: `${WORD}_`, before: [36, 36], after: [0, 0] },
];
