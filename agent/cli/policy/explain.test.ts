import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../policies/load.ts';
import { trySuggestions } from '../../../policies/testing/suggestions.ts';
import { allManifests } from './layers.ts';

describe('the rules that explain suggests', () => {
  it.each(['standard', 'strict'])(
    'do what they say for every field of every connector, over %s',
    async (preset) => {
      const layers = await loadPolicies([preset]);
      for (const manifest of await allManifests()) {
        const { tried, failures } = trySuggestions(manifest, layers);
        expect(failures).toEqual([]);
        expect(tried).toBeGreaterThan(50);
      }
    },
  );
});
