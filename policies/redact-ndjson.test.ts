import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors/index.ts';
import { makeScanner } from './redact.ts';
import { type AnswerLine, type InputLine, redactLines } from './redact-ndjson.ts';

const scanner = makeScanner(DETECTORS, 'text');

type Input = string | Buffer | { readonly cut: string };

async function answersTo(lines: readonly Input[]): Promise<AnswerLine[]> {
  const answers: AnswerLine[] = [];
  async function* source(): AsyncGenerator<InputLine> {
    for (const line of lines) {
      const isCut = typeof line === 'object' && 'cut' in line;
      const text = isCut ? line.cut : line;
      yield { bytes: Buffer.isBuffer(text) ? text : Buffer.from(text), isCut };
    }
  }
  for await (const answer of redactLines(source(), scanner)) answers.push(answer);
  return answers;
}

async function run(lines: readonly Input[]): Promise<unknown[]> {
  return (await answersTo(lines)).map(({ json }) => JSON.parse(json));
}

describe('redactLines', () => {
  it('answers each line in order, with its id', async () => {
    const lines = [
      { id: 'b', text: 'mail jane.canary@example.com' },
      { id: 7, text: 'pod checkout restarted' },
      { text: 'password=canary-secret' },
    ];
    expect(await run(lines.map((line) => JSON.stringify(line)))).toEqual([
      { id: 'b', text: 'mail [REDACTED:email]', findings: [{ detector: 'email', start: 5, end: 28 }] },
      { id: 7, text: 'pod checkout restarted', findings: [] },
      {
        id: null,
        text: 'password=[REDACTED:key-value-secret]',
        findings: [{ detector: 'key-value-secret', start: 9, end: 22 }],
      },
    ]);
  });

  it('answers bad lines without repeating them, and goes on', async () => {
    const bad = [
      'password=canary',
      '"canary"',
      'null',
      '{"id":{"canary":1},"text":"x"}',
      '{"id":"x","text":["canary"]}',
      '[]',
    ];
    const results = await run([...bad, '', '{"id":1,"text":"fine"}']);
    expect(JSON.stringify(results)).not.toContain('canary');
    expect(results).toMatchObject([
      { id: null, error: expect.any(String) },
      { id: null, error: expect.any(String) },
      { id: null, error: expect.any(String) },
      { id: null, text: 'x' },
      { id: 'x', error: expect.any(String) },
      { id: null, error: expect.any(String) },
      { id: 1, text: 'fine', findings: [] },
    ]);
  });

  it.each([
    ['not JSON', 'canary', 'not JSON'],
    ['two objects', '{"id":"x","text":"canary"}{"id":"y","text":"canary"}', 'not JSON'],
    ['a raw zero byte', '{"id":"x","text":"canary\u0000"}', 'not JSON'],
    ['a list', '["canary"]', 'no text'],
    ['a number', '7', 'no text'],
    ['no text', '{"id":"x","__proto__":{"text":"canary"}}', 'no text'],
    ['nothing as text', '{"id":"x","text":null}', 'no text'],
    ['a number as text', '{"id":"x","text":5}', 'no text'],
    ['an object as text', '{"id":"x","text":{"toString":"canary"}}', 'no text'],
    ['what is nested deeply', `{"id":"x","text":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'no text'],
    ['what is nested deeply, and open', '['.repeat(100_000), 'not JSON'],
    ['an id that is rounded', '{"id":9007199254740993,"text":"canary"}', 'an id that is too large'],
    ['an id without an end', '{"id":1e999,"text":"canary"}', 'an id that is too large'],
    ['a byte that is no UTF-8', Buffer.from('{"id":"x","text":"canary\xff"}', 'latin1'), 'not UTF-8'],
    ['half a character', Buffer.from('{"id":"x","text":"canary\xed\xa0\x80"}', 'latin1'), 'not UTF-8'],
    ['UTF-16', Buffer.from('{"id":"x","text":"canary\u{fa05}"}', 'utf16le'), 'not UTF-8'],
    ['a line that is cut', { cut: '{"id":"x","text":"canary"}' }, 'too long'],
  ])('answers %s with an error that names the line', async (_case, line, error) => {
    const answers = await answersTo(['{"id":1,"text":"one"}', '', line, '{"id":4,"text":"four"}']);
    expect(answers.map(({ isGood }) => isGood)).toEqual([true, false, true]);
    expect(JSON.stringify(answers)).not.toContain('canary');
    expect(answers.map(({ json }) => JSON.parse(json) as unknown)).toMatchObject([
      { id: 1, text: 'one' },
      { line: 3, error: expect.stringContaining(error) },
      { id: 4, text: 'four' },
    ]);
  });

  it('takes what JSON allows', async () => {
    const lines = [
      '\ufeff{"id":"first","text":"a"}',
      '\t{ "id" : 1.5 , "text" : "a\\u0000b" } ',
      '{"id":"constructor","text":"\\ud800 alone"}',
      '{"id":"__proto__","text":"","constructor":1,"__proto__":{"id":"none"}}',
      '{"id":true,"text":"b"}',
    ];
    expect(await run(lines)).toEqual([
      { id: 'first', text: 'a', findings: [] },
      { id: 1.5, text: 'a\u0000b', findings: [] },
      { id: 'constructor', text: '\ud800 alone', findings: [] },
      { id: '__proto__', text: '', findings: [] },
      { id: null, text: 'b', findings: [] },
    ]);
  });
});
