-- The least that the PostgreSQL connector needs. Run once in each database to look at, as an administrator:
--
--   psql -d <database> -f grants.sql
--
-- and give the role a password afterwards, or better a certificate: \password exhibit

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'exhibit') THEN
    CREATE ROLE exhibit LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 2;
  END IF;
END
$$;

-- Reads: blocking_tree, connections, replication, statements, transactions, wait_events, wraparound.
GRANT pg_read_all_stats TO exhibit;

-- A wall of its own behind the connector's: what the agent forgets, the server ends.
ALTER ROLE exhibit SET default_transaction_read_only = on;
ALTER ROLE exhibit SET statement_timeout = '5s';
ALTER ROLE exhibit SET lock_timeout = '200ms';
ALTER ROLE exhibit SET idle_in_transaction_session_timeout = '10s';

-- Read: statements. Needs pg_stat_statements in shared_preload_libraries.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- From PostgreSQL 16: a seat kept free for an incident, together with reserved_connections in the configuration.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pg_use_reserved_connections') THEN
    GRANT pg_use_reserved_connections TO exhibit;
  END IF;
END
$$;
