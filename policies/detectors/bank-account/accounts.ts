import { isMultiple, mod97, numberAt, weighted } from '../id-checks.ts';
import type { IdForm } from '../id-forms.ts';

/** Names of accounts in general. */
const ACCOUNT = [
  'account number',
  'a/c no',
  'a/c number',
  'account no',
  'account num',
  'account nr',
  'accountnumber',
  'acct',
  'acct no',
  'bank account',
  'checking account',
  'savings account',
  'debit account',
  'bank acct',
  'kontonummer',
  'konto nr',
  'kontonr',
  'kto nr',
  'ktonr',
  'kto no',
  'bban',
  'bankkontonummer',
  'bankkonto',
  'numéro de compte',
  'numero de compte',
  'n° de compte',
  'no de compte',
  'compte n°',
  'numero conto',
  'numero di conto',
  'konto bankowe',
  'numer konta',
  'nr konta',
  'номер счёта',
  'расчётный счет',
  'расчётный счёт',
  'лицевой счет',
  'лицевой счёт',
  'bankszámlaszám',
  '银行卡号',
  'compte bancaire',
  'número de cuenta',
  'numero de cuenta',
  'cuenta bancaria',
  'conto corrente',
  'rekeningnummer',
  'conta bancária',
  'conta corrente',
  'numer rachunku',
  'nr rachunku',
  'rachunek bankowy',
  'číslo účtu',
  'számlaszám',
  'bankszámla',
  'номер счета',
  'расчетный счет',
  'р/с',
  '계좌',
  '口座',
  '账号',
  '帳號',
  'bank no',
  'direct deposit',
  'bankrekening',
  'pankkitili',
  'tilinumero',
];

function clabe(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < 17; place++)
    sum += (numberAt(digits, place) * ([3, 7, 1][place % 3] ?? 0)) % 10;
  return (10 - (sum % 10)) % 10 === numberAt(digits, 17);
}

function routing(digits: string): boolean {
  const head = numberAt(digits, 0, 2);
  const isDistrict = head <= 12 || (head >= 21 && head <= 32) || (head >= 61 && head <= 72) || head === 80;
  return isDistrict && isMultiple([3, 7, 1, 3, 7, 1, 3, 7, 1], 10)(digits);
}

/** Two check digits: for bank and branch, and for the account. */
function spanish(digits: string): boolean {
  const check = (part: string, weights: readonly number[]) => '01987654321'[weighted(part, weights) % 11];
  const first = check(digits, [4, 8, 5, 10, 9, 7, 3, 6]);
  return first === digits[8] && check(digits.slice(10), [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]) === digits[9];
}

function french(characters: string): boolean {
  const digits = characters.replaceAll(
    /[A-Z]/g,
    (letter) => '12345678912345678923456789'[letter.charCodeAt(0) - 65] ?? '',
  );
  return (
    (89 * numberAt(digits, 0, 5) +
      15 * numberAt(digits, 5, 5) +
      3 * numberAt(digits, 10, 11) +
      numberAt(digits, 21, 2)) %
      97 ===
    0
  );
}

