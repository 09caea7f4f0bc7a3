import type { TokenForm } from '../prefixed-token.ts';
import { BASE64, DOTTED, form, forms, HEX, LOWER, MIXED, URL_SAFE, WORD } from '../token-forms.ts';

/** Further forms than those of `saas-token`. */
export const FORMS: readonly TokenForm[] = [
  form('Supabase', 'sbp_', `_v0${HEX}`, 40, 60, { boundary: true }),
  form('DataStax Astra', 'AstraCS:', `:${WORD}`, 40, 120),
  form('MongoDB Atlas', 'mdb_sa_sk_', URL_SAFE, 30, 80),
  form('CockroachDB Cloud', 'CCDB1_', `${WORD}_`, 40, 80),
  form('Aiven', 'aivenv1', BASE64, 200, 600),
  form('Aiven', 'AVNS_', URL_SAFE, 15, 40, { boundary: true }),
  form('Xata', 'xau_', WORD, 30, 60, { boundary: true }),
  form('Convex', 'prod:', `|${BASE64}`, 60, 400, { boundary: true, cut: false, lead: /^[a-z-]{5,16}/ }),
  forms('FaunaDB', ['fnAE', 'fnAD', 'fnAF'], BASE64, 36, 44, { boundary: true, cut: false }),
  form('Elastic Cloud', 'essu_', BASE64, 40, 120),
  form('Neon', 'npg_', WORD, 12, 40, { boundary: true, cut: false }),
  form('Confluent Cloud', 'cflt', BASE64, 40, 80, { boundary: true, cut: false }),
  form('WarpStream', 'aks_', HEX, 64, 64, { boundary: true }),
  form('Tinybird', 'p.eyJ', DOTTED, 60, 300, { boundary: true }),
  form('Snowflake', 'ver:1-hint:', `:${BASE64}`, 60, 400),
  form('dbt Cloud', 'dbtc_', URL_SAFE, 20, 80, { boundary: true }),
  forms('dbt Cloud', ['dbts_', 'dbtu_'], URL_SAFE, 30, 120, { boundary: true }),
  forms('Databricks', ['dapi', 'dkea', 'dose', 'dsapi'], `${HEX}-`, 32, 40, { boundary: true }),
  form('HashiCorp Vault (old service token)', 's.', WORD, 24, 24, {
    boundary: true,
    exact: true,
    cut: false,
    lead: /[0-9]/,
  }),
  forms('HashiCorp Vault (old tokens)', ['s.', 'b.', 'r.'], WORD, 25, 32, {
    boundary: true,
    exact: true,
    cut: false,
    lead: MIXED,
  }),
  form('Crunchy Bridge', 'cbkey_', URL_SAFE, 24, 80, { boundary: true }),
  form('Materialize', 'mzp_', HEX, 64, 64, { boundary: true }),
  form('Databento', 'db-', WORD, 29, 29, { boundary: true, exact: true, cut: false, lead: MIXED }),
  form('HashiCorp Vault (old batch token)', 'b.AAAA', BASE64, 80, 400, { boundary: true, cut: false }),
  form('1Password', 'A3-', 'A-Z0-9-', 30, 34, { boundary: true, cut: false, lead: /^[A-Z0-9]{6}-/ }),
  form('Teller', 'token_', LOWER, 26, 26, { boundary: true, exact: true, cut: false }),
  form('Ory', 'ory_', `_${URL_SAFE}`, 30, 120, {
    boundary: true,
    cut: false,
    lead: /^(?:at|rt|ac|pat|st|lo|wht)_/,
  }),
  form('Stytch', 'secret-live-', `=${URL_SAFE}`, 30, 80),
  form('Stytch', 'secret-test-', `=${URL_SAFE}`, 30, 80),
  forms('Authress', ['sc_', 'ext_', 'scauth_', 'authress_'], `.${BASE64}`, 50, 200, {
    boundary: true,
    cut: false,
    lead: /^[A-Za-z0-9]{5,14}(?:[A-Za-z0-9]|\.[A-Za-z0-9])/,
  }),
].flat();
