import type { PostgresServer } from '../helpers/postgres.ts';

/** Everywhere a catalog can hold what a user wrote: each text has the word CANARY in it. */
const PLANTS: readonly string[] = [
  'CREATE EXTENSION pg_stat_statements',
  'CREATE SCHEMA shop',
  `CREATE FUNCTION shop.code() RETURNS text LANGUAGE sql STABLE RETURN 'CANARY-SQL-BODY'`,
  `CREATE FUNCTION shop.body(a text DEFAULT 'CANARY-ARGUMENT') RETURNS text LANGUAGE plpgsql
     SET app.local = 'CANARY-PROCONFIG' AS 'BEGIN RETURN ''CANARY-PROSRC''; END'`,
  `CREATE DOMAIN shop.kind AS text DEFAULT 'CANARY-DOMAIN' CHECK (value <> 'CANARY-DOMAIN-CHECK')`,
  `CREATE TABLE shop.orders (
     id serial PRIMARY KEY, card text DEFAULT 'CANARY-DEFAULT' CHECK (card <> 'CANARY-CHECK'), kind shop.kind,
     twice text GENERATED ALWAYS AS (card || 'CANARY-GENERATED') STORED)`,
  `INSERT INTO shop.orders (card) SELECT 'CANARY-ROW-' || (g % 3) FROM generate_series(1, 200) g`,
  `ALTER TABLE shop.orders ADD COLUMN late text NOT NULL DEFAULT 'CANARY-MISSING'`,
  `CREATE INDEX orders_part ON shop.orders (lower(card || 'CANARY-INDEX')) WHERE card <> 'CANARY-PREDICATE'`,
  `CREATE STATISTICS shop.more (mcv) ON card, id FROM shop.orders`,
  `CREATE STATISTICS shop.expression ON (card || 'CANARY-STATISTICS') FROM shop.orders`,
  'ANALYZE shop.orders',
  `CREATE TABLE shop.parts (region text) PARTITION BY LIST (lower(region || 'CANARY-PARTITION'))`,
  `CREATE TABLE shop.part_a PARTITION OF shop.parts FOR VALUES IN ('CANARY-BOUND')`,
  `CREATE VIEW shop.v AS SELECT o.card FROM shop.orders o WHERE o.card <> 'CANARY-VIEW'`,
  `CREATE MATERIALIZED VIEW shop.m AS SELECT 'CANARY-MATVIEW'::text AS x`,
  `CREATE RULE r AS ON DELETE TO shop.v DO INSTEAD SELECT 'CANARY-RULE'`,
  `CREATE FUNCTION shop.fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
  `CREATE TRIGGER t BEFORE UPDATE ON shop.orders FOR EACH ROW WHEN (NEW.card = 'CANARY-WHEN')
     EXECUTE FUNCTION shop.fired('CANARY-TRIGGER')`,
  `CREATE POLICY p ON shop.orders USING (card <> 'CANARY-POLICY') WITH CHECK (card <> 'CANARY-WITH')`,
  `CREATE AGGREGATE shop.agg (text) (sfunc = textcat, stype = text, initcond = 'CANARY-INITIAL')`,
  `COMMENT ON TABLE shop.orders IS 'CANARY-COMMENT'`,
  `COMMENT ON DATABASE postgres IS 'CANARY-SHARED-COMMENT'`,
  `CREATE ROLE holder PASSWORD 'CANARY'`,
  `UPDATE pg_authid SET rolpassword = 'CANARY-PASSWORD' WHERE rolname = 'holder'`,
  `ALTER ROLE postgres SET app.secret = 'CANARY-ROLE-SETTING'`,
  `ALTER DATABASE postgres SET app.secret = 'CANARY-DATABASE-SETTING'`,
  `ALTER SYSTEM SET primary_conninfo = 'password=CANARY-CONNINFO'`,
  `ALTER SYSTEM SET archive_command = 'echo CANARY-COMMAND'`,
  `CREATE FOREIGN DATA WRAPPER w OPTIONS (secret 'CANARY-WRAPPER')`,
  `CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (secret 'CANARY-SERVER')`,
  `CREATE USER MAPPING FOR postgres SERVER s OPTIONS (password 'CANARY-MAPPING')`,
  `CREATE FOREIGN TABLE shop.f (x text OPTIONS (secret 'CANARY-COLUMN')) SERVER s OPTIONS (secret 'CANARY-TABLE')`,
  `CREATE PUBLICATION p FOR TABLE shop.orders WHERE (card <> 'CANARY-FILTER')`,
  `CREATE SUBSCRIPTION s CONNECTION 'host=localhost password=CANARY-SUBSCRIPTION' PUBLICATION p
     WITH (connect = false, slot_name = NONE)`,
  `SELECT lo_from_bytea(0, 'CANARY-LARGE-OBJECT')`,
  `CREATE TEXT SEARCH DICTIONARY shop.d (TEMPLATE = simple, STOPWORDS = 'english')`,
  `DO $$ BEGIN
     EXECUTE format('COPY (SELECT %L) TO %L', 'CANARY-FILE', current_setting('data_directory') || '/canary.txt');
   END $$`,
  'SELECT pg_reload_conf()',
];

/** Plants them, and keeps a session busy with a query text that holds one. */
export async function plantCanaries(server: PostgresServer): Promise<{ stop(): Promise<void> }> {
  const planter = await server.superuser();
  await planter.query('SET allow_system_table_mods = on');
  for (const sql of PLANTS) await planter.query(sql);
  const busy = await server.superuser();
  await busy.query(`PREPARE canary AS SELECT 'CANARY-PREPARED'`);
  await busy.query(`SELECT 'CANARY-QUERY'`);
  return {
    stop: async () => {
      await planter.end();
      await busy.end();
    },
  };
}