export const ACCOUNTS: readonly IdForm[] = [
  {
    country: 'US',
    name: 'ABA routing number',
    docs: 'https://www.aba.com/about-us/routing-number',
    alone: '9999-9999-9',
    named: '999999999',
    check: routing,
    words: ['aba', 'routing', 'rtn', 'bank', 'transit', 'wire', 'ach'],
  },
  {
    country: '*',
    name: 'account number',
    docs: 'ISO 13616-1 (national account numbers)',
    named:
      '99999999|999999999|9999999999|99999999999|999999999999|9999999999999|99999999999999|999999999999999|9999999999999999|99999999999999999|9999999|999999|99 99 99 99|9999 9999|9999 9999 9999|999-999-999999|99-999-999999|9999999999-99|999999-9|999-99-999999|999 999 999-9|999999999999999999|9999999999999999999|99999999999999999999|9999.99.99999|9999 99 99999|99999999-99999999|99999999-99999999-99999999|999999-999|999999-9999999|999-9999999-99|9999-999 999 9',
    words: ACCOUNT,
  },
  {
    country: '*',
    name: 'account right behind a short name for it',
    docs: 'ISO 13616-1 (national account numbers)',
    named:
      '9999999|99999999|999999999|9999999999|99999999999|999999999999|99999-9|999999-9|9999999-9|99999999-9|99999-A|999999-A|99.999-9|999.999-9|9999999-9999999|999 999 99|9999 999 999',
    words: [],
    labels: [
      'kto',
      'konto',
      'conta',
      'c/c',
      'conta corrente',
      'conta bancária',
      'conta poupança',
      'agência e conta',
      'agencia e conta',
      'número da conta',
      'rekening',
    ],
  },
  {
    country: 'SE',
    name: 'clearing number, Bankgiro, Plusgiro',
    docs: 'https://www.bankinfrastruktur.se',
    named: '9999-9|999-9999|9999-9999|99999-9|999999-9|9999999-9|99 99 99-9|9 99 99-9',
    words: [],
    labels: [
      'clearingnummer',
      'clearingnr',
      'clearing number',
      'bankgiro',
      'bankgironummer',
      'plusgiro',
      'postgiro',
    ],
  },
  {
    country: '*',
    name: 'number of a bank or branch right behind its name',
    docs: 'https://www.bundesbank.de/en/tasks/payment-systems/services/bank-sort-codes',
    named: '99999999|999 999 99|999999999|99999-999|99 9999 99',
    words: [],
    labels: ['blz', 'bankleitzahl', 'бик', 'transit number', 'institution number', 'bank identifier'],
  },
  {
    country: 'BR',
    name: 'branch',
    docs: 'https://www.bcb.gov.br',
    named: '9999-9|9999-A',
    words: [],
    labels: ['agência', 'agencia'],
  },
  {
    country: 'NZ',
    name: 'bank, branch, account and suffix',
    docs: 'https://www.paymentsnz.co.nz/resources/industry-registers/bank-branch-register/',
    named:
      '99-9999-9999999-99|99-9999-9999999-999|99-9999-99999999-99|99 9999 9999999 99|99 9999 9999999 999',
    form: /^(?:0[1-9]|1[0-9]|2[0-59]|3[0-18]|88)/,
    words: [...ACCOUNT, 'bank', 'account'],
  },
  {
    country: 'GB',
    name: 'sort code and account',
    docs: 'https://www.vocalink.com/tools/modulus-checking/',
    named:
      '99-99-99|99 99 99|999999|99-99-99 99999999|99 99 99 99999999|99-99-99/99999999|999999 99999999|999999/99999999|999999-99999999',
    words: ['sort code', 'sortcode', 'sort-code', 'bsb', 'bank code', 'branch code', 'transit number'],
  },
  {
    country: 'AU',
    name: 'BSB',
    docs: 'https://www.auspaynet.com.au',
    named: '999-999|999 999|999999',
    words: ['bsb', 'bank state branch'],
  },
  {
    country: 'IN',
    name: 'IFSC',
    docs: 'https://www.rbi.org.in',
    alone: 'AAAA9XXXXXX',
    form: /^[A-Z]{4}0[A-Z0-9]{2,6}[0-9]{2}/,
    words: ['ifsc', 'bank', 'neft', 'rtgs'],
  },
  {
    country: 'MX',
    name: 'CLABE',
    docs: 'https://www.banxico.org.mx',
    named: '999999999999999999|999 999 99999999999 9|999-999-99999999999-9',
    check: clabe,
    words: ['clabe', 'interbancaria', 'cuenta', 'spei', 'banco', 'transfer'],
  },
  {
    country: 'AR',
    name: 'CBU',
    docs: 'https://www.bcra.gob.ar',
    named: '9999999999999999999999|99999999 99999999999999',
    words: ['cbu', 'cvu', 'cuenta'],
  },
  {
    country: 'ES',
    name: 'CCC',
    docs: 'https://www.bde.es',
    named: '99999999999999999999',
    alone: '9999 9999 99 9999999999|9999-9999-99-9999999999',
    check: spanish,
    words: ['ccc', 'cuenta', 'banco'],
    names: ['ccc', 'cuenta'],
  },
  {
    country: 'FR',
    name: 'RIB',
    docs: 'https://www.banque-france.fr',
    alone: '99999 99999 XXXXXXXXXXX 99',
    check: french,
    words: ['rib'],
  },
  {
    country: 'PL',
    name: 'NRB',
    docs: 'https://nbp.pl',
    alone: '99 9999 9999 9999 9999 9999 9999',
    check: (digits) => mod97(`${digits.slice(2)}2521${digits.slice(0, 2)}`),
    words: ['rachun', 'konto', 'nrb'],
  },
  {
    country: 'CZ',
    name: 'account with bank code (also Slovakia)',
    docs: 'https://www.cnb.cz',
    named: '9999999999/9999|999999999/9999|99999999/9999|999999-9999999999/9999|99-9999999999/9999',
    words: ['účet', 'účtu', 'ucet', 'account', 'bank'],
  },
];
