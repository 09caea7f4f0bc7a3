import { describe, expect, it } from 'vitest';
import { MAX_DOCUMENT_BYTES, MAX_ITEM_BYTES } from './limits.ts';
import { openBundle } from './open.ts';
import { readAll } from './testing/random-bundle.ts';
import { expectRefused, SAMPLE_FORMS } from './testing/sample-forms.ts';

describe('the NDJSON form', () => {
  const lines = SAMPLE_FORMS.ndjson.toString().split('\n').slice(0, -1);

  async function refusesLines(changed: readonly string[], reason: string, where: RegExp, end = '\n') {
    await expectRefused(Buffer.from(changed.join('\n') + end), reason, where);
  }

  it('has one line for the schema, each document, each entry and each item', () => {
    expect(lines.length).toBe(1 + 9 + 3 + 3);
    expect(lines.map((line) => /^\{"([a-z]+)"/.exec(line)?.[1]).slice(0, 10)).toEqual([
      'schema',
      'manifest',
      'attestation',
      'proofs',
      'material',
      'incident',
      'summary',
      'timeline',
      'candidates',
      'ledger',
    ]);
  });

  it('refuses a document that is missing, doubled, unknown or in another place', async () => {
    await refusesLines(lines.toSpliced(3, 1), 'SHAPE', /^proofs$/);
    await refusesLines(lines.toSpliced(3, 0, lines[2] ?? ''), 'SHAPE', /^proofs$/);
    await refusesLines(lines.toSpliced(3, 0, '{"more":{}}'), 'SHAPE', /^proofs$/);
    await refusesLines(lines.toSpliced(10, 0, '{"more":{}}'), 'SHAPE', /^contents\[0\]$/);
    await refusesLines(lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? ''), 'SHAPE', /^manifest$/);
  });

  it('refuses documents that are not in canonical form', async () => {
    const spaced = lines.map((line) => line.replace('"changes":1', '"changes": 1'));
    await refusesLines(spaced, 'NOT_CANONICAL', /^summary$/);
    const doubled = lines.map((line) => line.replace('{"timeline":[{', '{"timeline":[{"at":1,'));
    await refusesLines(doubled, 'NOT_CANONICAL', /^timeline$/);
  });

  it.each([
    ['a document', 5, /^incident$/],
    ['an item', 14, /^lists, line 5$/],
  ])('refuses %s with a byte that is no text', async (_, index, where) => {
    const marked = lines.map((line, at) => (at === index ? line.replace('":"', '":"@@') : line));
    const bytes = Buffer.from(`${marked.join('\n')}\n`);
    bytes[bytes.indexOf('@@')] = 0xff;
    await expectRefused(bytes, 'NOT_UTF8', where);
  });

  it('refuses lists that are mixed', async () => {
    const [entry = '', item = ''] = [lines[10], lines[15]];
    await refusesLines([...lines, entry], 'SHAPE', /^items\[3\]$/);
    await refusesLines(lines.toSpliced(11, 0, item), 'SHAPE', /^items\[1\]$/);
  });

  it('refuses empty lines, other line ends, and a last line without an end', async () => {
    await refusesLines(lines.toSpliced(12, 0, ''), 'SHAPE', /line 3$/);
    await refusesLines(lines, 'SHAPE', /line 7$/, '\n\n');
    await refusesLines(lines, 'TRUNCATED', /^lists$/, '');
    await expectRefused(Buffer.from(lines.join('\r\n')), 'SHAPE', /^file$/);
    const late = lines.map((line, index) => (index === 14 ? `${line}\r` : line));
    await refusesLines(late, 'SHAPE', /^items\[1\]$/);
  });

  it('refuses a line that is too long without holding it', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${lines.join('\n')}\n{"item":{"a":"`);
      for (let chunk = 0; chunk <= MAX_ITEM_BYTES / 65_536; chunk += 1) yield Buffer.alloc(65_536, 0x61);
      throw new Error('was read on and on');
    }
    await expect(readAll(await openBundle(endless()))).rejects.toMatchObject({ reason: 'TOO_LARGE' });
    async function* document(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${lines[0]}\n{"manifest":{"a":"`);
      for (let chunk = 0; chunk <= MAX_DOCUMENT_BYTES / 2 ** 20; chunk += 1)
        yield Buffer.alloc(2 ** 20, 0x61);
      throw new Error('was read on and on');
    }
    await expect(openBundle(document())).rejects.toMatchObject({ reason: 'TOO_LARGE', where: 'manifest' });
  });
});
