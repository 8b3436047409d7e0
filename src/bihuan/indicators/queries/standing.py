"""What the archive is given, out of one snapshot of PostgreSQL: rows as known at a seal, and the entries sealed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection

from bihuan.cases.models import Seal
from bihuan.indicators.engines.compiling import STALE
from bihuan.indicators.engines.sources import SOURCES, Source
from bihuan.indicators.engines.writing import NULL
from bihuan.indicators.queries.known import as_known, one_view

_BUREAU = """
LEFT JOIN public.people_unit AS unit ON unit.id = {key}
LEFT JOIN public.people_unit AS bureau ON bureau.id = unit.bureau_id
"""
_NAME = "coalesce(bureau.code, unit.code, 'none')"
_WEEK = """to_char({moment} AT TIME ZONE %(zone)s, 'IYYY-"W"IW')"""
_CHANGED = """
CREATE TEMPORARY TABLE changed_case ON COMMIT DROP AS
WITH touched AS (
    SELECT part.case_id AS id FROM public.cases_sealed AS part WHERE part.seal_id > %(after)s
    UNION
    SELECT kept.id FROM public.cases_case AS kept WHERE kept.changed_at > %(known)s
)
SELECT id, false AS before FROM touched
UNION
SELECT later.repeat_of_id, false FROM public.cases_case AS later JOIN touched ON touched.id = later.id
WHERE later.repeat_of_id IS NOT NULL
"""
_BEFORE = """
UPDATE pg_temp.changed_case AS changed SET before = true FROM public.cases_sealed AS part
WHERE part.case_id = changed.id AND part.first_seq = 1 AND part.seal_id <= %(after)s
"""
# Right after a large import the planner's figures are those of an empty table: whatever it believes, each sealed stretch
# must be looked up by its key, or a hundred thousand entries take ten minutes.
_ENTRIES = f"""
SELECT entry.case_id, kept.number, entry.seq, entry.cycle, entry.step, entry.side, entry.at, entry.recorded_at,
       entry.actor_id, entry.unit_id, entry.facts::text,
       coalesce((SELECT jsonb_object_agg(note.field, note.hash) FROM public.cases_note AS note
                 WHERE note.case_id = entry.case_id AND note.seq = entry.seq), '{{}}')::text,
       coalesce(encode(earlier.digest, 'hex'), repeat('00', 32)), encode(entry.digest, 'hex'), part.seal_id,
       {_WEEK.format(moment="entry.at")}, {_NAME}
FROM public.cases_sealed AS part
CROSS JOIN LATERAL (
    SELECT * FROM public.cases_entry AS own
    WHERE own.case_id = part.case_id AND own.seq BETWEEN part.first_seq AND part.last_seq
    OFFSET 0
) AS entry
JOIN public.cases_case AS kept ON kept.id = entry.case_id
LEFT JOIN public.cases_entry AS earlier ON earlier.case_id = entry.case_id AND earlier.seq = entry.seq - 1
{_BUREAU.format(key="kept.unit_id")}
WHERE part.seal_id > %(after)s AND part.seal_id <= %(seal)s AND entry.at < %(high)s
"""
_FROM = " AND {moment} >= %(low)s"


@dataclass(frozen=True, slots=True)
class Standing:
    """The snapshot: everything up to the seal `seal`, with what had been recorded by `known`."""

    seal: int
    known: datetime
    zone: str
    rebuilt: bool

    def first(self) -> datetime | None:
        """The earliest moment that any row or entry belongs to."""
        asked = [f'SELECT min("{source.born}") FROM public.{source.table}' for source in SOURCES.values()]
        asked.append("SELECT min(at) FROM public.cases_entry")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(found.at) FROM ({' UNION ALL '.join(asked)}) AS found (at)")
            (first,) = cursor.fetchone()
        return first if isinstance(first, datetime) else None

    def mark_changed(self, *, after: int, known: datetime) -> None:
        """Note the cases in which something was recorded since the seal `after`; `changed=True` then means these."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.changed_case")
            cursor.execute(_CHANGED, {"after": after, "known": known})
            cursor.execute(_BEFORE, {"after": after})

    def rows(
        self, source: Source, *, high: datetime, low: datetime | None = None, changed: bool = False
    ) -> Callable[[BinaryIO], None]:
        """Rows born before `high` (and from `low` on): something that writes them as CSV, week and bureau last."""
        moment = f'kept."{source.born}"'
        names = ", ".join(f'kept."{column.name}"' for column in source.columns)
        origin = f"public.{source.table}"
        if self.rebuilt and source.of_cases:
            stale = "NOT EXISTS (SELECT 1 FROM pg_temp.stale_case AS gone WHERE gone.id = kept.case_id)"
            origin = (
                f"(SELECT {names} FROM {origin} AS kept WHERE {stale}"
                f" UNION ALL SELECT {names} FROM pg_temp.{STALE[source.table]} AS kept)"
            )
        statement = (
            f"SELECT {names}, {_WEEK.format(moment=moment)}, {_NAME} FROM {origin} AS kept"
            f" {_BUREAU.format(key='kept.unit_id')} WHERE {moment} < %(high)s"
        )
        if low is not None:
            statement += _FROM.format(moment=moment)
        if changed:
            statement += " AND kept.case_id IN (SELECT id FROM pg_temp.changed_case)"
        return self._copied(statement, low=low, high=high)

    def entries(
        self, *, high: datetime, low: datetime | None = None, after: int = 0
    ) -> Callable[[BinaryIO], None]:
        """Entries that happened before `high` and were sealed after the seal `after`, as CSV."""
        statement = _ENTRIES if low is None else _ENTRIES + _FROM.format(moment="entry.at")
        return self._copied(statement, by_key=True, low=low, high=high, after=after)

    def changes(self, *, week: str) -> Callable[[BinaryIO], None]:
        """The cases marked as changed that had been written before, as CSV, in the given week."""
        return self._copied("SELECT id, %(week)s, 'all' FROM pg_temp.changed_case WHERE before", week=week)

    def _copied(self, statement: str, *, by_key: bool = False, **values: Any) -> Callable[[BinaryIO], None]:
        given = {"zone": self.zone, "seal": self.seal, **values}

        def feed(out: BinaryIO) -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL enable_seqscan = {'off' if by_key else 'on'}")
                with cursor.copy(
                    f"COPY ({statement}) TO STDOUT (FORMAT csv, NULL '{NULL}')",
                    {name: value for name, value in given.items() if f"%({name})s" in statement},
                ) as stream:
                    for block in stream:
                        out.write(block)
                cursor.execute("SET LOCAL enable_seqscan = on")

        return feed


@contextmanager
def standing(zone: str, known: datetime) -> Iterator[Standing]:
    """One snapshot of what had been recorded by `known`, for as long as the block lasts.

    Everything recorded by `known` must be sealed.
    """
    with one_view():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TimeZone = 'UTC'")
        seal = Seal.objects.order_by("-number").first()
        with as_known(known) as rebuilt:
            yield Standing(seal=seal.number if seal else 0, known=known, zone=zone, rebuilt=rebuilt)
