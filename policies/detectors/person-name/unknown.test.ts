import { describe, expect, it } from 'vitest';
import { makeScanner } from '../../redact.ts';
import { detector } from './detector.ts';
import { isPersonBehind } from './unknown.ts';

const scanner = makeScanner([detector], 'text');

const CUES = [
  'Kind regards,\n#\n',
  'Thanks,\n#',
  'Ticket assigned to #; due Friday.',
  'Customer: #\nOrder: 1',
  'Subscriber: #',
  'card rejected for customer #',
  'Emergency contact: # (24x7)',
  'Auftraggeber: #\nBetrag: 1',
  'Kunde: #',
  'Reservation for #, 2 of them.',
  'INFO Created user #',
  'user="#" ip=x',
  'Please contact # at the desk.',
  'Transfer of 10 EUR from # booked.',
  'Payment to # failed',
  'Requested by #, done',
  'Recipient: #',
  '| Name | Phone |\n|---|---|\n| # | 1 |',
  'name,dob,ssn\n#,x,y',
  'Array ( [phone] => 1 [name] => # [x] => 1 )',
];
const PERSONS = ['Zelkovan Tarvisch', 'Ysoldine De Marrakint', 'Quenbæk Vrolikåsen', "Tevfi O'Sarduri"];
const OTHERS = [
  'Platform Engineering',
  'Night Watch',
  'Customer Success Manager',
  'Release Engineering',
  'Capacity Pool',
  'GitHub Actions',
  'Terraform Cloud',
  'Rook Ceph',
  'Fluent Bit',
  'Cert Manager',
  'Contoso Retail',
  'Stadtwerke Nord',
  'Acme Hosting GmbH',
  'Betrieb Netzwerk',
  'Equipo Infraestructura',
  'Équipe Plateforme',
  'Trust And Safety',
  'On Call',
];

describe.each(CUES)('behind %j', (cue) => {
  it.each(PERSONS)('%s is a person', (name) => {
    expect(scanner.scan(cue.replace('#', name)).text).toBe(cue.replace('#', '[REDACTED:person-name]'));
  });

  it.each(OTHERS)('%s is none', (name) => {
    const text = cue.replace('#', name);
    expect(scanner.scan(text).text).toBe(text);
  });
});

describe('what stands behind a cue', () => {
  it('is a person by one word that is no word, where mostly persons stand', () => {
    expect(isPersonBehind('persons', 'Zelkovan Hunter')).toBe(true);
    expect(isPersonBehind('persons', 'Silver Hunter')).toBe(false);
  });

  it('is a person by all of them, where anything stands', () => {
    expect(isPersonBehind('anything', 'Zelkovan Hunter')).toBe(false);
    expect(isPersonBehind('anything', 'Zelkovan Tarvisch')).toBe(true);
  });

  it('is a person by its letters as well, where things stand', () => {
    expect(isPersonBehind('foreign', 'Zelkovan Tarvisch')).toBe(false);
    expect(isPersonBehind('foreign', 'Zelkovan Tårvisch')).toBe(true);
  });

  it('is none where one word names a thing, in the plural or as a part as well', () => {
    expect(isPersonBehind('persons', 'Zelkovan Kubernetes')).toBe(false);
    expect(isPersonBehind('persons', 'Zelkovan Follow-Service')).toBe(false);
    expect(isPersonBehind('persons', 'Zelkovan Abrechnungsdienst')).toBe(false);
  });

  it('is none where particles leave one word', () => {
    expect(isPersonBehind('persons', 'De Zelkovan')).toBe(false);
  });
});
