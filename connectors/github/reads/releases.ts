import { eachPage, noteCeiling, type Verdict } from '../pages.ts';
import { emit, entityOf, type Reading, shaped, shapedItems } from '../reading.ts';
import { isBot, list, login, type Release, release } from '../schema.ts';
import { timestamp, within } from '../window.ts';

const SHA = /^[0-9a-f]{40,64}$/;

/** https://docs.github.com/en/rest/releases/releases#list-releases */
export async function readReleases(reading: Reading): Promise<void> {
  reading.tally.totalUnknown();
  const emitted = new Set<string>();

  async function visit(data: unknown): Promise<Verdict> {
    const releases = shapedItems(reading, release, shaped(reading, list, data));
    const fresh = releases.filter((one) => within(reading.span, happenedAt(one)) && !emitted.has(one.id));
    for (const one of fresh) {
      emitted.add(one.id);
      await emitRelease(reading, one);
      reading.tally.add(1);
    }
    return { seen: releases.length, matched: fresh.length };
  }

  noteCeiling(reading, await eachPage(reading, reading.query.list, {}, visit));
}

/** A draft has not been published; only those who may write see drafts at all. */
function happenedAt(one: Release): number {
  return Date.parse(one.published_at ?? one.created_at);
}

async function emitRelease(reading: Reading, one: Release): Promise<void> {
  const target = one.target_commitish;
  await emit(reading, {
    stream: 'releases',
    class: one.draft ? 'state' : 'change',
    entity: entityOf(reading, 'release', one.id),
    related: [
      entityOf(reading, 'tag', one.tag_name),
      ...(SHA.test(target) ? [entityOf(reading, 'commit', target)] : []),
    ],
    key: one.draft ? 'draft' : 'published',
    occurredAt: timestamp(one.published_at ?? one.created_at),
    body: {
      id: one.id,
      tag: one.tag_name,
      target,
      draft: one.draft,
      prerelease: one.prerelease,
      created_at: timestamp(one.created_at),
      published_at: one.published_at === null ? undefined : timestamp(one.published_at),
      author: login(one.author),
      author_is_bot: isBot(one.author),
    },
  });
}
