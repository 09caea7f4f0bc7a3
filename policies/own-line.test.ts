import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors/index.ts';
import { isOwnLine, isSetting } from './own-line.ts';
import { makeScanner } from './redact.ts';

function isOwn(first: string, next: string): boolean {
  return isOwnLine(`${first}\n${next}`, first.length, first.length + 1);
}

describe('isOwnLine', () => {
  it.each([
    ['a variable', 'DB_PASSWORD=fern', 'DB_HOST=db1'],
    ['a variable of a shell', 'DB_PASSWORD=fern', 'export TZ=UTC'],
    ['one without a value', 'DB_PASSWORD=', 'API_TOKEN=\nX'],
    ['a property', 'sasl.mechanism=PLAIN', 'cluster.id=3YAk'],
    ['an argument in blanks', 'PrivateKey =', 'ListenPort = 51820'],
    ['a field of YAML', 'password:', 'sslMode: require'],
    ['an item', 'token', '- name: x'],
    ['an option', '--token', '--output json'],
    ['the prompt of a shell', 'token: fern', 'root@web-1:~# ls'],
    ['the next commit', '433d276 drop api key', '9f48319 feat: meter'],
    ['a row', 'Host\tPassword\tNote', 'web1\troot\tsee'],
  ])('takes %s for one', (_, first, next) => {
    expect(isOwn(first, next)).toBe(true);
  });

  it.each([
    ['the rest of a token', 'token=ghp_x9Qv', '3kPz0aWm'],
    ['the rest with padding', 'auth: Basic YnJvd3', 'Nlcjo='],
    ['a string that is not closed', 'password = "Prince', 'rocket=78"'],
    ['the end of a string', 'DBPassword="WHATm', 'rj501="'],
    ['a hash behind a word', 'drop api key', '9f48319 feat: meter'],
    ['one tab', 'Host\tPassword', 'web1\troot'],
  ])('leaves %s', (_, first, next) => {
    expect(isOwn(first, next)).toBe(false);
  });

  it('needs a name that words are in', () => {
    expect(isSetting('sslMode: require')).toBe(true);
    expect(isSetting('kEI3PgFB: require')).toBe(false);
    expect(isSetting('kEI3PgFB=require')).toBe(false);
  });
});

describe('a scanner', () => {
  const scanner = makeScanner(DETECTORS, 'text');

  it('leaves the line behind a setting', () => {
    const rest = '\nBUILD_TAG=jenkins-app-9\nGIT_COMMIT=fa6f58cc10a2bbd0f8b5f5496684fb7efd25f920';
    expect(scanner.scan(`DB_PASSWORD=${rest}`).text).toBe(`DB_PASSWORD=${rest}`);
    expect(scanner.scan(`DB_PASSWORD=${['Kettle', '77birch'].join('')}${rest}`).text).toBe(
      `DB_PASSWORD=[REDACTED:key-value-secret]${rest}`,
    );
  });
});
