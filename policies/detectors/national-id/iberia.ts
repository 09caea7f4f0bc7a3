import type { IdForm } from '../id-forms.ts';
import * as check from './europe-checks.ts';

/** Names that numbers of several countries of Western Europe go by. */
export const IDENTITY = [
  'national id',
  'identity number',
  'identification number',
  'identity card',
  'personal number',
  'tax id',
  'tax number',
  'id number',
];

export const IBERIA: readonly IdForm[] = [
  {
    country: 'ES',
    name: 'NIF, NIE',
    docs: 'https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/',
    alone:
      '99999999A|A9999999A|99999999-A|A-9999999-A|99.999.999-A|99999999 A|A9999999-A|A-9999999A|99.999.999A',
    named: '9999999A',
    form: /^[0-9XYZKLM][0-9]{6,7}[A-HJ-NP-TV-Z]$/,
    check: check.spanishPerson,
    words: [
      'nif',
      'nie',
      'dni',
      'documento nacional',
      'extranjero',
      'españ',
      'spanish',
      'spain',
      ...IDENTITY,
    ],
  },
  {
    country: 'ES',
    name: 'CIF',
    docs: 'https://sede.agenciatributaria.gob.es',
    alone: 'A9999999X|A-9999999X|A-99999999',
    form: /^[ABCDEFGHJNPQRSUVW]/,
    check: check.spanishCompany,
    words: ['cif', 'nif'],
  },
  {
    country: 'ES',
    name: 'social security number',
    docs: 'https://www.seg-social.es',
    alone: '99/99999999/99|99/9999999999',
    named: '999999999999|99 99999999 99|99-99999999-99|99 9999999999',
    check: check.spanishSocial,
    words: ['nss', 'nuss', 'naf', 'seguridad social', 'afiliación', 'social security'],
  },
  {
    country: 'PT',
    name: 'NIF',
    docs: 'https://www.portaldasfinancas.gov.pt',
    named: '999999999|999~999~999|999.999.999',
    form: /^[1235689]/,
    check: check.portugueseTax,
    words: ['nif', 'contribuinte', 'número fiscal', 'numero fiscal', 'nipc', 'portug', ...IDENTITY],
  },
  {
    country: 'PT',
    name: 'citizen card',
    docs: 'https://www.autenticacao.gov.pt',
    alone: '99999999 9 XX9|999999999XX9|99999999 9XX9|99999999-9-XX9',
    check: check.portugueseCard,
    form: /[A-Z]/,
    words: ['cartão de cidadão', 'cartao de cidadao', 'citizen card'],
  },
  {
    country: 'PT',
    name: 'NISS, health number, identity number',
    docs: 'https://www.seg-social.pt',
    named: '99999999999|999999999|99999999',
    words: ['niss', 'segurança social', 'utente', 'sns', 'bilhete de identidade', 'cartão de cidadão'],
  },
];
