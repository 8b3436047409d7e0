"""A calendar from its files: days off, days made up, and a local file on top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.words import Words
from bihuan.packs.rules.table import Sheet, Table


def calendar_from(sheets: Iterable[Sheet], *, code: str) -> Calendar:
    """The calendar that these files make; what a later file says of a day wins."""
    files = [Table(sheet.file, "", sheet.content) for sheet in sheets]
    head = files[0].table("calendar")
    if head.text("code") != code:
        raise head.fault(
            "code",
            Words(
                zh=f"应与文件名“{code}”一致",
                en=f"the name of its file, '{code}'",
            ),
        )
    first_year = head.number("first_year", least=1900, most=2200)
    last_year = head.number("last_year", least=first_year, most=2200)
    off, names = dict[int, bool](), dict[int, Words]()
    for file in files:
        file.only("calendar", "off", "worked")
        if file is not files[0] and "calendar" in file.content:
            local = file.table("calendar")
            local.only("last_year")
            last_year = local.number("last_year", least=last_year, most=2200)
        for key in ("off", "worked"):
            for table in file.tables(key):
                for day in _span(table):
                    off[day], names[day] = key == "off", table.words("name")
    # Ordinals of Saturdays and Sundays leave 6 and 0 when divided by 7.
    return Calendar(
        code=code,
        zone=_zone(head),
        first_year=first_year,
        last_year=last_year,
        days_off=frozenset(day for day, rest in off.items() if rest and day % 7 not in (6, 0)),
        make_up=frozenset(day for day, rest in off.items() if not rest and day % 7 in (6, 0)),
        names=names,
    )


def _span(table: Table) -> range:
    table.only("from", "to", "name")
    first = table.day("from")
    last = table.day("to") if "to" in table.content else first
    if not timedelta(0) <= last - first <= timedelta(days=60):
        raise table.fault(
            "to",
            Words(
                zh=f"应为 {first} 起 60 天以内的日期",
                en=f"a day from {first} to 60 days later",
            ),
        )
    return range(first.toordinal(), last.toordinal() + 1)


def _zone(head: Table) -> ZoneInfo:
    name = head.text("zone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise head.fault(
            "zone",
            Words(
                zh="应为时区名，如 Asia/Shanghai",
                en="the name of a time zone, like Asia/Shanghai",
            ),
        ) from None
