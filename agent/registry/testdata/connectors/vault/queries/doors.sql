SELECT d.datname FROM pg_catalog.pg_database AS d LIMIT 50
