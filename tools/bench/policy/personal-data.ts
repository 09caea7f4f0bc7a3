import { around, type CanaryClass, whole } from './canary.ts';
import { DIGITS, HEX, type Random } from './random.ts';
import { DOMAINS, FIRST_NAMES, LAST_NAMES } from './values.ts';

function card(random: Random): string {
  const [prefix, length] = random.pick([
    ['4539', 16],
    ['5425', 16],
    ['3782', 15],
  ] as const);
  const body = `${prefix}${random.text(DIGITS, length - prefix.length - 1)}`;
  return `${body}${[...DIGITS].find((digit) => isLuhn(`${body}${digit}`)) ?? '0'}`;
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the number with the country behind it and the letters as two digits is 1 modulo 97. */
function iban(random: Random): string {
  const account = random.text(DIGITS, 18);
  const remainder = BigInt(`${account}131400`) % 97n;
  return `DE${String(98n - remainder).padStart(2, '0')}${account}`;
}

function email(random: Random): string {
  const plain = (name: string) =>
    name
      .normalize('NFD')
      .replaceAll(/[^A-Za-z]/g, '')
      .toLowerCase();
  const name = `${plain(random.pick(FIRST_NAMES))}.${plain(random.pick(LAST_NAMES))}${random.int(100)}`;
  return `${name}@${random.pick(DOMAINS)}`;
}

const PERSON = [
  'could not notify {} about order 88213',
  "WHERE email = '{}' AND region = 'eu'",
  'login of {} failed',
];

export const PERSONAL: readonly CanaryClass[] = [
  { id: 'email', kind: 'personal', make: (random) => whole(email(random)), carriers: PERSON },
  {
    id: 'phone',
    kind: 'personal',
    make: (random) => whole(`+49 151 ${random.text(DIGITS, 4)} ${random.text(DIGITS, 4)}`),
    carriers: ['called {} twice', "SET phone = '{}' WHERE id = 7", 'sms to {} not delivered'],
  },
  {
    id: 'phone-us',
    kind: 'personal',
    make: (random) => whole(`(${random.between(201, 989)}) 555-${random.text(DIGITS, 4)}`),
    carriers: ['phone: {} unreachable', "SET phone = '{}' WHERE id = 7"],
  },
  {
    id: 'ipv4',
    kind: 'personal',
    make: (random) =>
      whole([random.between(81, 99), ...[256, 256, 254].map((limit) => 1 + random.int(limit - 1))].join('.')),
    carriers: ['connection from {} refused', 'client_ip={} status=499', 'no pg_hba.conf entry for host "{}"'],
  },
  {
    id: 'ipv6',
    kind: 'personal',
    make: (random) => whole(`2a02:${Array.from({ length: 7 }, () => random.text(HEX, 4)).join(':')}`),
    carriers: ['connection from {} refused', 'client_ip={} status=499'],
  },
  {
    id: 'card',
    kind: 'personal',
    make: (random) => whole(card(random)),
    carriers: [
      'card {} declined by the issuer',
      "INSERT INTO payments (card) VALUES ('{}')",
      'charge took {} off',
    ],
  },
  {
    id: 'card-grouped',
    kind: 'personal',
    make: (random) => whole(card(random).replaceAll(/(\d{4})(?=\d)/g, '$1 ')),
    carriers: ['card {} declined by the issuer', "INSERT INTO payments (card) VALUES ('{}')"],
  },
  {
    id: 'iban',
    kind: 'personal',
    make: (random) => whole(iban(random)),
    carriers: ['transfer to {} rejected', "UPDATE payouts SET iban = '{}'", 'IBAN {} is blocked'],
  },
  {
    id: 'us-ssn',
    kind: 'personal',
    make: (random) =>
      whole([random.between(100, 665), random.between(10, 99), random.between(1_000, 9_999)].join('-')),
    carriers: ['SSN {} not verified', "WHERE ssn = '{}'", 'applicant {} rejected'],
  },
  {
    id: 'home-directory',
    kind: 'personal',
    make: (random) => around('/home/', email(random).split('@')[0] ?? '', '/src/app/main.go:88'),
    carriers: ['panic at {} in run', 'could not open {}'],
  },
  {
    id: 'person-in-trailer',
    kind: 'personal',
    make: (random) => around('Signed-off-by: ', `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`),
    carriers: ['Raise the limit\n\n{}'],
  },
];
