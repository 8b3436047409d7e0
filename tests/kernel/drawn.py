"""Limits drawn at random, put to the kernel and to the oracle. Seeded, so that a case can be found again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.hours import BusinessHours, Window
from bihuan.kernel.limit import Limit, LimitUnit, Pause, due, latest
from tests.kernel.oracle import MINUTE, Hours, Question, World, begins, ends

# No change of clocks; an hour at one; an hour at midnight, so that a day begins at one; half an hour.
ZONES = tuple(map(ZoneInfo, ("Asia/Shanghai", "Europe/London", "Asia/Beirut", "Australia/Lord_Howe")))
CHANGES = tuple(datetime(2024, month, day, tzinfo=UTC) for month, day in ((3, 28), (4, 4), (10, 3), (10, 24)))
"""Within the week after each of these days, the clocks of some of the zones change."""
FIRST = date(2024, 1, 1)
_UNITS = [str(unit) for unit in LimitUnit]
_GROUPS = (("mon", "tue", "wed", "thu", "fri"), ("working",), ("sat",), ("off",), ("sun", "wed"))


def differences(count: int, *, seed: int) -> list[str]:
    """Draw so many cases, ask both, and say where they differ."""
    found = []
    for number, (asked, backwards) in enumerate(questions(count, seed=seed)):
        told = by_kernel(asked, backwards=backwards)
        right = begins(asked) if backwards else ends(asked)
        if told != right:
            found.append(f"case {number} of seed {seed}: {told} instead of {right} for {asked}")
    return found


def questions(count: int, *, seed: int) -> Iterator[tuple[Question, bool]]:
    """So many questions, and whether each is counted back from an event."""
    random = Random(seed)
    worlds = [_world(random, zone) for zone in ZONES for _ in range(3)]
    for _ in range(count):
        yield _question(random, random.choice(worlds))


def by_kernel(asked: Question, *, backwards: bool) -> datetime:
    """What the kernel says."""
    limit = Limit(
        asked.amount,
        LimitUnit(asked.unit),
        cutoff=asked.cutoff,
        hours=_hours(asked.hours) if asked.hours else None,
        opens=_hours(asked.opens) if asked.opens else None,
    )
    calendar = _calendar(asked.world)
    if backwards:
        return latest(event=asked.start, limit=limit, calendar=calendar).at
    pauses = [Pause(start, end) for start, end in asked.pauses]
    return due(start=asked.start, limit=limit, calendar=calendar, pauses=pauses).at


def _question(random: Random, world: World) -> tuple[Question, bool]:
    unit = random.choice(_UNITS)
    backwards = random.random() < 0.15
    # Half of the starts lie within a week of a change of the clocks.
    near = random.choice(CHANGES)
    anywhere = datetime(2024, 1, 15, tzinfo=UTC) + timedelta(days=random.randrange(330))
    start = (near if random.random() < 0.5 else anywhere) + MINUTE * random.randrange(7 * 1440)
    most = {"minutes": 600, "hours": 30, "business_minutes": 500, "business_hours": 9}.get(unit, 25)
    forward = not backwards
    return (
        Question(
            world=world,
            start=start.astimezone(world.zone),
            amount=random.randint(1, most),
            unit=unit,
            cutoff=time(random.randrange(24), random.choice((0, 30)))
            if unit == "working_days" and forward and random.random() < 0.4
            else None,
            hours=_windows(random) if unit.startswith("business") else (),
            opens=_windows(random, amounts=True) if forward and random.random() < 0.15 else (),
            pauses=_pauses(random, start) if forward and random.random() < 0.6 else (),
        ),
        backwards,
    )


def _windows(random: Random, *, amounts: bool = False) -> Hours:
    """One to three windows, also past midnight, overlapping, or a whole day long."""
    found = []
    for days in random.sample(_GROUPS, random.randint(1, 3)):
        start = time(random.randrange(24), random.choice((0, 15, 30)))
        end = time(random.randrange(24), random.choice((0, 30, 45)))
        amount = random.randint(1, 20) if amounts and random.random() < 0.3 else None
        found.append((days, start, end, amount))
    return tuple(found)


def _pauses(random: Random, start: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """One to four pauses around the start: short and long, overlapping, before it, ending at a midnight."""
    found = []
    for _ in range(random.randint(1, 4)):
        first = start + MINUTE * random.randrange(-2 * 1440, 12 * 1440)
        length = random.choice((random.randint(1, 300), random.randint(300, 6 * 1440)))
        if random.random() < 0.2:
            first = first.replace(hour=16, minute=0)  # midnight in Shanghai
        found.append((first, first + MINUTE * length))
    return tuple(found)


def _world(random: Random, zone: ZoneInfo) -> World:
    days = [FIRST + timedelta(n) for n in range(366)]
    off = frozenset(day for day in random.sample(days, 25) if day.weekday() < 5)
    worked = frozenset(day for day in random.sample(days, 30) if day.weekday() >= 5)
    return World(zone, off, worked)


@lru_cache(maxsize=100)
def _calendar(world: World) -> Calendar:
    off = frozenset(day.toordinal() for day in world.off)
    worked = frozenset(day.toordinal() for day in world.worked)
    return Calendar("drawn", world.zone, 2024, 2024, off, worked)


def _hours(windows: Hours) -> BusinessHours:
    return BusinessHours(tuple(Window(*window) for window in windows))
