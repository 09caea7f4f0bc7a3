import type pg from 'pg';
import { openShop, type Shop } from './pg-incident.ts';
import { type PgReads, pgReads, untilTrue } from './pg-reads.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

/** A server of a test's own with the shop on it, its administrator, its users, and the agent that looks at it. */
export interface Stage {
  readonly server: PostgresServer;
  readonly shop: Shop;
  /** In the shop's database. */
  readonly admin: pg.Client;
  readonly reads: PgReads;
  /** A session of the application, until `endSessions()`. */
  session(name?: string): Promise<pg.Client>;
  endSessions(): Promise<void>;
  /** Until the server says so of itself. Throws after fifteen seconds. */
  until(condition: string): Promise<void>;
  close(): Promise<void>;
}

/** `settings` are those of the server. */
export async function openStage(settings: Readonly<Record<string, string>>): Promise<Stage> {
  const server = await startPostgres({ settings });
  const shop = await openShop(server);
  const admin = await server.superuser(shop.database);
  // Until something was counted, nothing is known of when counting began.
  await untilTrue(admin, '(SELECT xact_commit > 0 FROM pg_stat_database WHERE datname = current_database())');
  const reads = pgReads(shop.dsn);
  const sessions: pg.Client[] = [];
  return {
    server,
    shop,
    admin,
    reads,
    session: async (name = 'checkout') => {
      const client = await server.connect(shop.database, shop.appRole, name);
      sessions.push(client);
      return client;
    },
    endSessions: async () => {
      await Promise.all(sessions.splice(0).map((session) => session.end().catch(() => undefined)));
    },
    until: (condition) => untilTrue(admin, condition),
    close: async () => {
      await reads.close();
      await server.stop();
    },
  };
}
