CREATE TABLE slow_table AS SELECT CAST(pg_sleep(2) AS text) AS slow;
