"""What a database needs before and beside migrations: the application's rights, by default privileges."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

PREPARE_LOCK = 0x626968756D
"""Two preparations at once wait for each other."""

RIGHTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {app};
"""
# What was made before, by an older release or by hand, gets no more than its migrations left it.

NO_SCHEMA_HISTORY = "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}"


class ServerUnusable(BihuanError):
    """The server can't be reached, is too old, or gives the roles the wrong rights."""


def prepare(owner_url: str, app_role: str, *, migrate: Callable[[], None]) -> None:
    """Give the application's role its rights, then migrate as the owner, one preparation at a time."""
    try:
        with psycopg.connect(owner_url, autocommit=True, connect_timeout=10) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
            _refuse_unfit(connection, app_role)
            connection.execute(_for(RIGHTS, app_role))
            migrate()
            connection.execute(_for(NO_SCHEMA_HISTORY, app_role))
    except psycopg.OperationalError as fault:
        raise unreachable(fault) from fault


def _for(statements: str, app_role: str) -> sql.Composed:
    return sql.SQL(statements).format(app=sql.Identifier(app_role))


def _refuse_unfit(connection: psycopg.Connection, app_role: str) -> None:
    if connection.info.server_version < 150000:
        raise ServerUnusable(
            Words(
                zh=f"服务器是 PostgreSQL {connection.info.server_version // 10000}，需要 15 至 18。",
                en=f"The server is PostgreSQL {connection.info.server_version // 10000}; 15 to 18 are needed.",
            )
        )
    if connection.info.user == app_role:
        raise ServerUnusable(
            Words(
                zh="应用角色与所有者是同一个角色：请为 BIHUAN_DATABASE_URL 另建一个不拥有任何表的角色。",
                en="The application's role and the owner are one and the same: "
                "give BIHUAN_DATABASE_URL a role of its own that owns nothing.",
            )
        )


def unreachable(fault: psycopg.OperationalError) -> ServerUnusable:
    """One line of what the driver said, without the connection string."""
    said = str(fault).strip().splitlines()[0]
    return ServerUnusable(
        Words(
            zh=f"无法连接数据库：{said}。请检查服务器是否运行，以及 BIHUAN_DATABASE_URL。",
            en=f"The database can't be reached: {said}. Check that the server runs and what BIHUAN_DATABASE_URL says.",
        )
    )
