import { z } from 'zod';
import { type Secret, secretField } from '../sdk/index.ts';

const REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9_.-]{1,100}$/;
/** What git allows in a branch name, less what has a meaning in a URL. */
const BRANCH = /^(?!\/|.*(?:\.\.|\/\/|@\{))[A-Za-z0-9_.@/+#=-]{1,250}(?<!\/|\.)$/;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

export interface GitHubConfig {
  readonly token: Secret;
  readonly repositories: readonly string[];
  readonly baseUrl: string;
  readonly branches?: readonly string[] | undefined;
}

export const config: z.ZodType<GitHubConfig> = z.strictObject({
  token: secretField(
    'Fine-grained personal access token or installation token with the permissions of privileges/permissions.yaml.',
  ),
  repositories: z
    .array(z.string().regex(REPOSITORY, 'must look like owner/repository'))
    .min(1)
    .max(100)
    .refine(isUnique, 'names a repository twice (GitHub does not tell upper from lower case)')
    .describe('Repositories to read, as owner/repository.'),
  baseUrl: z
    .url()
    .superRefine((text, context) => {
      for (const message of baseUrlProblems(text)) context.addIssue({ code: 'custom', message });
    })
    .transform((text) => text.replace(/\/+$/, ''))
    .default('https://api.github.com')
    .describe('Root of the REST API; https://<host>/api/v3 on GitHub Enterprise Server.'),
  branches: z
    .array(z.string().regex(BRANCH, 'must be a branch name'))
    .min(1)
    .max(20)
    .refine((branches) => new Set(branches).size === branches.length, 'names a branch twice')
    .optional()
    .describe('Branches whose commits are read; the default branch of each repository when left out.'),
});

function isUnique(values: readonly string[]): boolean {
  return new Set(values.map((value) => value.toLowerCase())).size === values.length;
}

function baseUrlProblems(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const problems: string[] = [];
  // The token goes with every call: in the clear it may only go to this machine.
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (!safe) problems.push('must be https (http only for a loopback address)');
  if (url.username !== '' || url.password !== '') problems.push('must not carry credentials: use token');
  if (url.search !== '' || url.hash !== '') problems.push('must have neither query nor fragment');
  return problems;
}
