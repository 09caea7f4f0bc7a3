import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Secret } from '../sdk/index.ts';
import { admitted, fakeDeps, fakeDigest, loadManifest, loadReads } from '../sdk/testing/index.ts';
import { CATEGORIES, categoryOf, countByCategory } from './categories.ts';
import { config } from './config.ts';
import { etagsOf } from './etags.ts';
import { failureOf } from './failure.ts';
import { connector } from './index.ts';
import { loadQuery } from './queries.ts';
import { mergedPulls, references } from './reads/commits.ts';
import { Tally } from './tally.ts';
import { hourBefore, spanToRead } from './window.ts';

const FOLDER = import.meta.dirname;
const manifest = loadManifest(FOLDER);

describe('config', () => {
  const good = { token: new Secret('t'), repositories: ['acme/shop'] };

  it('has defaults, and names the one host it reaches', () => {
    const parsed = config.parse(good);
    expect(parsed.baseUrl).toBe('https://api.github.com');
    expect(connector.egress(parsed)).toEqual(['api.github.com']);
    const ghes = config.parse({ ...good, baseUrl: 'https://git.example.com:8443/api/v3/' });
    expect(ghes.baseUrl).toBe('https://git.example.com:8443/api/v3');
    expect(connector.egress(ghes)).toEqual(['git.example.com:8443']);
  });

  it.each([
    ['a token in the clear', { token: 'ghp_x' }],
    ['no repository', { repositories: [] }],
    ['a URL for a repository', { repositories: ['https://github.com/acme/shop'] }],
    ['a repository twice', { repositories: ['acme/shop', 'Acme/Shop'] }],
    ['a path in a repository', { repositories: ['acme/shop/../bank'] }],
    ['http to another machine', { baseUrl: 'http://git.example.com' }],
    ['credentials in the address', { baseUrl: `https://${['me', 'word'].join(':')}@git.example.com` }],
    ['a query in the address', { baseUrl: 'https://git.example.com/?x=1' }],
    ['another scheme', { baseUrl: 'file:///etc' }],
    ['a branch that is none', { branches: ['a..b'] }],
    ['an unknown key', { organization: 'acme' }],
  ])('refuses %s', (_, change) => {
    expect(config.safeParse({ ...good, ...change }).success).toBe(false);
  });

  it('allows http on this machine', () => {
    expect(config.safeParse({ ...good, baseUrl: 'http://127.0.0.1:8080' }).success).toBe(true);
  });
});

