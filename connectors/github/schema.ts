import { z } from 'zod';

/**
 * What is read of the API's answers; all other fields are dropped by parsing. Shapes as in
 * https://docs.github.com/en/rest (version 2022-11-28).
 */

/** Ids grow beyond what a number holds; the SDK then gives a bigint. */
const id = z.union([z.int(), z.bigint()]).transform(String);
const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const time = z.iso.datetime({ offset: true });
const account = z.object({ login: z.string(), type: z.string().optional() }).nullish();

export const list = z.array(z.unknown());

export const commit = z.object({
  sha,
  commit: z.object({
    author: z.object({ date: time.optional() }).nullish(),
    committer: z.object({ date: time }),
    message: z.string(),
    verification: z.object({ verified: z.boolean(), reason: z.string() }).optional(),
  }),
  author: account,
  committer: account,
  parents: z.array(z.object({ sha })),
});
export type Commit = z.infer<typeof commit>;

export const commitDetail = z.object({
  stats: z.object({ additions: z.int(), deletions: z.int() }).optional(),
  files: z.array(z.object({ filename: z.string() })).optional(),
});
export type CommitDetail = z.infer<typeof commitDetail>;

export const pull = z.object({
  number: z.int(),
  title: z.string(),
  draft: z.boolean().optional(),
  created_at: time,
  updated_at: time,
  merged_at: time.nullable(),
  merge_commit_sha: sha.nullable(),
  user: account,
  head: z.object({ ref: z.string(), sha }),
  base: z.object({ ref: z.string(), sha }),
});
export type Pull = z.infer<typeof pull>;

export const pullDetail = z.object({
  additions: z.int(),
  deletions: z.int(),
  changed_files: z.int(),
  commits: z.int(),
  merged_by: account,
});
export type PullDetail = z.infer<typeof pullDetail>;

export const deployment = z.object({
  id,
  sha,
  ref: z.string(),
  task: z.string(),
  environment: z.string(),
  production_environment: z.boolean().optional(),
  creator: account,
  created_at: time,
});
export type Deployment = z.infer<typeof deployment>;

export const deploymentStatus = z.object({
  id,
  state: z.string(),
  creator: account,
  created_at: time,
});
export type DeploymentStatus = z.infer<typeof deploymentStatus>;

export const runList = z.object({ total_count: z.int().nonnegative(), workflow_runs: z.array(z.unknown()) });

export const workflowRun = z.object({
  id,
  run_number: z.int(),
  run_attempt: z.int().min(1).default(1),
  path: z.string(),
  display_title: z.string().optional(),
  event: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  head_sha: sha,
  head_branch: z.string().nullable(),
  created_at: time,
  run_started_at: time.optional(),
  updated_at: time,
  pull_requests: z.array(z.object({ number: z.int() })).nullish(),
  actor: account,
  triggering_actor: account,
});
export type WorkflowRun = z.infer<typeof workflowRun>;

export const release = z.object({
  id,
  tag_name: z.string(),
  target_commitish: z.string(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  created_at: time,
  published_at: time.nullable(),
  author: account,
});
export type Release = z.infer<typeof release>;

/** Logins of apps end in `[bot]`, which is not a name; what kind of account it is has a field of its own. */
export function login(of: z.infer<typeof account>): string | undefined {
  return of?.login.replace(/\[bot\]$/, '');
}

export function isBot(of: z.infer<typeof account>): boolean | undefined {
  return of === null || of === undefined ? undefined : of.type === 'Bot' || of.login.endsWith('[bot]');
}
