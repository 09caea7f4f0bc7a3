-- The least that the PostgreSQL connector needs. Run once in each database to look at, as an administrator:
--
--   psql -d <database> -f grants.sql
--
-- and give the role a password afterwards, or better a certificate: \password exhibit
--
-- What stands behind --! is for reads that are off unless a flag of the policy names them, and is not run here:
-- `exhibit rbac --format postgresql` prints what is needed for the reads that are on.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'exhibit') THEN
    CREATE ROLE exhibit LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 2;
  END IF;
END
$$;

-- Needs: pg_read_all_stats
-- State, waits and statements of other roles; not one row of a user table.
GRANT pg_read_all_stats TO exhibit;

-- A wall of its own behind the connector's: what the agent forgets, the server ends.
ALTER ROLE exhibit SET default_transaction_read_only = on;
ALTER ROLE exhibit SET statement_timeout = '5s';
ALTER ROLE exhibit SET lock_timeout = '200ms';
ALTER ROLE exhibit SET idle_in_transaction_session_timeout = '10s';

-- Needs: REPLICATION
-- For counts of changes (cdc) alone; ALTER ROLE exhibit NOREPLICATION when that read is turned off. Whoever has
-- REPLICATION can read what is written to every table, and copy the server; let pg_hba.conf refuse the role the database
-- "replication", which stops the copying.
-- max_slot_wal_keep_size has to be set, and wal_level to logical. The publication is yours to make, of the tables to
-- look at: CREATE PUBLICATION exhibit FOR TABLE ...; its name goes into cdc.publication.
--! ALTER ROLE exhibit REPLICATION;

-- Needs: pg_stat_statements in schema public
-- It must be in shared_preload_libraries too.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;

-- Needs: EXECUTE on pg_current_logfile
-- Where the log is, as a path; nothing of what it says.
--! GRANT EXECUTE ON FUNCTION pg_catalog.pg_current_logfile(text) TO exhibit;

-- Needs: EXECUTE on pg_ls_logdir
-- Names, sizes and times of the files in the log directory.
--! GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_logdir() TO exhibit;

-- Needs: EXECUTE on pg_read_binary_file
-- The connector reads files of the log directory alone; the right itself reaches all of the data directory, tables
-- included. Membership in pg_read_server_files, which reaches every file that the server's account can read, is not needed.
--! GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) TO exhibit;

-- From PostgreSQL 16: a seat kept free for an incident, together with reserved_connections in the configuration.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pg_use_reserved_connections') THEN
    GRANT pg_use_reserved_connections TO exhibit;
  END IF;
END
$$;
