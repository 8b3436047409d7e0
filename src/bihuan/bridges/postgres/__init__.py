"""The embedded PostgreSQL: started, stopped and prepared through its own `pg_ctl`."""
