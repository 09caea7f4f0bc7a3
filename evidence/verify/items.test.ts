import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../connectors/sdk/index.ts';
import { edited, pseudoRandom } from '../testing/forge.ts';
import { codesOf, itemsOf, problemsOf, sealedSample } from '../testing/sealed-sample.ts';

const COUNT = 30;
const { document, ids, otherSealed, otherDocument, verify, withItems } = await sealedSample(COUNT);

describe('every item', async () => {
  it.each(ids.map((id, index) => ({ id, index })))(
    'that is removed is named: $index',
    async ({ id, index }) => {
      const report = await verify(withItems(itemsOf(document).toSpliced(index, 1)));
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_MISSING', where: `contents[${index}]` }]);
      expect(problemsOf(report)[0]?.what).toContain(`${id}, number ${index}`);
    },
  );

  it('that is changed is named, whichever field it is', async () => {
    const change: Readonly<Record<string, (old: JsonValue | undefined) => JsonValue>> = {
      'item.body.pid': () => 1,
      'item.occurredAt': () => '2026-11-21T00:10:00.001Z',
      'item.observedAt': () => '2026-11-21T00:14:03.251Z',
      'item.entity': () => 'sample://orders-db/other',
      'item.class': () => 'state',
      'item.related': () => [],
      'item.provenance.cost.bytes': () => 2215,
      'item.provenance.policy.version': () => 'sample@8',
      'item.provenance.dropped.count': () => 0,
      'item.window': () => ({ from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:00:01.000Z' }),
      salt: (old) => String(old).replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    };
    for (const [position, [path, replace]] of Object.entries(change).entries()) {
      const index = (position * 7) % COUNT;
      const report = await verify(edited(document, `items.${index}.${path}`, replace));
      expect(codesOf(report)).toEqual(['ITEM_CHANGED']);
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_CHANGED', where: `items[${index}]` }]);
      expect(problemsOf(report)[0]?.what).toContain(`item ${index} (${ids[index]})`);
    }
  });

  it('that is added is named, wherever it is put', async () => {
    for (const [extra, foreign] of itemsOf(otherDocument).entries()) {
      for (const index of [0, 1, 13, COUNT - 1, COUNT]) {
        const report = await verify(withItems(itemsOf(document).toSpliced(index, 0, foreign)));
        expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_ADDED', where: `items[${index}]` }]);
        expect(problemsOf(report)[0]?.what).toContain(String(otherSealed.items[extra]?.item.id));
      }
    }
  });

  it('that is there twice is named with both positions', async () => {
    for (const [index, entry] of itemsOf(document).entries()) {
      const report = await verify(withItems([...itemsOf(document), entry]));
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_DOUBLED', where: `items[${COUNT}]` }]);
      expect(problemsOf(report)[0]?.what).toBe(`item ${COUNT} (${ids[index]}) is item ${index} again`);
    }
  });

  it('that is moved is named, and no other', async () => {
    const random = pseudoRandom(11);
    for (let round = 0; round < 200; round += 1) {
      const [from, to] = [random(COUNT), random(COUNT)];
      if (Math.abs(from - to) < 2) continue;
      const entries = itemsOf(document);
      const taken = entries.slice(from, from + 1);
      const report = await verify(withItems(entries.toSpliced(from, 1).toSpliced(to, 0, ...taken)));
      expect(problemsOf(report)).toMatchObject([{ code: 'ITEM_MOVED', where: `items[${to}]` }]);
      expect(problemsOf(report)[0]?.what).toBe(
        `item ${to} (${ids[from]}) was moved: it is number ${from} of the list`,
      );
    }
  });

  it('that changed places with another is named', async () => {
    for (let index = 0; index + 1 < COUNT; index += 1) {
      const entries = itemsOf(document);
      const [a, b] = entries.slice(index, index + 2);
      if (a === undefined || b === undefined) throw new Error('the sample is too short');
      const neighbours = problemsOf(await verify(withItems(entries.with(index, b).with(index + 1, a))));
      expect(neighbours.map(({ code }) => code)).toEqual(['ITEM_MOVED']);
      expect([ids[index], ids[index + 1]].some((id) => neighbours[0]?.what.includes(String(id)))).toBe(true);
    }
    const [first, last] = [itemsOf(document)[2], itemsOf(document)[20]];
    if (first === undefined || last === undefined) throw new Error('the sample is too short');
    const report = await verify(withItems(itemsOf(document).with(2, last).with(20, first)));
    expect(problemsOf(report).map(({ where }) => where)).toEqual(['items[2]', 'items[20]']);
  });

  it('is named when several things happen at once', async () => {
    const entries = itemsOf(edited(document, 'items.4.item.body.pid', () => 7));
    const foreign = itemsOf(otherDocument).slice(0, 1);
    const report = await verify(withItems([...entries.slice(1, 10), ...entries.slice(11), ...foreign]));
    expect(problemsOf(report).map(({ code, where }) => `${code} ${where}`)).toEqual([
      'ITEM_CHANGED items[3]',
      `ITEM_ADDED items[${COUNT - 2}]`,
      'ITEM_MISSING contents[0]',
      'ITEM_MISSING contents[10]',
    ]);
  });
});