describe('queries and privileges', () => {
  const deps = fakeDeps({ reads: loadReads(FOLDER) });
  const permissions = parse(readFileSync(join(FOLDER, manifest.privileges), 'utf8')) as {
    permissions: Record<string, string>;
  };

  it.each(manifest.reads)('$id needs what its query says', (read) => {
    const query = loadQuery(deps, read.id);
    expect(query.read).toBe(read.id);
    expect(read.needs).toEqual(['metadata:read', query.permission]);
  });

  it('asks for no permission that no read needs, and for none to write', () => {
    const granted = Object.entries(permissions.permissions).map(([name, level]) => `${name}:${level}`);
    expect(granted.sort()).toEqual([...new Set(manifest.reads.flatMap((read) => read.needs))].sort());
  });

  it('refuses a read it does not have', () => {
    expect(() => loadQuery(deps, 'secrets')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  it.each(['method: POST', 'path: /repos/{owner}/{repo}?x=1', 'path: https://evil.example.org/'])(
    'refuses %s',
    (line) => {
      const [key = ''] = line.split(':');
      const text = (deps.reads.get('releases') ?? '').replace(new RegExp(`${key}: .*`), line);
      const tampered = fakeDeps({ reads: new Map([['releases', text]]) });
      expect(() => loadQuery(tampered, 'releases')).toThrow();
    },
  );
});

describe('categories', () => {
  it.each([
    ['db/migrations/20261120_add_order_discount.sql', 'migration'],
    ['src/main/resources/db/migration/V12__orders.sql', 'migration'],
    ['alembic/versions/3f2a_add.py', 'migration'],
    ['.github/workflows/deploy.yml', 'ci'],
    ['Jenkinsfile', 'ci'],
    ['services/web/package-lock.json', 'dependency'],
    ['go.sum', 'dependency'],
    ['requirements-dev.txt', 'dependency'],
    ['deploy/payments/deployment.yaml', 'iac'],
    ['terraform/node-pools.tf', 'iac'],
    ['charts/shop/values.prod.yaml', 'iac'],
    ['Dockerfile.worker', 'iac'],
    ['docs/runbook.md', 'docs'],
    ['README.md', 'docs'],
    ['config/catalog.yaml', 'config'],
    ['.env.production', 'config'],
    ['services/payments/refusal.go', 'code'],
    ['immigration/form.ts', 'code'],
    ['src/deployer.ts', 'code'],
  ])('%s is %s', (path, category) => {
    expect(categoryOf(path)).toBe(category);
  });

  it('counts every file once, and only in declared categories', () => {
    const declared = Object.keys(manifest.streams.find(({ id }) => id === 'commits')?.fields ?? {});
    expect(declared).toEqual(expect.arrayContaining(CATEGORIES.map((category) => `categories.${category}`)));
    fc.assert(
      fc.property(fc.array(fc.string()), (paths) => {
        const total = Object.values(countByCategory(paths)).reduce((sum, count) => sum + count, 0);
        expect(total).toBe(paths.length);
      }),
    );
  });

  it('is done soon with a long path', () => {
    expect(categoryOf(`${'a/'.repeat(50_000)}x`)).toBe('code');
  });
});

describe('references', () => {
  it.each([
    ['Lower the limit (#482)', [482], [482]],
    ['Merge pull request #17 from acme/fix\n\nsee #18, #18 and #19', [17, 18, 19], [17]],
    ['Fix #12 in a/b#13 and &#34; and #56abc and ##57', [12], []],
    ['nothing', [], []],
    ['body only\n\n(#99)', [99], []],
  ])('of %j', (message, all, merged) => {
    expect(references(message)).toEqual(all);
    expect(mergedPulls(message)).toEqual(merged);
  });
});

describe('window', () => {
  const window = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T01:00:00.000Z' };
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];

  it.each([
    ['interval', to - 600_000, 300_000, to - 900_000],
    ['interval', from - 1, 300_000, from],
    ['interval', to + 9_000_000, 300_000, to],
    ['interval', undefined, 300_000, from],
    ['incident', to - 600_000, 300_000, from],
    ['once', to - 600_000, 300_000, from],
  ] as const)('of a run by %s with cursor %s', (trigger, cursor, overlap, expected) => {
    expect(spanToRead(admitted({ read: 'commits', window, trigger }), cursor, overlap)).toEqual({
      from: expected,
      to,
    });
  });

  it('is asked for from a whole hour on', () => {
    expect(new Date(hourBefore(Date.parse('2026-11-21T07:59:59.999Z'))).toISOString()).toBe(
      '2026-11-21T07:00:00.000Z',
    );
  });
});

describe('etags', () => {
  const call = { path: '/x', parameters: { page: 1 } };
  const kept = {
    etag: '"e"',
    from: 1_000,
    to: 2_000,
    seen: 1,
    matched: 1,
    total: null,
    next: null,
    final: true,
  };

  function reopened(
    entry: typeof kept | (Omit<typeof kept, 'to'> & { to: null }),
    { enabled = true, plan = 'sha256:a' } = {},
  ) {
    const state = new Map();
    const digest = fakeDigest;
    const options = { state, prefix: 'etag/r/', digest, plan: 'sha256:a', now: new Date(5_000), enabled };
    const first = etagsOf(options);
    first.keep(call, entry);
    for (const [key, value] of Object.entries(first.patch().set ?? {})) state.set(key, value);
    return etagsOf({ ...options, plan });
  }

  it('are used for windows that they cover', () => {
    expect(reopened(kept).lookup(call, { from: 1_000, to: 2_000 })?.etag).toBe('"e"');
    expect(reopened(kept).lookup(call, { from: 1_500, to: 1_700 })?.etag).toBe('"e"');
    expect(reopened({ ...kept, to: null }).lookup(call, { from: 1_500, to: 9_000 })?.etag).toBe('"e"');
  });

  it('are not used for others, for another call, when disabled, or when the state is not theirs', () => {
    expect(reopened(kept).lookup(call, { from: 999, to: 2_000 })).toBe(undefined);
    expect(reopened(kept).lookup(call, { from: 1_000, to: 2_001 })).toBe(undefined);
    expect(reopened(kept).lookup({ ...call, parameters: { page: 2 } }, { from: 1_000, to: 2_000 })).toBe(
      undefined,
    );
    expect(reopened(kept, { enabled: false }).lookup(call, { from: 1_000, to: 2_000 })).toBe(undefined);
    expect(reopened(kept, { plan: 'sha256:b' }).lookup(call, { from: 1_000, to: 2_000 })).toBe(undefined);
    const state = new Map([
      [`etag/r/${fakeDigest([call.path, call.parameters, 'sha256:a'])}`, 'not an entry'],
    ]);
    const strange = etagsOf({
      state,
      prefix: 'etag/r/',
      digest: fakeDigest,
      plan: 'sha256:a',
      now: new Date(0),
      enabled: true,
    });
    expect(strange.lookup(call, { from: 1, to: 2 })).toBe(undefined);
  });
});

describe('failures', () => {
  const refusal = {
    status: 403,
    headers: {},
    message: '',
    subject: 'commits of acme/shop',
    permission: 'contents:read',
    now: new Date('2026-11-21T00:00:00Z'),
    cause: undefined,
  };

  it.each([
    [
      'what the API accepts',
      { 'x-accepted-github-permissions': 'contents=read; metadata=read' },
      'contents=read; metadata=read',
    ],
    [
      'what we need, when the API says something odd',
      { 'x-accepted-github-permissions': 'ask <script>' },
      'contents:read',
    ],
    [
      'single sign-on',
      { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?x=1' },
      'single sign-on',
    ],
  ])('hint at %s', (_, headers, hint) => {
    const failure = failureOf({ ...refusal, headers });
    expect(failure.code).toBe('PRIVILEGE');
    expect(failure.hint).toContain(hint);
    expect(failure.hint).not.toContain('https://');
  });

  it.each([
    ['a 429 that says nothing', { status: 429 }, 60_000],
    ['retry-after', { status: 403, headers: { 'retry-after': '5' } }, 5_000],
    ['retry-after 0', { status: 429, headers: { 'retry-after': '0' } }, 1_000],
    [
      'a reset on a clock of its own',
      {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': '1000030',
          date: 'Mon, 12 Jan 1970 13:46:40 GMT',
        },
      },
      31_000,
    ],
    [
      'the text of a secondary limit',
      { status: 403, message: 'You have exceeded a secondary rate limit.' },
      60_000,
    ],
  ])('take %s for a limit', (_, change, waitMs) => {
    const failure = failureOf({ ...refusal, ...change });
    expect(failure.code).toBe('RATE_LIMITED');
    expect(failure.retryAt).toEqual(new Date(refusal.now.getTime() + waitMs));
  });
});

describe('tally', () => {
  it('is complete, partial or unknown, in order of how much is known', () => {
    const tally = new Tally();
    tally.add(3);
    expect(tally.completeness()).toEqual({ state: 'complete', read: 3, expected: 3, reason: null });
    tally.unknown('who knows');
    expect(tally.completeness()).toEqual({ state: 'unknown', read: 3, expected: 3, reason: 'who knows' });
    tally.missing(2, 'two are gone');
    expect(tally.completeness()).toEqual({
      state: 'partial',
      read: 3,
      expected: 5,
      reason: 'two are gone; who knows',
    });
    tally.totalUnknown();
    expect(tally.completeness().expected).toBe(null);
  });
});
