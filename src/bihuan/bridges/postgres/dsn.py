"""A PostgreSQL connection string as Django's dictionary."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

_DJANGO_KEYS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


class WrongConnectionString(BihuanError):
    """BIHUAN_DATABASE_URL is no PostgreSQL connection string."""


def django_database(url: str) -> dict[str, Any]:
    """What Django has a key for, and the rest as driver options."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as fault:
        raise WrongConnectionString(
            Words(
                zh="BIHUAN_DATABASE_URL 不是 PostgreSQL 连接串，应形如 postgresql://角色:口令@主机/数据库。",
                en="BIHUAN_DATABASE_URL is no PostgreSQL connection string; "
                "it looks like postgresql://role:password@host/database.",
            )
        ) from fault
    named = {key: given.get(name) or "" for name, key in _DJANGO_KEYS.items()}
    options: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}
    options |= {name: value for name, value in given.items() if name not in _DJANGO_KEYS}
    return {"ENGINE": "django.db.backends.postgresql", **named, "OPTIONS": options, "CONN_MAX_AGE": 0}
