"""A role of its own for other programs: it reads the views of the schema `reading` and nothing else."""

from __future__ import annotations

import psycopg
from psycopg import sql

from bihuan.bridges.postgres.client import DATABASE, OWNER_ROLE, role_url, superuser_url
from bihuan.bridges.postgres.home import Home

ROLE = "bihuan_reading"
CONNECTIONS = 20
"""At most so many at once, so that a board of charts doesn't take the house's own."""

MADE = """
CREATE ROLE {role} LOGIN PASSWORD {password} CONNECTION LIMIT {connections};
ALTER ROLE {role} SET default_transaction_read_only = on;
ALTER ROLE {role} SET statement_timeout = '60s';
ALTER ROLE {role} SET search_path = reading;
"""
RIGHTS = """
GRANT CONNECT ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA reading TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA reading TO {role};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA reading GRANT SELECT ON TABLES TO {role};
"""


def reading_url(home: Home, *, database: str = DATABASE) -> str:
    """How to reach the embedded database as the role that reads; made if it isn't there. Call while the cluster runs."""
    names = {"database": database, "role": ROLE, "owner": OWNER_ROLE}
    said = {name: sql.Identifier(value) for name, value in names.items()}
    with psycopg.connect(superuser_url(home, database), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            secret = sql.Literal(home.secret(ROLE))
            made = sql.SQL(MADE).format(**said, password=secret, connections=sql.Literal(CONNECTIONS))
            connection.execute(made)
        connection.execute(sql.SQL(RIGHTS).format(**said))
    return role_url(home, ROLE, database)
