import { describe, expect, it } from 'vitest';
import { type Document, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest, readYaml } from './yaml.ts';
import { placesIn } from './yaml-places.ts';

function problemsOf(text: string): string[] {
  return readYaml(text, 'acme.yaml').problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

describe('readYaml', () => {
  it('reads plain data', () => {
    const { data, problems } = readYaml('\ufeff# ⚠️ ok\na: [1, 0.5, x]\r\nb: {c: null}\n', 'acme.yaml');
    expect(problems).toEqual([]);
    expect(data).toEqual({ a: [1, 0.5, 'x'], b: { c: null } });
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', '3:1 this key is there twice'],
    ['a key twice in a flow', 'x: {a: 1, "a": 2}\n', '1:11 this key is there twice'],
    ['a number and a text that are one property', '1: a\n"1": b\n', '2:1 this key is there twice'],
    ['nothing and an empty text', '? \n"": b\n', '2:1 this key is there twice'],
    ['a list as key', '? [a, b]\n: 1\n', '1:3 is no key: a key is one word'],
    ['another version', '%YAML 1.1\n---\na: yes\n', '1:1 YAML directives are not allowed'],
    ['a tag directive', '# x\n%TAG !e! tag:example.com,2000:\n---\na: 1\n', '2:1 YAML directives are not'],
    ['an unknown directive', '%FOO bar\n---\na: 1\n', '1:1 YAML directives are not allowed'],
    ['two documents', 'a: 1\n---\nb: 2\n', '1:1 holds more than one YAML document'],
    ['no number', 'a: .nan\n', '1:4 is too large for a number'],
    ['no end', 'a: -.inf\n', '1:4 is too large for a number'],
    ['a number beyond all', 'a: 1e999\n', '1:4 is too large for a number'],
    ['a rounded number', 'a: 9007199254740993\n', '1:4 is too large for a number'],
    ['a rounded key', '9007199254740993: a\n', '1:1 is too large for a number'],
    ['nothing', '# only a remark\n', '1:1 is empty'],
  ])('refuses %s', (_case, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('says of a file in another encoding that it is, and not where each byte of it is', () => {
    for (const mark of [
      [0xff, 0xfe],
      [0xfe, 0xff],
    ]) {
      const bytes = Buffer.concat([Buffer.from(mark), Buffer.from('kind: Policy\n', 'utf16le')]);
      expect(readYaml(bytes.toString('utf8'), 'acme.yaml').problems).toMatchObject([
        { line: 1, message: expect.stringContaining('UTF-16'), hint: 'save it as UTF-8' },
      ]);
    }
  });

  it.each([
    ['{ a: 1', 'a bracket, brace, quote, comma or colon is missing'],
    ['a:\n\tb: 1\n', 'indented with a tab'],
    ['a: b: c\n', 'a text with a colon that needs quotes'],
    ['a: %b\n', 'needs quotes'],
  ])('says in words why a text is no YAML', (text, words) => {
    expect(problemsOf(text)[0]).toContain(words);
  });

  it('tells all characters that can not be seen, and how many there are when they are too many', () => {
    const places = (text: string) =>
      readYaml(text, 'acme.yaml').problems.map(({ line, column, message }) => [line, column, message]);
    const message = 'holds a character that can not be seen';
    expect(places('a\u200b: 1\r\n# \u202e x \u2066\n\nb: \u00ad\n')).toEqual([
      [1, 2, message],
      [2, 3, message],
      [2, 7, message],
      [4, 4, message],
    ]);
    const many = places('\u200b\n'.repeat(250));
    expect(many).toHaveLength(101);
    expect(many.at(-1)).toEqual([100, 1, 'is where the first 100 of 250 problems end']);
  });

  it.each([
    ['a line end that only some editors show', 'a: 1\n# x\rb: 2\n', 2, 4, 'U+000D'],
    ['a next-line mark', '# x\u0085b: 2\n', 1, 4, 'U+0085'],
    ['a line separator', 'a: 1\nb: x\u2028c: 2\n', 2, 5, 'U+2028'],
    ['a zero-width joiner', 'allow\u200d: 1\n', 1, 6, 'U+200D'],
    ['a soft hyphen', 'al\u00adlow: 1\n', 1, 3, 'U+00AD'],
    ['a second mark of byte order', '\ufeffa: \ufeffb\n', 1, 5, 'U+FEFF'],
    ['a tag character', 'a: b\u{e0041}\n', 1, 5, 'U+E0041'],
    ['a filler', 'a: \u3164\n', 1, 4, 'U+3164'],
    ['half a character', 'a: \ud800\n', 1, 4, 'U+D800'],
  ])('refuses %s', (_case, text, line, column, name) => {
    expect(readYaml(text, 'acme.yaml').problems).toEqual([
      {
        file: 'acme.yaml',
        line,
        column,
        path: '',
        message: 'holds a character that can not be seen',
        hint: expect.stringContaining(name),
      },
    ]);
  });

  it('refuses bytes that are not UTF-8', () => {
    const text = Buffer.from([0x61, 0x3a, 0x20, 0xff]).toString('utf8');
    expect(problemsOf(text)).toEqual(['1:4 holds bytes that are not UTF-8']);
  });

  it.each([
    ['lists', '['.repeat(70)],
    ['closed lists', `${'['.repeat(70)}${']'.repeat(70)}`],
    ['lists of lists', '- '.repeat(70)],
    ['mappings', `${'{a: '.repeat(70)}1${'}'.repeat(70)}`],
    ['keys', '? '.repeat(70)],
    ['a long way down', '['.repeat(100_000)],
  ])('refuses what is nested too deeply: %s', (_case, text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/ is nested too deeply$/)]);
  });

  it('reads what is nested as deeply as people write', () => {
    expect(problemsOf(`${'['.repeat(60)}${']'.repeat(60)}`)).toEqual([]);
  });

  it.each([
    ['keys', Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join('')],
    ['documents', '---\n'.repeat(100_000)],
    ['remarks', '#\n'.repeat(100_000)],
    ['wrong escapes', `a: "${'\\q'.repeat(200_000)}"\n`],
    ['signs', ']'.repeat(200_000)],
  ])('refuses more %s than people write, before it keeps any', (_case, text) => {
    expect(problemsOf(text)).toEqual(['1:1 has too many parts: divide it']);
  });

  it('tells the first hundred problems, and how many there are', () => {
    const problems = problemsOf(`a: 1\n${'a: 1\n'.repeat(5_000)}`);
    expect(problems).toHaveLength(101);
    expect(problems[0]).toBe('2:1 this key is there twice');
    expect(problems.at(-1)).toBe('101:1 is where the first 100 of 5000 problems end');
  });

  it('keeps the names of prototypes as plain properties', () => {
    const { data } = readYaml('__proto__: {polluted: 1}\nconstructor: 2\n', 'acme.yaml');
    expect(Object.entries(data as object)).toEqual([
      ['__proto__', { polluted: 1 }],
      ['constructor', 2],
    ]);
    expect('polluted' in {}).toBe(false);
  });
});

