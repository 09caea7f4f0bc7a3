import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ConfiguredConnection } from '../config/load.ts';
import { scheduledReads } from './connections.ts';
import { discover } from './discover.ts';
import { loadConnector } from './load.ts';

const FOLDER = fileURLToPath(new URL('testdata/connectors', import.meta.url));

it('schedules the reads that the config wants and has a source for', async () => {
  const [definition] = (await discover(FOLDER)).definitions;
  if (definition === undefined) throw new Error('the test connector is gone');
  const loaded = await loadConnector(definition);
  const scheduled = (over: Partial<ConfiguredConnection>): readonly string[] => {
    const connection = { id: 'north', connector: loaded, config: { wired: false }, reads: {}, ...over };
    return scheduledReads([connection]).map(({ read }) => read);
  };
  const serves = (config: unknown, read: string): boolean =>
    read !== 'alarms' || (config as { readonly wired: boolean }).wired;
  const picky = { ...loaded, module: { ...loaded.module, serves } };

  expect(scheduled({})).toEqual(['doors', 'alarms']);
  expect(scheduled({ reads: { doors: { enabled: false } } })).toEqual(['alarms']);
  expect(scheduled({ connector: picky })).toEqual(['doors']);
  expect(scheduled({ connector: picky, config: { wired: true } })).toEqual(['doors', 'alarms']);
});
