SELECT s.pid FROM pg_catalog.pg_stat_activity AS s LIMIT 70
