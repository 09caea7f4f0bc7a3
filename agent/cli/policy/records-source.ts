import type { Command } from 'commander';
import { EvidenceError } from '../../../evidence/errors.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { loadIdentity } from '../../config/load.ts';
import { AgentError } from '../../errors.ts';
import type { CliIo } from '../io.ts';
import { shownPath, withStore } from '../own-store.ts';
import { type AgentAddress, type RunningAgent, runningAgent } from '../running-agent.ts';

/** The same answer from either place. */
interface Sources<T> {
  readonly store: (store: Store) => Promise<T>;
  readonly agent: (agent: RunningAgent) => Promise<T>;
}

/** Options of commands that ask what the agent remembers. */
export function withAgent(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'ask the agent at this address (default: the store, or the running agent that has it)',
    )
    .option('--token-file <file>', 'its bearer token (default: that of the config)');
}

/** An agent that runs has its store for as long as it does: there is nothing to wait for. */
const GLANCE_MS = 50;

/**
 * What the agent remembers: from its store, or over its API while it runs, for then it alone has its store. Where no
 * agent answers, whoever has the store is waited for. Throws AgentError.
 */
export async function fromStoreOrAgent<T>(
  address: AgentAddress,
  io: CliIo,
  { store, agent }: Sources<T>,
): Promise<T> {
  if (address.url !== undefined) return agent(await runningAgent(address, io));
  const { paths } = await loadIdentity(shownPath(address.config, io));
  try {
    return await withStore(paths.dataDir, store, { waitMs: GLANCE_MS });
  } catch (error) {
    if (!isInUse(error)) throw error;
  }
  try {
    return await agent(await runningAgent(address, io));
  } catch (unanswered) {
    if (!(unanswered instanceof AgentError) || unanswered.code !== 'CONFLICT') throw unanswered;
    return withStore(paths.dataDir, store).catch((error: unknown) => {
      throw isInUse(error) ? unanswered : error;
    });
  }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
const BUSY = 5;

function isInUse(error: unknown): boolean {
  const cause = error instanceof EvidenceError && error.code === 'STORE' ? error.cause : undefined;
  const code = cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined;
  return typeof code === 'number' && (code & 0xff) === BUSY;
}

/** Rows of a list of the API, page by page. Whoever stops asking stops the pages. */
export async function* pagesOf<T>(agent: RunningAgent, path: string, limit: number): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      limit: String(Math.min(limit, MAX_PAGE)),
      ...(cursor === null ? {} : { cursor }),
    });
    // Our own agent's API, whose answers are what its description says.
    const page = (await agent.ask('GET', `${path}?${query.toString()}`)) as Page<T>;
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const MAX_PAGE = 1_000;

export async function firstOf<T>(rows: AsyncIterable<T>, limit: number): Promise<readonly T[]> {
  const first: T[] = [];
  for await (const row of rows) {
    first.push(row);
    if (first.length >= limit) break;
  }
  return first;
}
