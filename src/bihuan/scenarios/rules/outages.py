"""The town's network, its outages and its voltage, drawn from the sheet `outages`; the same whenever they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bihuan.outages.rules import Told, kept

WEEK = timedelta(days=7)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LONGEST_AHEAD = timedelta(days=16)
"""No notice comes earlier before its outage."""

LETTERS = {"urban": "U", "rural": "R", "remote": "M"}


@dataclass(frozen=True, slots=True)
class Line:
    """A medium-voltage line with its users, each a transformer, and the streets it feeds."""

    code: str
    name: str
    bureau: str
    area: str
    transformers: tuple[str, ...]
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An outage's whole story under a number that it keeps."""

    number: str
    bureau: str
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Net:
    """The network of the scenario, and what draws its outages. `sheet` is `outages`, `world` the world's."""

    seed: str
    sheet: Mapping[str, Any]
    world: Mapping[str, Any]
    lines: dict[tuple[str, str], list[Line]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for bureau in self.world["bureaus"]:
            for area, weight in bureau["areas"].items():
                if weight:
                    self.lines[bureau["code"], area] = list(self._lines(bureau, area, weight))

    def users(self, bureau: str, area: str) -> tuple[int, int]:
        """Medium-voltage users and contracts."""
        users = sum(len(line.transformers) for line in self.lines[bureau, area])
        return users, users * int(self.sheet["users"]["customers"][area])

    def feeding(self, bureau: str, area: str, address: str, code: str) -> tuple[str, str]:
        """The line and the transformer of premises."""
        lines = self.lines[bureau, area]
        line = next((one for one in lines if any(street in address for street in one.streets)), lines[0])
        chosen = Random(f"{self.seed}/feed/{code}").choice(line.transformers)  # noqa: S311  a play, no secret
        return line.code, chosen

    def drawn(self, *, first: date, last: date, zone: ZoneInfo, by: Mapping[str, UUID]) -> Iterator[Drawn]:
        """Every outage whose week (Monday to Sunday) touches the days from `first` to `last`; `by`: who tells, by bureau."""
        monday = first - timedelta(days=first.weekday())
        while monday <= last:
            for (bureau, area), lines in self.lines.items():
                key = f"{self.seed}/outages/{bureau}/{area}/{monday}"
                chance = Random(key)  # noqa: S311  a play, no secret
                yield from self._week(chance, monday, bureau, area, lines, zone, by[bureau])
            monday += WEEK

    def _week(
        self,
        chance: Random,
        monday: date,
        bureau: str,
        area: str,
        lines: list[Line],
        zone: ZoneInfo,
        by: UUID,
    ) -> Iterator[Drawn]:
        budget = self.sheet["off"][area] * self.users(bureau, area)[0] * 7 * 24
        number = 0
        for kind, sheet in self.sheet["kinds"].items():
            left = budget * sheet["weight"] / 100
            while left > 0:
                # Lines at the head of the list are the weak ones.
                line = lines[min(int(chance.expovariate(2.2 / len(lines))), len(lines) - 1)]
                off = max(1, len(line.transformers) * chance.randint(*sheet["share"]) // 100)
                hours = chance.uniform(*sheet["hours"])
                # What is left is less than a whole outage: it comes with that chance.
                happens = chance.random() * off * hours < left
                left -= off * hours
                story = _Story(self, chance, zone, line, kind, off, hours, by)
                day = monday + timedelta(days=chance.randint(0, 6))
                told = story.told(day)
                if happens:
                    number += 1
                    short = bureau.rpartition("-")[2]
                    yield Drawn(f"{short}-{LETTERS[area]}{monday:%y%m%d}-{number:02}", bureau, told)

    def _lines(self, bureau: Mapping[str, Any], area: str, weight: int) -> Iterator[Line]:
        every = sum(bureau["areas"].values())
        users = round(bureau["share"] * weight / every * self.sheet["users"]["per_share"][area])
        count = max(1, round(users / self.sheet["users"]["on_a_line"]))
        streets = self.world["premises"][area]
        for number in range(count):
            code = f"{bureau['code']}-{LETTERS[area]}{number + 1:02}"
            size = users // count + (1 if number < users % count else 0)
            mine = tuple(street for place, street in enumerate(streets) if place % count == number)
            named = mine or (streets[number % len(streets)],)
            rank = number // len(streets)
            village = named[0].rpartition("镇")[2].rpartition("乡")[2]
            name = f"{village}{rank + 1 if rank else ''}线"
            transformers = tuple(f"{code}-T{one:02}" for one in range(1, max(2, size) + 1))
            yield Line(code, name, bureau["code"], area, transformers, mine)


@dataclass(frozen=True, slots=True)
class _Story:
    """One outage on its way."""

    net: Net
    chance: Random
    zone: ZoneInfo
    line: Line
    kind: str
    off: int
    hours: float
    by: UUID

    def told(self, day: date) -> tuple[Told, ...]:
        """All that is said of it."""
        kind = self.net.sheet["kinds"][self.kind]
        hour = self.chance.randint(*kind["starts"])
        start = datetime(day.year, day.month, day.day, hour, 5 * self.chance.randint(0, 11), tzinfo=self.zone)
        length = timedelta(minutes=round(self.hours * 60))
        return tuple(self._fault(start, length) if "ahead" not in kind else self._plan(start, length, kind))

    def _scope(self) -> dict[str, Any]:
        line, chance = self.line, self.chance
        begins = chance.randint(0, len(line.transformers) - self.off)
        told = line.transformers[begins : begins + self.off]
        customers = self.off * int(self.net.sheet["users"]["customers"][line.area])
        customers = customers * chance.randint(85, 115) // 100
        streets = line.streets or (f"{line.name[:-1]}片区",)
        unscoped = self._turn("unscoped")
        return {
            "kind": self.kind,
            "area": line.area,
            "line": line.code,
            "line_name": line.name,
            "transformers": () if unscoped else told,
            "places": "、".join(streets),
            "why": chance.choice(self.net.sheet["why"][self.kind]),
            "users": self.off,
            "customers": customers,
            "important": chance.choice((0, 0, 0, 1, 2)),
            "responsible": self.net.sheet["departments"][self.kind],
            "shortage": self.kind == "shortage",
        }

    def _fault(self, start: datetime, length: timedelta) -> Iterator[Told]:
        chance = self.chance
        if self.kind == "fault" and self._turn("long"):
            length = timedelta(minutes=chance.randint(490, 800))
        confirmed = start + chance.randint(5, 40) * MINUTE
        late = self._late()
        published = confirmed + chance.randint(*((16, 55) if late else (2, 14))) * MINUTE
        values = self._scope() | {
            "started_at": start,
            "confirmed_at": confirmed,
            "published_at": published,
            "channel": "hotline",
            "external": self.kind == "user_side" or self._turn("external"),
        }
        yield self._said("announce", start, published, values)
        end = max(start + length, published + 5 * MINUTE)
        if self._turn("parts") and self.off > 2 and end - published > HOUR:
            back = self.off // chance.randint(2, 3)
            part = published + (end - published) / 2
            left = {
                "users": self.off - back,
                "customers": values["customers"] * (self.off - back) // self.off,
            }
            yield self._said("part", part, part + 2 * MINUTE, left)
        yield self._said("restore", end, end + chance.randint(1, 9) * MINUTE, {"ended_at": end})

    def _plan(self, start: datetime, length: timedelta, kind: Mapping[str, Any]) -> Iterator[Told]:
        chance, late = self.chance, self._late()
        ahead = chance.randint(*kind["ahead"])
        days = self.kind == "planned"
        if late:
            ahead = chance.randint(2, 6) if days else chance.randint(3, 20)
        published = start - (timedelta(days=ahead) if days else timedelta(hours=ahead))
        published = published.replace(hour=chance.randint(8, 17)) if days else published
        end = start + length
        channel = chance.choice(("newspaper", "newspaper", "television", "poster"))
        values = self._scope() | {
            "planned_start_at": start,
            "planned_end_at": end,
            "published_at": published,
            "channel": channel if days else "telephone",
            "night_on": days and length > 8 * HOUR,
        }
        yield self._said("announce", published, published + 5 * MINUTE, values)
        at = published + (start - published) / 2
        if self._turn("withdrawn"):
            yield self._said("withdraw", at, at + MINUTE, {"change": "withdrawn", "cause": self._cause()})
            return
        if days and self._turn("moved"):
            start, end = start + timedelta(days=2), end + timedelta(days=2)
            moved = {
                "planned_start_at": start,
                "planned_end_at": end,
                "change": "plan_changed",
                "cause": self._cause(),
            }
            yield self._said("change", at, at + MINUTE, moved)
        begun = start + chance.randint(-5, 20) * MINUTE
        cause: dict[str, Any] = {}
        if self._turn("late_start"):
            begun, cause = start + chance.randint(60, 90) * MINUTE, {"cause": self._cause()}
        done = max(end - chance.randint(3, 60) * MINUTE, begun + 20 * MINUTE)
        over = self._turn("over")
        if over or done > end:
            done, cause = end + chance.randint(10, 120) * MINUTE, cause or {"cause": self._cause()}
        yield self._said("start", begun, begun + 3 * MINUTE, {"started_at": begun} | cause)
        ending = {"ended_at": done} | (cause if done > end else {})
        yield self._said("restore", done, done + chance.randint(1, 9) * MINUTE, ending)

    def _said(self, step: str, at: datetime, recorded_at: datetime, values: dict[str, Any]) -> Told:
        return Told(step, at, max(at, recorded_at), self.by, kept(values))

    def _late(self) -> bool:
        return self.chance.random() * 100 < float(self.net.sheet["kinds"][self.kind]["late"])

    def _turn(self, name: str) -> bool:
        return self.chance.random() * 100 < float(self.net.sheet["turns"][name])

    def _cause(self) -> str:
        causes = self.net.sheet["causes"]
        return str(self.chance.choices(list(causes), list(causes.values()))[0])


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A voltage point."""

    code: str
    name: str
    bureau: str
    area: str
    klass: str
    nominal: int


def voltage_points(net: Net) -> Iterator[DrawnPoint]:
    """The points of every bureau, class by class."""
    sheet = net.sheet["voltage"]
    for bureau in net.world["bureaus"]:
        for klass, areas in sheet["points"].items():
            number = 0
            for area, count in areas.items():
                for line in net.lines.get((bureau["code"], area), [])[:count]:
                    number += 1
                    code = f"{bureau['code']}-V{klass}{number:02}"
                    end = ("首端", "末端")[number % 2]
                    name = {"A": "变电站10千伏母线", "B": "专线用户", "C": "专变用户"}.get(
                        klass, f"台区{end}"
                    )
                    yield DrawnPoint(
                        code, f"{line.name[:-1]}{name}", bureau["code"], area, klass, sheet["nominal"][klass]
                    )


def voltage_minutes(net: Net, point: DrawnPoint, first: date, days: int) -> tuple[int, int, int]:
    """Minutes monitored, over and under, in a stretch of days."""
    chance = Random(f"{net.seed}/voltage/{point.code}/{first}")  # noqa: S311  a play, no secret
    sheet = net.sheet["voltage"]
    low, high = sheet["within"].get(point.klass) or sheet["within_d"][point.area]
    monitored = days * 24 * 60 - chance.choice((0, 0, 0, 30, 120))
    outside = round(monitored * (1000 - chance.uniform(low, high)) / 1000)
    over = round(outside * chance.uniform(0.1, 0.6))
    return monitored, over, outside - over