describe('problems of a schema', () => {
  const schema = z.strictObject({
    a: z.array(z.strictObject({ b: z.number() })),
    n: z.record(z.string(), z.number()),
  });

  function located(text: string): string[] {
    const file = readYaml(text, 'acme.yaml');
    const { error } = schema.safeParse(file.data);
    return error === undefined
      ? []
      : file.locate(error).map(({ line, column, path }) => `${line}:${column} ${path}`);
  }

  it('stand where they are caused', () => {
    expect(located('a:\n  - b: 1\n  - b: x\n    c: 2\nn:\n  7: y\n')).toEqual([
      '3:5 a[1].b',
      '4:5 a[1].c',
      '6:3 n.7',
    ]);
  });

  it('stand at the nearest thing that is there when something is missing', () => {
    expect(located('a:\n  - {}\n')).toEqual(['2:5 a[0].b', '1:1 n']);
  });

  it('are told up to a hundred', () => {
    const keys = Array.from({ length: 300 }, (_, index) => `  k${index}: x\n`).join('');
    const all = located(`a: []\nn:\n${keys}`);
    expect(all.slice(99)).toEqual(['102:3 n.k99', '102:3 ']);
  });
});

describe('placesIn', () => {
  it('reads the keys of a map once, however often it is asked', () => {
    const document = parseDocument('a: 1\nb: 2\nc: 3\n') as Document;
    const map = document.contents as unknown as { items: unknown[] };
    const { items } = map;
    let reads = 0;
    Object.defineProperty(map, 'items', {
      get() {
        reads += 1;
        return items;
      },
    });
    const places = placesIn(document);
    expect([['a'], ['c'], ['none'], [], ['b', 'none']].map(places)).toEqual([0, 10, 0, 0, 5]);
    expect(reads).toBe(1);
  });
});

describe('nearest', () => {
  it('finds a slip', () => {
    expect(nearest('conector', ['connection', 'connector'])).toBe('connector');
    expect(nearest('x'.repeat(500_000), ['connection', 'connector'])).toBeUndefined();
  });
});
