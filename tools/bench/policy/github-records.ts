import { commitMessage, deployNote, pullRequestBody } from './free-text.ts';
import { DIGITS } from './random.ts';
import type { RecordKind } from './record-kind.ts';
import { LOGINS, SERVICES, sha, time } from './values.ts';

export const GITHUB_RECORDS: readonly RecordKind[] = [
  {
    connector: 'github',
    stream: 'commits',
    share: 7,
    texts: ['message'],
    names: ['branch'],
    make(random) {
      const id = sha(random);
      return {
        class: 'change',
        entity: `github://acme/shop/commit/${id}`,
        related: [],
        key: id,
        occurredAt: time(random),
        scope: { repository: 'acme/shop' },
        body: {
          sha: id,
          parents: [sha(random)],
          authored_at: time(random),
          committed_at: time(random),
          verified: true,
          verification: 'valid',
          author: random.pick(LOGINS),
          author_is_bot: false,
          committer: 'web-flow',
          branch: 'main',
          references: [random.int(9_000)],
          message: commitMessage(random),
          additions: random.int(900),
          deletions: random.int(900),
          files: random.int(30),
          files_truncated: false,
          categories: { code: random.int(9), config: random.int(3) },
        },
      };
    },
  },
  {
    connector: 'github',
    stream: 'pull_requests',
    share: 5,
    texts: ['title', 'body'],
    names: ['head_ref', 'base_ref'],
    make(random) {
      const number = random.int(9_000);
      return {
        class: 'change',
        entity: `github://acme/shop/pull/${number}`,
        related: [`github://acme/shop/commit/${sha(random)}`],
        key: 'merged',
        occurredAt: time(random),
        scope: { repository: 'acme/shop' },
        body: {
          number,
          created_at: time(random),
          merged_at: time(random),
          merge_commit_sha: sha(random),
          base_ref: 'main',
          head_ref: `${random.pick(SERVICES)}-${random.pick(['memory', 'retry', 'probe'])}`,
          head_sha: sha(random),
          draft: false,
          author: random.pick(LOGINS),
          author_is_bot: false,
          merged_by: random.pick(LOGINS),
          additions: random.int(900),
          deletions: random.int(900),
          changed_files: random.int(30),
          commits: random.int(9),
          title: commitMessage(random).split('\n')[0] ?? '',
          body: pullRequestBody(random),
        },
      };
    },
  },
  {
    connector: 'github',
    stream: 'deployments',
    share: 4,
    texts: ['note', 'note_more'],
    adjacent: ['note', 'note_more'],
    names: ['ref', 'environment'],
    make(random) {
      const id = random.text(DIGITS, 10);
      return {
        class: 'change',
        entity: `github://acme/shop/deployment/${id}`,
        related: [`github://acme/shop/commit/${sha(random)}`],
        key: 'created',
        occurredAt: time(random),
        scope: { repository: 'acme/shop' },
        body: {
          id,
          sha: sha(random),
          ref: 'main',
          environment: random.pick(['production', 'staging']),
          production: true,
          task: 'deploy',
          created_at: time(random),
          creator: 'github-actions',
          creator_is_bot: true,
          note: deployNote(random),
          note_more: deployNote(random),
        },
      };
    },
  },
];
