-- exhibit:server_log
-- Which log there is and how its lines begin. The prefix is taken apart in memory and goes nowhere.
SELECT pg_catalog.current_setting('logging_collector') = 'on' AS collects,
       pg_catalog.current_setting('log_line_prefix') AS line_prefix,
       pg_catalog.current_setting('log_timezone') AS log_zone,
       pg_catalog.current_setting('lc_messages') AS messages,
       pg_catalog.pg_current_logfile('stderr') AS stderr_file,
       pg_catalog.pg_current_logfile('csvlog') AS csvlog_file,
       pg_catalog.pg_current_logfile('jsonlog') AS jsonlog_file
LIMIT 2
