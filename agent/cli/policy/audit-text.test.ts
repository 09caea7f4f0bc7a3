import { describe, expect, it } from 'vitest';
import { detailLines, signedBy } from './audit-text.ts';

describe('what an entry of the audit trail says beside who, when and what', () => {
  it('is what opened and closed, who signed and why, and who says to have edited', () => {
    const opened = ['code: github/commits body.message', 'b', 'c', 'd', 'e', 'f'];
    const claimed = [{ layer: 'acme@4', by: 'ann', reason: 'titles for incidents', ticket: 'GOV-12' }];
    const signers = [`sha256:${'a'.repeat(64)}`];
    const detail = { version: 'acme@4', opened, closed: ['g'], risk: 'high', signers, claimed };
    expect(detailLines({ ...detail, reason: 'ticket OPS-17' })).toEqual([
      'version  acme@4',
      'opens    code: github/commits body.message, b, c, d and 2 more (risk high)',
      'closes   g',
      'signed   by aaaaaaaaaaaa',
      'reason   ticket OPS-17',
      'claimed  by ann: titles for incidents (GOV-12, acme@4; said in the file, not proven)',
    ]);
  });

  it('is why something was refused, with the places', () => {
    const problems = ['/etc/acme.yaml:11:5 this key is there twice'];
    expect(detailLines({ code: 'PROBLEMS', message: 'the policy has a problem', problems })).toEqual([
      'refused  the policy has a problem',
      'problem  /etc/acme.yaml:11:5 this key is there twice',
    ]);
  });

  it('is nothing where nothing is said, or what this does not know', () => {
    expect(detailLines({})).toEqual([]);
    expect(detailLines({ claimed: ['ann'], problems: [7], signers: null, opened: [] })).toEqual([]);
    expect(signedBy([])).toBe('');
  });
});
