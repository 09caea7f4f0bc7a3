import type { TokenForm } from '../prefixed-token.ts';

const WORD = 'A-Za-z0-9';
const URL_SAFE = 'A-Za-z0-9_-';
const BASE64 = 'A-Za-z0-9+/=_-';
const HEX = 'A-Fa-f0-9';

/** `path=` stands in every second line of a log. */
const ALL_BUT_PATH: readonly string[] = [...'abcdefghijklmnopqrstuvwxyz0123456789'].flatMap((sign) => [
  ...(sign === 'h' ? [] : [`pat${sign}`]),
  `path${sign}`,
]);

/**
 * Public token prefixes, as their issuers document them. Lengths are lower bounds where issuers vary them: an unusual
 * length must not let a token through.
 */
export const FORMS: readonly TokenForm[] = [
  ...many(
    'GitLab',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'gloas-'],
    `.${URL_SAFE}`,
    16,
    300,
  ),
  ...many('GitLab', ['glffct-', 'GR1348941'], `.${URL_SAFE}`, 16, 100),
  ...many(
    'Slack',
    ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-'],
    `%${URL_SAFE}`,
    10,
    400,
    { lead: /^[0-9]/ },
  ),
  ...many('Slack', ['xoxe.xoxp-', 'xoxe.xoxb-', 'xapp-'], URL_SAFE, 20, 400, { lead: /^[0-9]/ }),
  ...many('Stripe', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'], BASE64, 16, 300),
  form('Google API', 'AIza', URL_SAFE, 30, 60),
  form('Google OAuth', 'ya29.', URL_SAFE, 20, 2048),
  form('Google OAuth', 'GOCSPX-', URL_SAFE, 20, 60),
  form('npm', 'npm_', WORD, 30, 80),
  form('PyPI', 'pypi-', URL_SAFE, 50, 1024, { lead: /^A/ }),
  form('RubyGems', 'rubygems_', HEX, 32, 64),
  form('crates.io', 'cio', WORD, 32, 32, { boundary: true, exact: true }),
  form('SendGrid', 'SG.', `.${URL_SAFE}`, 40, 100),
  form('Twilio', 'SK', HEX, 32, 32, { boundary: true, exact: true }),
  form('Mailgun', 'key-', HEX, 32, 32, { boundary: true, exact: true, cut: false }),
  form('Brevo', 'xkeysib-', `${WORD}-`, 40, 120),
  ...many('DigitalOcean', ['dop_v1_', 'doo_v1_', 'dor_v1_'], HEX, 40, 64),
  ...many('Shopify', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], HEX, 32, 64),
  ...many('HashiCorp Vault', ['hvs.', 'hvb.', 'hvr.'], URL_SAFE, 24, 400, { boundary: true }),
  form('HashiCorp Terraform', '.atlasv1.', BASE64, 40, 120),
  ...many('Atlassian', ['ATATT3', 'ATCTT3', 'ATBB'], BASE64, 20, 400, { boundary: true }),
  form('Datadog', 'ddp_', WORD, 30, 60, { boundary: true }),
  ...many('New Relic', ['NRAK-', 'NRIQ-', 'NRJS-', 'NRRA-', 'NRII-', 'NRBR-'], URL_SAFE, 16, 64),
  ...many('OpenAI', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], URL_SAFE, 20, 300),
  form('OpenAI', 'sk-', WORD, 32, 100, { boundary: true }),
  form('Anthropic', 'sk-ant-', URL_SAFE, 20, 200),
  form('Groq', 'gsk_', WORD, 32, 100),
  ...many('Hugging Face', ['hf_', 'api_org_'], WORD, 34, 60, { boundary: true }),
  form('Perplexity', 'pplx-', WORD, 32, 100),
  form('xAI', 'xai-', WORD, 40, 120),
  form('Replicate', 'r8_', WORD, 32, 60, { boundary: true }),
  ...many('Azure', ['7Q~', '8Q~'], `.~${URL_SAFE}`, 30, 40),
  ...many('Databricks', ['dapi', 'dkea', 'dose'], `${HEX}-`, 32, 40, { boundary: true }),
  ...many(
    'Doppler',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    `.${URL_SAFE}`,
    30,
    100,
  ),
  ...many('Grafana', ['glc_', 'glsa_'], BASE64, 30, 400),
  form('Grafana', 'eyJrIjoi', BASE64, 40, 400),
  ...many('Sentry', ['sntrys_', 'sntryu_', 'sntrya_', 'sntryi_'], BASE64, 40, 512),
  ...many('PlanetScale', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], `=.${URL_SAFE}`, 32, 80),
  form('Supabase', 'sbp_', HEX, 40, 60, { boundary: true }),
  form('Supabase', 'sb_secret_', URL_SAFE, 20, 80),
  form('Neon', 'napi_', WORD, 40, 80),
  form('Fly.io', 'fo1_', URL_SAFE, 40, 100, { boundary: true }),
  ...many('Fly.io', ['fm1r_', 'fm2_'], BASE64, 60, 2048, { boundary: true }),
  form('Heroku', 'HRKU-', URL_SAFE, 30, 80),
  form('Tailscale', 'tskey-', URL_SAFE, 20, 120),
  form('Linear', 'lin_api_', WORD, 32, 80),
  ...many('Notion', ['secret_', 'ntn_'], WORD, 40, 60, { boundary: true }),
  form('Postman', 'PMAK-', `${HEX}-`, 50, 70),
  form('Prefect', 'pnu_', WORD, 32, 60, { boundary: true }),
  form('Pulumi', 'pul-', HEX, 40, 60, { boundary: true }),
  form('Docker', 'dckr_pat_', URL_SAFE, 20, 60),
  form('Docker', 'dckr_oat_', URL_SAFE, 20, 60),
  form('JFrog', 'AKCp', WORD, 60, 80, { boundary: true }),
  form('JFrog', 'cmVmdGtuOj', WORD, 40, 80),
  form('CircleCI', 'CCIPAT_', URL_SAFE, 40, 100),
  form('Buildkite', 'bkua_', 'a-z0-9', 32, 60, { boundary: true }),
  form('Snyk', 'snyk_', `.${URL_SAFE}`, 30, 120, { boundary: true }),
  form('SonarQube', 'sqp_', 'a-z0-9', 40, 40, { boundary: true }),
  ...many('SonarQube', ['squ_', 'sqa_'], 'a-z0-9', 40, 40, { boundary: true }),
  form('LaunchDarkly', 'sdk-', `${HEX}-`, 36, 36, {
    boundary: true,
    exact: true,
    lead: /^[0-9a-f]{8}-[0-9a-f]{4}-/,
  }),
  form('PagerDuty', 'pdus+', URL_SAFE, 15, 60),
  form('Airtable', 'pat', `${WORD}.`, 78, 90, { boundary: true, keywords: ALL_BUT_PATH }),
  form('Figma', 'figd_', URL_SAFE, 32, 80),
  ...many('EasyPost', ['EZAK', 'EZTK'], WORD, 54, 54, { boundary: true }),
  ...many('Mapbox', ['pk.ey', 'sk.ey', 'tk.ey'], `.${URL_SAFE}`, 40, 300, { boundary: true }),
  form('Square', 'EAAA', URL_SAFE, 58, 62, { boundary: true }),
  form('Square', 'sq0', URL_SAFE, 26, 60, { boundary: true, lead: /^(?:atp|csp|idp)-/ }),
  form('Plaid', 'access-production-', `${HEX}-`, 36, 36),
  form('Braintree', 'access_token$production$', `${WORD}$`, 30, 100),
  form('Flutterwave', 'FLWSECK_TEST-', `${WORD}-`, 12, 80),
  form('OpenShift', 'sha256~', URL_SAFE, 40, 60),
  form('Yandex Cloud', 't1.', `.${BASE64}`, 80, 300, { boundary: true, lead: /^[A-Z0-9]/ }),
  form('Alibaba Cloud', 'LTAI', WORD, 16, 30, { boundary: true }),
  form('Tencent Cloud', 'AKID', WORD, 32, 40, { boundary: true }),
  form('age', 'AGE-SECRET-KEY-1', 'A-Z0-9', 50, 60),
  form('Dynatrace', 'dt0c01.', 'A-Z0-9.', 60, 120),
  form('Cloudflare', 'v1.0-', `${HEX}-`, 140, 180, { boundary: true }),
  form('1Password', 'ops_eyJ', BASE64, 200, 2048),
  form('Facebook', 'EAACEdEose0cBA', WORD, 20, 300),
  form('Contentful', 'CFPAT-', URL_SAFE, 40, 60),
  form('Typeform', 'tfp_', `.=${URL_SAFE}`, 40, 80, { boundary: true }),
  form('ReadMe', 'rdme_', WORD, 60, 80),
  form('Okta', 'SSWS ', URL_SAFE, 30, 60),
  form('Vercel', 'vercel_blob_rw_', WORD, 30, 100),
  form('Clojars', 'CLOJARS_', WORD, 50, 70),
  form('Heartland', 'skapi_cert_', `${WORD}_`, 24, 80),
  form('Heartland', 'skapi_prod_', `${WORD}_`, 24, 80),
  form('Duffel', 'duffel_live_', URL_SAFE, 40, 60),
  form('Asaas', '$aact_', `:${BASE64}`, 40, 300),
  ...many('Docker Swarm', ['SWMTKN-1-', 'SWMKEY-1-'], `${WORD}+/-`, 40, 100),
  ...many('eBay', ['PRD-', 'SBX-'], `${HEX}-`, 30, 36, {
    boundary: true,
    exact: true,
    lead: /^[0-9a-f]{8,12}-[0-9a-f]{3}/,
  }),
  form('Coveo', 'xx', `${HEX}-`, 36, 36, {
    boundary: true,
    exact: true,
    cut: false,
    lead: /^[0-9a-f]{8}-[0-9a-f]{4}-/,
    keywords: [...'0123456789abcdef'].map((digit) => `xx${digit}`),
  }),
  form('Raycast', 'rca_', WORD, 32, 80, { boundary: true }),
  form('Frame.io', 'fio-u-', URL_SAFE, 60, 70),
];

function form(
  issuer: string,
  prefix: string,
  body: string,
  min: number,
  max: number,
  more: Pick<TokenForm, 'boundary' | 'exact' | 'lead' | 'cut' | 'keywords'> = {},
): TokenForm {
  return { issuer, prefix, body, min, max, ...more };
}

function many(
  issuer: string,
  prefixes: readonly string[],
  body: string,
  min: number,
  max: number,
  more: Pick<TokenForm, 'boundary' | 'exact' | 'lead' | 'cut' | 'keywords'> = {},
): TokenForm[] {
  return prefixes.map((prefix) => form(issuer, prefix, body, min, max, more));
}
