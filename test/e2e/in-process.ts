import { type Agent, createAgent } from '../../agent/app.ts';
import { loadConfig } from '../../agent/config/load.ts';
import { discover } from '../../agent/registry/discover.ts';
import { systemClock } from '../../agent/scheduler/system-clock.ts';
import type { Item } from '../../evidence/item.ts';
import { PRESETS } from '../../policies/load.ts';
import type { AgentFolder } from './support.ts';

export interface OpenAgent extends AsyncDisposable {
  readonly agent: Agent;
  /** Everything logged so far. */
  logged(): string;
  /** Everything stored. */
  items(): Promise<readonly Item[]>;
}

/** The agent of a folder in this process: cheaper where nothing is killed. */
export async function openAgent(folder: AgentFolder): Promise<OpenAgent> {
  const { definitions } = await discover();
  const loaded = await loadConfig(folder.config, { env: folder.env, definitions, presets: PRESETS });
  let logged = '';
  const logTo = { write: (line: string) => void (logged += line) };
  const agent = await createAgent(loaded, { clock: systemClock(), version: '0.0.0-e2e', definitions, logTo });
  return {
    agent,
    logged: () => logged,
    items: () => allItems(agent),
    [Symbol.asyncDispose]: () => agent.stop(),
  };
}

/** One pass over everything, as `exhibit collect` makes it, and what is stored then. */
export async function onePass(folder: AgentFolder): Promise<readonly Item[]> {
  await using open = await openAgent(folder);
  await open.agent.scheduler.runNow({ trigger: 'once' });
  return open.items();
}

async function allItems({ store }: Agent): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.query({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items.map(({ canonical }) => JSON.parse(canonical) as Item));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
