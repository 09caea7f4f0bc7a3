import { DIGITS, HEX, LOWER, type Random } from './random.ts';

/** Names, numbers and times as they stand in the records of a mid-sized shop. */

export const SERVICES = [
  'checkout',
  'payments',
  'catalog',
  'search',
  'billing',
  'inventory',
  'gateway',
  'mailer',
];
export const NAMESPACES = ['shop', 'shop-staging', 'platform', 'monitoring', 'batch'];
export const DATABASES = ['orders', 'catalog', 'billing', 'analytics'];
export const RELATIONS = [
  'orders',
  'order_lines',
  'invoices',
  'customers',
  'payments',
  'shipments',
  'audit_log',
];
export const COLUMNS = [
  'status',
  'customer_id',
  'updated_at',
  'total_cents',
  'region',
  'sku',
  'quantity',
  'note',
];
export const REGISTRIES = [
  'registry.acme.io',
  'ghcr.io/acme',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
];
export const LOGINS = ['jane-ops', 'lena-dev', 'octocat', 'mkowalski', 'a-tanaka', 'release-bot', 'renovate'];
export const FIRST_NAMES = [
  'Jane',
  'Lena',
  'Marek',
  'Aiko',
  'Tomás',
  'Priya',
  'Olu',
  'Sven',
  'Fatima',
  'Chen',
];
export const LAST_NAMES = [
  'Kowalski',
  'Tanaka',
  'García',
  'Okafor',
  'Lindqvist',
  'Haddad',
  'Novak',
  'Moreau',
];
export const DOMAINS = [
  'example.org',
  'example.com',
  'mail.example.net',
  'acme.example',
  'shop.example.co.uk',
];

const START = Date.parse('2026-11-21T00:00:00.000Z');

export function time(random: Random): string {
  return new Date(START + random.int(86_400_000)).toISOString();
}

export function sha(random: Random): string {
  return random.text(HEX, 40);
}

export function uid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => random.text(HEX, length)).join('-');
}

/** The letters that Kubernetes makes suffixes of. */
const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

export function pod(random: Random): string {
  return `${random.pick(SERVICES)}-${random.text(SUFFIX, 10)}-${random.text(SUFFIX, 5)}`;
}

export function version(random: Random): string {
  return `${random.int(6)}.${random.int(30)}.${random.int(12)}`;
}

export function image(random: Random): string {
  const name = `${random.pick(REGISTRIES)}/${random.pick(NAMESPACES)}/${random.pick(SERVICES)}`;
  return random.chance(0.2) ? `${name}@sha256:${random.text(HEX, 64)}` : `${name}:${version(random)}`;
}

/** A query id of pg_stat_statements: 64 bits with a sign, as text. */
export function queryId(random: Random): string {
  return `${random.chance(0.5) ? '-' : ''}${random.between(1, 9)}${random.text(DIGITS, 17)}`;
}

export function node(random: Random): string {
  return `ip-10-${random.int(256)}-${random.int(256)}-${random.int(256)}.eu-west-1.compute.internal`;
}

export function word(random: Random): string {
  return random.text(LOWER, random.between(3, 9));
}

export function milliseconds(random: Random, most: number): number {
  return random.int(most * 1_000) / 1_000;
}
