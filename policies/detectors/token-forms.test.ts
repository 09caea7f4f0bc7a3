import { describe, expect, it } from 'vitest';
import { FORMS as AI, MARKED as AI_MARKED } from './ai-token/forms.ts';
import { FORMS as CI } from './ci-token/forms.ts';
import { FORMS as CLOUD, MARKED as CLOUD_MARKED } from './cloud-token/forms.ts';
import { FORMS as DATABASE } from './database-token/forms.ts';
import { DETECTORS } from './index.ts';
import { FORMS as MESSAGING, MARKED as MESSAGING_MARKED } from './messaging-token/forms.ts';
import { FORMS as MONITORING, MARKED as MONITORING_MARKED } from './monitoring-token/forms.ts';
import { FORMS as REGISTRY } from './package-registry-token/forms.ts';
import { FORMS as PAYMENT } from './payment-token/forms.ts';
import type { TokenForm } from './prefixed-token.ts';
import { FORMS as SAAS } from './saas-token/forms.ts';
import { isMonotone, type MarkedForm, tokenParts } from './token-forms.ts';

const TABLES: Readonly<Record<string, readonly TokenForm[]>> = {
  'ai-token': AI,
  'ci-token': CI,
  'cloud-token': CLOUD,
  'database-token': DATABASE,
  'messaging-token': MESSAGING,
  'monitoring-token': MONITORING,
  'package-registry-token': REGISTRY,
  'payment-token': PAYMENT,
  'saas-token': SAAS,
};
const MARKED_TABLES: Readonly<Record<string, readonly MarkedForm[]>> = {
  'ai-token': AI_MARKED,
  'cloud-token': CLOUD_MARKED,
  'messaging-token': MESSAGING_MARKED,
  'monitoring-token': MONITORING_MARKED,
};

function detectorOf(id: string) {
  const detector = DETECTORS.find((one) => one.id === id);
  if (detector === undefined) throw new Error(`no detector ${id}`);
  return detector;
}

/** So many characters of the class, going through all of its letters and digits. */
function bodyOf(characterClass: string, length: number): string {
  const pattern = new RegExp(`[${characterClass}]`);
  const members = [...'3kR7xQ2mB9tZ4cW8nH5vJ6pL0dFgSyTuaeEAC1'].filter((character) =>
    pattern.test(character),
  );
  return Array.from({ length }, (_, at) => members[(at * 7) % members.length]).join('');
}

describe.each(Object.entries(TABLES))('%s', (id, forms) => {
  const detector = detectorOf(id);

  it('names every form once', () => {
    const names = forms.map(
      ({ prefix, body, min, lead }) => `${prefix} ${body} ${min} ${lead?.source ?? ''}`,
    );
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  // A body with a lead of its own shape has a fixture or is found by hand.
  it.each(
    forms
      .filter(({ lead }) => lead === undefined)
      .map((form) => [`${form.issuer} ${form.prefix}`, form] as const),
  )('finds %s at its shortest and leaves what is shorter alone', (_, { prefix, body, min }) => {
    const token = prefix + bodyOf(body, min);
    const text = `see ${token} here`;
    const found = [...detector.find(text)].map(({ start, end }) => text.slice(start, end));
    expect(found).toContain(token);
    const shorter = `see ${prefix}${bodyOf(body, Math.min(min, 8) - 1)} here`;
    expect([...detector.find(shorter)].filter(({ start }) => shorter.startsWith(prefix, start))).toEqual([]);
  });
});

describe.each(Object.entries(MARKED_TABLES))('%s', (id, forms) => {
  it.each(forms.map((form) => [`${form.issuer} ${form.mark}`, form] as const))(
    'finds %s around its mark',
    (_, { mark, body, before, after }) => {
      const token = bodyOf(body, before[0]) + mark + bodyOf(body, after[0]);
      const text = `see ${token} here`;
      const found = [...detectorOf(id).find(text)].map(({ start, end }) => text.slice(start, end));
      expect(found).toContain(token);
    },
  );
});

describe('token forms', () => {
  it('are many', () => {
    expect(Object.values(TABLES).flat().length).toBeGreaterThan(250);
  });

  it('are placeholders when they are the letter x over and over', () => {
    expect(isMonotone('k_xxxxxxxx', { start: 0, end: 10 })).toBe(true);
    expect(isMonotone('k_AAAAAAAA', { start: 0, end: 10 })).toBe(false);
    expect(isMonotone('k_x1xxxxx2', { start: 0, end: 10 })).toBe(false);
    expect(isMonotone('k_abxx.xxx', { start: 0, end: 10 })).toBe(true);
    expect(isMonotone('k_abxx.xyx', { start: 0, end: 10 })).toBe(false);
  });

  it('find marks with and without knowing where the keywords start', () => {
    const { find } = tokenParts(
      [],
      [{ issuer: 'x', mark: '-Mark-', body: 'a-z', before: [3, 4], after: [2, 2] }],
    );
    const text = 'abc-Mark-de ab-Mark-de abc-Mark-def';
    expect([...find(text)]).toEqual([{ start: 0, end: 11 }]);
    expect([...find(text, [3, 14, 26])]).toEqual([{ start: 0, end: 11 }]);
    expect([...find(text, [14])]).toEqual([]);
  });
});
