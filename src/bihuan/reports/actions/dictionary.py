"""Writes the dictionary where other programs read it: into the schema `reading`, with a comment on every view and column."""

from __future__ import annotations

from dataclasses import astuple, fields
from importlib.metadata import version

from django.conf import settings
from django.db import connection, transaction

from bihuan.reports.rules.dictionary import Declaration, declarations, fingerprint
from bihuan.reports.rules.reading import VIEWS


@transaction.atomic
def sync_reading() -> None:
    """Write zone, program, declarations and comments anew. Run as the owner after migrating."""
    about = {
        "zone": settings.TIME_ZONE,
        "program": f"bihuan {version('bihuan')}",
        "digest": fingerprint(settings.TIME_ZONE),
    }
    names = ", ".join(field.name for field in fields(Declaration))
    marks = ", ".join("%s" for _ in fields(Declaration))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reading.about")
        cursor.executemany("INSERT INTO reading.about (name, value) VALUES (%s, %s)", list(about.items()))
        cursor.execute("DELETE FROM reading.indicators")
        cursor.executemany(
            f"INSERT INTO reading.indicators ({names}) VALUES ({marks})",
            [astuple(one) for one in declarations()],
        )
        for view in VIEWS:
            what = "TABLE" if view.name in ("about", "indicators") else "VIEW"
            cursor.execute(f"COMMENT ON {what} reading.{view.name} IS {_quoted(view.comment)}")
            for column in view.columns:
                cursor.execute(
                    f"COMMENT ON COLUMN reading.{view.name}.{column.name} IS {_quoted(column.comment)}"
                )


def _quoted(text: str) -> str:
    """COMMENT takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
