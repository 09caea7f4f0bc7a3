import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors/index.ts';
import { makeScanner } from './redact.ts';
import { unwrap } from './unwrap.ts';

const scanner = makeScanner(DETECTORS, 'text');

describe('unwrap', () => {
  it.each([
    ['an address in the middle of a number', '203.0.1\n  13.38', '203.0.113.38'],
    ['an address behind a dot', '203.0.\n  113.38', '203.0.113.38'],
    ['an address before a dot', '203.0\n.113.38', '203.0.113.38'],
    ['groups behind a colon', '2001:db8:39:1:\n8507:2603:837:9740', '2001:db8:39:1:8507:2603:837:9740'],
    ['groups before a colon', '2001:db8:39:1\n:8507:2603:837:9740', '2001:db8:39:1:8507:2603:837:9740'],
    ['a number before its dash', '219-09\n-9999', '219-09-9999'],
    ['a number behind its dash', '219-09-\r\n9999', '219-09-9999'],
    ['a number behind a blank', '4111 1111 \n  1111 1111', '4111 1111 1111 1111'],
    ['the host of a mailbox', 'nora@po\n  st.example.net', 'nora@post.example.net'],
    ['the host behind its sign', 'nora@\npost.example.net', 'nora@post.example.net'],
    ['the end of a host', 'nora@example.\norg', 'nora@example.org'],
    ['a password in a URL', 'amqp://mailer:Jqou\n  Zhu!98@db', 'amqp://mailer:JqouZhu!98@db'],
  ])('joins %s', (_, wrapped, joined) => {
    expect(unwrap(wrapped)?.text).toBe(joined);
  });

  it.each([
    ['a field behind a mailbox', 'mailto:nora@post.example.net\nSUMMARY:Sync'],
    ['an attribute behind a mailbox', 'mail: nora@post.example.net\ntelephoneNumber: 1'],
    ['the item of a list', 'Upgrade to 1.29.3.\n2. Restart'],
    ['a sentence that starts with a number', 'see 2.7.\n30 pods'],
    ['a time', 'at 10:15:\n30:12 started'],
    ['the date of a log line', 'status=200\n2026-11-21T00:00:01Z start'],
    ['a date behind a blank', 'took 200 \n2026/11/21 start'],
    ['the word behind an address', 'mail nora@example.org\nabout it'],
    ['a word behind a sentence', 'mail nora@post.example.org.\nthen'],
    ['a port', 'open http://shop:8080\nthen mail'],
    ['a list', 'total 12\n- 34'],
  ])('leaves %s', (_, text) => {
    expect(unwrap(text)).toBeUndefined();
  });

  it('leaves out nothing but breaks and indents', () => {
    const sign = fc.constantFrom('@', '.', ':', '\n', '\n  ', '1', 'a', 'ab.c', '-', ' ');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 40 }), (signs) => {
        const text = signs.join('');
        const reading = unwrap(text);
        if (reading === undefined) return;
        expect(reading.text.replaceAll(/[\n ]/g, '')).toBe(text.replaceAll(/[\n ]/g, ''));
      }),
    );
  });
});

describe('a scanner', () => {
  it.each([
    ['ip-address', ['client_ip=203.0', '.1', '\n  13.38']],
    ['us-ssn', ['applicant 219', '-09', '\n  -9999']],
    ['payment-card', ['card 4111', ' 1111 ', '\n  1111 1111']],
    ['email', ['login of nora.berg7', '@po', '\n  st.example.net']],
  ])('finds %s over two lines', (id, pieces) => {
    const { text, findings } = scanner.scan(`${pieces.join('')} failed`);
    expect(findings.map(({ detector }) => detector)).toEqual([id]);
    expect(text).toMatch(/\[REDACTED:[a-z-]+\] failed$/);
  });
});
