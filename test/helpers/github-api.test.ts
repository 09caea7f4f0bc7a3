import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  GITHUB_CANARIES,
  GITHUB_TOKEN,
  type GitHubApi,
  type GitHubApiOptions,
  STORY_END,
  startGitHubApi,
} from './github-api.ts';

let api: GitHubApi | undefined;
afterEach(async () => {
  await api?.close();
});

async function started(
  options?: GitHubApiOptions,
): Promise<(path: string, headers?: object) => Promise<Response>> {
  const server = await startGitHubApi(options);
  api = server;
  return (path, headers = {}) =>
    fetch(server.url + path, {
      headers: { authorization: `Bearer ${GITHUB_TOKEN}`, ...headers },
      redirect: 'manual',
    });
}

async function json(response: Response): Promise<never> {
  return (await response.json()) as never;
}

describe('the recording', () => {
  it('holds every canary', () => {
    const folder = join(import.meta.dirname, '../recordings/github/shop');
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    for (const canary of GITHUB_CANARIES) expect(text).toContain(canary);
  });

  it('tells the story: a migration, then a memory limit, each deployed minutes before the end', async () => {
    await started();
    const { recording } = api as GitHubApi;
    expect(recording.commits).toHaveLength(12);
    expect(
      recording.pulls.filter((pull) => pull['merged_at'] !== null).map((pull) => pull['number']),
    ).toEqual([482, 481, 480, 479]);
    expect(recording.deployments).toHaveLength(3);
    expect(recording.runs).toHaveLength(10);
    expect(recording.releases).toHaveLength(2);
  });

  it('moves to the moment asked for, keeping distances', async () => {
    const end = new Date('2030-01-02T03:04:05.678Z');
    const get = await started({ rebaseTo: end });
    const [newest] = (await json(await get('/repos/acme/shop/deployments?per_page=1'))) as {
      created_at: string;
    }[];
    const distance = STORY_END.getTime() - Date.parse('2026-11-21T00:10:50Z');
    expect(Date.parse(newest?.created_at ?? '')).toBe(Math.floor(end.getTime() / 1_000) * 1_000 - distance);
  });
});

describe('the server', () => {
  it('pages with Link headers and filters by time', async () => {
    const get = await started();
    const first = await get(
      '/repos/acme/shop/commits?per_page=5&since=2026-11-20T00:00:00Z&until=2026-11-21T00:10:00Z',
    );
    expect(((await json(first)) as object[]).length).toBe(5);
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
    expect(next.startsWith(`${(api as GitHubApi).url}/repos/acme/shop/commits?`)).toBe(true);
    const second = await fetch(next, { headers: { authorization: `token ${GITHUB_TOKEN}` } });
    expect(((await json(second)) as object[]).length).toBe(2);
    expect(second.headers.get('link')).not.toContain('rel="next"');
  });

  it('answers 304 to a known ETag, which costs nothing', async () => {
    const get = await started();
    const first = await get('/repos/acme/shop/releases');
    const second = await get('/repos/acme/shop/releases', {
      'if-none-match': first.headers.get('etag') ?? '',
    });
    expect(second.status).toBe(304);
    expect(second.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  });

  it('lists no detail that GitHub keeps for the single object', async () => {
    const get = await started();
    const [commit] = (await json(await get('/repos/acme/shop/commits'))) as { sha: string }[];
    expect(commit).not.toHaveProperty('files');
    expect(await json(await get(`/repos/acme/shop/commits/${commit?.sha}`))).toHaveProperty('files');
    const [pull] = (await json(
      await get('/repos/acme/shop/pulls?state=closed&sort=updated&direction=desc'),
    )) as object[];
    expect(pull).toMatchObject({ number: 482 });
    expect(pull).not.toHaveProperty('additions');
  });

  it('counts all runs of a filter and lists no more than the cap', async () => {
    const get = await started();
    (api as GitHubApi).behaviour.runCap = 2;
    const runs = await json(
      await get('/repos/acme/shop/actions/runs?created=2026-11-21T00:00:00Z..2026-11-21T00:15:00Z'),
    );
    expect(runs).toMatchObject({ total_count: 7, workflow_runs: [{ id: 17123450010 }, { id: 17123450009 }] });
  });

  it('keeps strangers out and knows no other repository', async () => {
    const get = await started();
    expect((await fetch(`${(api as GitHubApi).url}/user`)).status).toBe(401);
    expect((await get('/repos/acme/other')).status).toBe(404);
    expect((await get('/repos/acme/shopping')).status).toBe(404);
  });

  it('fails when told to, after and for as many requests as told', async () => {
    const get = await started();
    (api as GitHubApi).inject({
      path: /releases/,
      after: 1,
      times: 1,
      fault: { kind: 'too-many-requests', retryAfter: 3 },
    });
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await get('/repos/acme/shop/releases'));
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 200]);
    expect(answers[1]?.headers.get('retry-after')).toBe('3');
  });
});
