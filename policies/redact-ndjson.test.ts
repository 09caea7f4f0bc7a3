import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors/index.ts';
import { makeScanner } from './redact.ts';
import { redactLines } from './redact-ndjson.ts';

const scanner = makeScanner(DETECTORS, 'text');

async function run(lines: string[]): Promise<unknown[]> {
  const results: unknown[] = [];
  async function* source(): AsyncGenerator<string> {
    yield* lines;
  }
  for await (const line of redactLines(source(), scanner)) results.push(JSON.parse(line));
  return results;
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
});
