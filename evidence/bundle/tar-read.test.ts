import { describe, expect, it } from 'vitest';
import { TAR_BLOCK, tarHeader } from './tar-header.ts';
import { expectRefused, packed, replaced, SAMPLE_FORMS, unpacked } from './testing/sample-forms.ts';

const archive = unpacked(SAMPLE_FORMS.tar);

interface Member {
  readonly header: Buffer;
  readonly data: Buffer;
}

function members(bytes: Buffer): readonly Member[] {
  const found: Member[] = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    const end = at + TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    found.push({ header: bytes.subarray(at, at + TAR_BLOCK), data: bytes.subarray(at + TAR_BLOCK, end) });
    at = end;
  }
  return found;
}

function joined(all: readonly Member[], end = 1024): Promise<Buffer> {
  return packed(Buffer.concat([...all.flatMap(({ header, data }) => [header, data]), Buffer.alloc(end)]));
}

/** A header with other fields and a checksum that is right. */
function forged(header: Buffer, fields: Readonly<Record<number, string>>): Buffer {
  const changed = Buffer.from(header);
  for (const [offset, text] of Object.entries(fields)) changed.write(text, Number(offset), 'latin1');
  changed.write('        ', 148);
  const sum = changed.reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return changed;
}

describe('the archive', () => {
  const all = members(archive);
  const at = (name: string): number =>
    all.findIndex(({ header }) => header.toString('latin1', 0, name.length + 1) === `${name}\0`);

  it('has the files in their order', () => {
    expect(all.map(({ header }) => header.toString('latin1', 0, 100).replace(/\0+$/, ''))).toEqual([
      'VERIFY.md',
      'manifest.json',
      'manifest.sigstore.json',
      'statement.json',
      'checkpoint',
      'log-entry.json',
      'proofs.json',
      'material.json',
      'incident.json',
      'summary.json',
      'timeline.json',
      'candidates.json',
      'ledger.json',
      'contents.ndjson',
      'items.ndjson',
    ]);
  });

  it.each([
    ['an absolute path', { 0: '/manifest.json\0' }],
    ['a path upwards', { 0: '../manifest.json\0' }],
    ['a folder in the name', { 0: './manifest.json\0' }],
    ['a prefix', { 345: 'etc' }],
    ['a name that is not ASCII', { 0: 'manif\xe9st.json\0' }],
    ['something behind the name', { 20: 'x' }],
    ['a hard link', { 156: '1' }],
    ['a symbolic link', { 156: '2', 157: '/etc/passwd' }],
    ['a device', { 156: '3' }],
    ['a folder', { 156: '5' }],
    ['a pax header', { 156: 'x' }],
    ['a global pax header', { 156: 'g' }],
    ['a long name of GNU', { 156: 'L' }],
    ['a sparse file of GNU', { 156: 'S' }],
    ['the old type of a file', { 156: '\0' }],
    ['the magic of GNU', { 257: 'ustar  \0' }],
    ['another mode', { 100: '0004755\0' }],
    ['an owner', { 108: '0001750\0' }],
    ['a name of an owner', { 265: 'root' }],
    ['a time', { 136: '15107041234\0' }],
    ['a size in base 256', { 124: '\x80\0\0\0\0\0\0\0\0\0\x10\0' }],
    ['a size with spaces', { 124: '       1234 ' }],
  ])('refuses %s', async (_, fields) => {
    const [first, second, ...rest] = all;
    if (first === undefined || second === undefined) throw new Error('the archive is empty');
    const changed = { ...second, header: forged(second.header, fields) };
    await expectRefused(await joined([first, changed, ...rest]), 'ARCHIVE', /^archive, after VERIFY.md$/);
  });

  it('refuses a wrong checksum', async () => {
    const [first, ...rest] = all;
    const header = Buffer.from(first?.header ?? '');
    header.write('000001\0 ', 148);
    await expectRefused(
      await joined([{ header, data: first?.data ?? header }, ...rest]),
      'ARCHIVE',
      /beginning/,
    );
  });

  it('refuses files that are unknown, doubled, missing or in another place', async () => {
    const [first, second, third, ...rest] = all;
    if (first === undefined || second === undefined || third === undefined) throw new Error('too few');
    const other = { header: tarHeader('other.json', 2), data: Buffer.alloc(TAR_BLOCK, '{}', 'latin1') };
    await expectRefused(await joined([first, other, second, third, ...rest]), 'SHAPE', /VERIFY.md/);
    await expectRefused(await joined([first, first, second, third, ...rest]), 'SHAPE', /VERIFY.md/);
    await expectRefused(await joined([first, third, second, ...rest]), 'SHAPE', /manifest.sigstore.json/);
    await expectRefused(await joined([first, third, ...rest]), 'SHAPE', /^manifest.json$/);
    await expectRefused(await joined([second, third, ...rest]), 'SHAPE', /^VERIFY.md$/);
    await expectRefused(await joined(all.slice(0, -1)), 'ARCHIVE', /contents.ndjson/);
    await expectRefused(await joined(all.toSpliced(at('contents.ndjson'), 1)), 'SHAPE', /^contents.ndjson$/);
  });

  it.each(['VERIFY.md', 'statement.json', 'checkpoint', 'log-entry.json'])(
    'refuses another %s than the documents make',
    async (name) => {
      const index = at(name);
      const data = Buffer.from(all[index]?.data ?? '');
      data[0] = (data[0] ?? 0) ^ 1;
      const header = all[index]?.header ?? data;
      await expectRefused(await joined(all.with(index, { header, data })), 'SHAPE', new RegExp(`^${name}$`));
    },
  );

  it.each([
    ['contents.ndjson', '"leaf":"sha256:', '"leaf":"SHA256:'],
    ['items.ndjson', '{"item":{', '{"itam":{'],
    ['items.ndjson', '"salt":"', '"salT":"'],
  ])('refuses a line of %s that is no entry', async (name, from, to) => {
    const index = at(name);
    const { header, data } = all[index] ?? { header: archive, data: archive };
    const changed = all.with(index, { header, data: replaced(data, from, to) });
    await expectRefused(await joined(changed), 'SHAPE', new RegExp(`^${name}, line 1$`));
  });

  it('refuses files for which the documents have no reason', async () => {
    const key = {
      header: tarHeader('evidence.pub', 1),
      data: Buffer.alloc(TAR_BLOCK, 'k\0', 'latin1').fill(0, 1),
    };
    await expectRefused(await joined(all.toSpliced(4, 0, key)), 'SHAPE', /^archive$/);
  });

  it('refuses something between or behind the files', async () => {
    const first = all[0];
    const data = Buffer.from(first?.data ?? '');
    data[data.length - 1] = 1;
    await expectRefused(
      await joined(all.with(0, { header: first?.header ?? data, data })),
      'ARCHIVE',
      /VERIFY/,
    );
    await expectRefused(await joined(all, 512), 'TRUNCATED', /end/);
    await expectRefused(await joined(all, 1536), 'ARCHIVE', /^archive$/);
    await expectRefused(await joined([...all, ...all]), 'ARCHIVE', /end/);
  });

  it('refuses sizes beyond every cap before reading that far', async () => {
    const huge = { header: tarHeader('VERIFY.md', 8 ** 11 - 1), data: Buffer.alloc(0) };
    await expectRefused(await joined([huge, ...all.slice(1)]), 'TOO_LARGE', /^VERIFY.md$/);
  });
});
