import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../connectors/sdk/index.ts';
import { EvidenceError } from '../evidence/errors.ts';
import { PolicyProblems } from '../policies/load.ts';
import { AgentError, formatError, reportError } from './errors.ts';

const PROBLEM = {
  file: 'a.yaml',
  line: 3,
  column: 5,
  path: 'api.lisen',
  message: 'is not a known key',
  hint: 'did you mean "listen"?',
};

describe('reportError', () => {
  it.each([
    [
      new AgentError('CONFIG', 'the file is bad', { hint: 'Mend it.' }),
      { code: 'CONFIG', message: 'the file is bad', hint: 'Mend it.' },
    ],
    [new ConnectorError('AUTH', 'refused'), { code: 'AUTH', message: 'refused' }],
    [new EvidenceError('CHAIN', 'broken'), { code: 'CHAIN', message: 'broken' }],
    [
      new PolicyProblems([PROBLEM]),
      { code: 'POLICY', message: 'the policy has 1 problem', problems: [PROBLEM] },
    ],
  ])('tells our own errors as they are: %s', (error, report) => {
    expect(reportError(error)).toEqual(report);
  });

  it('tells errors of the operating system by their meaning and path', () => {
    const error = Object.assign(new Error('ENOSPC: no space, write canary-71'), {
      code: 'ENOSPC',
      path: '/srv/x',
    });
    expect(reportError(error)).toEqual({ code: 'ENOSPC', message: '/srv/x: no space left on the device' });
  });

  it.each([
    [new TypeError('canary-72')],
    ['canary-73'],
    [{ message: 'canary-74' }],
    [undefined],
    [new Error('canary-75', { cause: 'canary-76' })],
  ])('tells of anything else only that it happened', (error) => {
    const report = reportError(error);
    expect(report.code).toBe('INTERNAL');
    expect(JSON.stringify(report)).not.toContain('canary');
  });
});

describe('formatError', () => {
  it('says what, where and what to do, and shows no stack', () => {
    const error = new AgentError('CONFIG', 'a.yaml has a problem', {
      problems: [PROBLEM],
      hint: 'See the docs.',
    });
    expect(formatError(error, false)).toBe(
      'error: a.yaml has a problem\n  a.yaml:3:5 api.lisen: is not a known key (did you mean "listen"?)\nhint: See the docs.\n',
    );
  });

  it('shows the stack when asked for', () => {
    expect(formatError(new Error('x'), true)).toContain('errors.test.ts');
    expect(formatError(new Error('x'), false)).not.toContain('errors.test.ts');
  });
});
