"""Reads a time as another system wrote it. Without an offset it is a time of the map's zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = 9000
EPOCHS = {"epoch": 1, "epoch_ms": 1000}
"""Formats that count since 1970 rather than name a day."""


class NoMoment(Exception):
    """The text is no time, or none that ever was on that zone's clocks."""


def parsed(text: str, *, formats: Sequence[str], zone: ZoneInfo, end_of_day: bool = False) -> datetime:
    """The moment in UTC. Tried in turn: the formats (strptime, `epoch`, `epoch_ms`), then ISO 8601.

    A time that the clocks show twice in autumn is the first of the two. With `end_of_day`, a day means its last second.
    """
    found = _read(text, formats)
    if found is None:
        raise NoMoment
    if found.year <= EARLIEST.year or found.year > LATEST:
        raise NoMoment
    if end_of_day and found.time() == time():
        found = found.replace(hour=23, minute=59, second=59)
    if found.tzinfo is None:
        local = found.replace(tzinfo=zone)
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != found:
            raise NoMoment
        found = local
    return found.astimezone(UTC)


def _read(text: str, formats: Sequence[str]) -> datetime | None:
    for form in formats:
        try:
            if form in EPOCHS:
                return datetime.fromtimestamp(float(text) / EPOCHS[form], tz=UTC)
            return datetime.strptime(text, form)  # noqa: DTZ007  the zone is the map's
        except (ValueError, OverflowError, OSError):
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
