"""Outages, users and voltage that somebody brings in a file: every faulty row is told, and nothing is written unless all is good."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from bihuan.kernel.promise import AREAS
from bihuan.kernel.table import Column, Fault, ImportResult, Row, Rows, sheet, twice, unknown
from bihuan.kernel.words import Words
from bihuan.outages.actions.days import count_days, recount
from bihuan.outages.actions.tell import replay
from bihuan.outages.actions.voltage import NewReading, faults_of, read_many
from bihuan.outages.models import Outage, UserCount, VoltagePoint, VoltageReading
from bihuan.outages.rules import History, Now, Reading, Told, after, band, faults, kept
from bihuan.outages.rules.words import CAUSES, CHANGES, CHANNELS, CLASSES, KINDS
from bihuan.people.actions.tables import CODE, CODE_WRONG
from bihuan.people.models import Actor, Unit

WHOLE = re.compile(r"\d{1,8}")
WHOLE_WRONG = Words(zh="不是整数", en="isn't a whole number")
_MOMENT = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_YES = {"yes": ("是", "true", "1", "y"), "no": ("否", "false", "0", "n")}


def _names(words: Mapping[str, Words]) -> dict[str, tuple[str, ...]]:
    return {code: (one.zh, one.en) for code, one in words.items()}


def _count(code: str, *names: str, needed: bool = False) -> Column:
    return Column(code, names, needed=needed, pattern=WHOLE, wrong=WHOLE_WRONG)


UNIT = Column("unit", ("单位", "供电单位", "单位编码"), needed=True, longest=40)
AREA = Column("area", ("区域",), needed=True, choices={code: (words.zh,) for code, words in AREAS.items()})
OUTAGES = (
    Column("number", ("编号", "停电编号", "公告编号"), longest=40, pattern=CODE, wrong=CODE_WRONG),
    UNIT,
    Column("kind", ("类型", "停电类型"), needed=True, choices=_names(KINDS)),
    AREA,
    Column("line", ("线路", "线路编号"), longest=40),
    Column("line_name", ("线路名称",), longest=80),
    Column("transformers", ("台区", "停电台区"), longest=1_000),
    Column("places", ("停电范围", "范围"), needed=True, longest=500),
    Column("why", ("停电原因",), longest=300),
    _count("users", "停电用户数", "用户数"),
    _count("customers", "停电户数", "户数"),
    _count("important", "重要用户数"),
    Column("published_at", ("公告时间",), longest=30),
    Column("channel", ("公告渠道",), choices=_names(CHANNELS)),
    Column("confirmed_at", ("故障确认时间",), longest=30),
    Column("planned_start_at", ("计划停电时间",), longest=30),
    Column("planned_end_at", ("计划送电时间",), longest=30),
    Column("started_at", ("实际停电时间", "停电时间"), longest=30),
    Column("ended_at", ("实际送电时间", "送电时间"), longest=30),
    Column("change", ("变更类型",), choices=_names(CHANGES)),
    Column("cause", ("变更原因", "未按计划原因"), choices=_names(CAUSES)),
    Column("night_on", ("昼停夜送",), choices=_YES),
    Column("responsible", ("责任部门",), longest=40),
    Column("external", ("外部影响",), choices=_YES),
    Column("shortage", ("限电影响", "系统电源不足"), choices=_YES),
)
USERS = (
    UNIT,
    AREA,
    Column("from_date", ("起始日期", "自"), needed=True, longest=20),
    _count("users", "用户数", "中压用户数", needed=True),
    _count("customers", "户数", needed=True),
)
VOLTAGE = (
    Column("point", ("监测点", "监测点编号"), needed=True, longest=40, pattern=CODE, wrong=CODE_WRONG),
    Column("name", ("监测点名称",), longest=80),
    Column("unit", ("单位", "供电单位", "单位编码"), longest=40),
    Column("area", ("区域",), choices={code: (words.zh,) for code, words in AREAS.items()}),
    Column(
        "class", ("类别", "监测点类别"), choices={code.lower(): (f"{code.lower()}类",) for code in CLASSES}
    ),
    _count("nominal", "额定电压", "标称电压"),
    Column("month", ("月份",), longest=20),
    Column("first_date", ("起始日期",), longest=20),
    Column("last_date", ("截止日期",), longest=20),
    _count("monitored", "监测时间", "监测分钟", needed=True),
    _count("over", "超上限时间", "超上限分钟", needed=True),
    _count("under", "超下限时间", "超下限分钟", needed=True),
)
MOMENTS = tuple(column.code for column in OUTAGES if column.code.endswith("_at"))
COUNTS = ("users", "customers", "important")
FLAGS = ("night_on", "external", "shortage")
POINT = ("name", "unit", "area", "class", "nominal")


def import_outages(
    *, rows: Rows, by: Actor, at: datetime, zone: ZoneInfo, take_good: bool = False, dry_run: bool = False
) -> ImportResult:
    """One row an outage, as it stands; moments without an offset are the zone's. A number that is there already is a fault."""
    found = sheet(rows, OUTAGES)
    units = _units()
    numbers = {row["number"] for _, row in found.rows if row.get("number")}
    known = set(Outage.objects.filter(number__in=numbers).values_list("number", flat=True))
    seen: set[str] = set()
    histories: dict[int, History] = {}

    def faults_of_row(number: int, row: Row) -> list[Fault]:
        wrong = _unit_faults(number, row, units)
        if (name := row.get("number", "")) and (name in known or name in seen):
            wrong.append(twice(number, "number", name, known=known))
        seen.add(row.get("number", ""))
        values, unread = _values(number, row, zone)
        wrong += unread
        if not wrong:
            history = _history(row, values, units[row["unit"]], by, at)
            wrong += [Fault(number, field, words) for field, words in _history_faults(history)]
            histories[number] = history
        return wrong

    found.keep(faults_of_row)
    written = 0
    if found.rows and not dry_run and (take_good or not found.faults):
        written = len(replay(histories=[histories[number] for number, _ in found.rows], at=at, zone=zone))
    return found.result(written=written)


def import_users(
    *, rows: Rows, by: Actor, at: datetime, zone: ZoneInfo, take_good: bool = False, dry_run: bool = False
) -> ImportResult:
    """One row a bureau, area and day from which the count holds; a row about a day that has a count replaces it."""
    found = sheet(rows, USERS)
    units = _units()
    seen: set[tuple[str, str, str]] = set()

    def faults_of_row(number: int, row: Row) -> list[Fault]:
        wrong = _unit_faults(number, row, units)
        if _day(row["from_date"]) is None:
            wrong.append(_no_day(number, "from_date", row["from_date"]))
        key = (row["unit"], row["area"], row["from_date"])
        if key in seen:
            wrong.append(twice(number, "from_date", row["from_date"]))
        seen.add(key)
        return wrong

    found.keep(faults_of_row)
    if not found.rows or dry_run or (found.faults and not take_good):
        return found.result(written=0)
    return found.result(written=_write_users([row for _, row in found.rows], units, by, at, zone))


def import_voltage(
    *, rows: Rows, by: Actor, at: datetime, zone: ZoneInfo, take_good: bool = False, dry_run: bool = False
) -> ImportResult:
    """One row a point and a month (or any days). The first row about a point that isn't there yet also says what it is."""
    found = sheet(rows, VOLTAGE)
    units = _units()
    codes = {row["point"] for _, row in found.rows}
    points = {one.code: one for one in VoltagePoint.objects.filter(code__in=codes)}
    fresh: dict[str, VoltagePoint] = {}
    taken = _taken(points.values())
    given: dict[int, NewReading] = {}

    def faults_of_row(number: int, row: Row) -> list[Fault]:
        days = _days(row)
        if days is None:
            said = row.get("month") or row.get("first_date", "")
            return [_no_day(number, "month" if row.get("month") else "first_date", said)]
        point, wrong = _point(number, row, units, points, fresh)
        if point is None:
            return wrong
        minutes = Reading(*(int(row[name]) for name in ("monitored", "over", "under")))
        reading = NewReading(point, *days, minutes)
        wrong = [Fault(number, field, words) for field, words in faults_of(reading, at, zone)]
        if any(first <= days[1] and days[0] <= last for first, last in taken.get(point.code, [])):
            wrong.append(twice(number, "month", row.get("month") or row.get("first_date", "")))
        if not wrong:
            taken.setdefault(point.code, []).append(days)
            given[number] = reading
        return wrong

    found.keep(faults_of_row)
    if not found.rows or dry_run or (found.faults and not take_good):
        return found.result(written=0)
    with transaction.atomic():
        used = {given[number].point.code for number, _ in found.rows}
        VoltagePoint.objects.bulk_create([one for code, one in fresh.items() if code in used])
        written = read_many(given=[given[number] for number, _ in found.rows], by=by, at=at, zone=zone)
    return found.result(written=written)


@transaction.atomic
def _write_users(
    rows: list[dict[str, str]], units: Mapping[str, Unit], by: Actor, at: datetime, zone: ZoneInfo
) -> int:
    days = [_day(row["from_date"]) or date.max for row in rows]
    UserCount.objects.bulk_create(
        [
            UserCount(
                unit=units[row["unit"]],
                area=row["area"],
                from_date=day,
                users=int(row["users"]),
                customers=int(row["customers"]),
                by=by,
                recorded_at=at,
            )
            for row, day in zip(rows, days, strict=True)
        ]
    )
    recount(since=min(days), at=at, zone=zone, units={units[row["unit"]].pk for row in rows})
    count_days(at=at, zone=zone)
    return len(rows)


def _history(row: Row, values: dict[str, Any], unit: Unit, by: Actor, at: datetime) -> History:
    """What stands, told as one word; a withdrawn one as two."""
    withdrawn = values.get("change") == "withdrawn"
    first = dict(values) | ({"change": "new", "cause": ""} if withdrawn else {})
    moments = [values[name] for name in ("published_at", "started_at") if values.get(name)]
    begun = min([*moments, at])
    told = [Told("announce", begun, at, by.pk, kept(first))]
    if withdrawn:
        said = kept({"change": "withdrawn", "cause": values.get("cause", "")})
        told.append(Told("withdraw", begun, at, by.pk, said))
    return History(unit.pk, tuple(told), row.get("number", ""))


def _history_faults(history: History) -> list[tuple[str, Words]]:
    now, before = Now(), None
    for word in history.told:
        now = after(now, word.step, word.at, word.values)
        found = faults(before, word.step, word.at, now, word.recorded_at)
        if found:
            return found
        before = now
    return []


def _values(number: int, row: Row, zone: ZoneInfo) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    wrong = []
    for column in OUTAGES:
        name, text = column.code, row.get(column.code, "")
        if name in ("number", "unit") or not text:
            continue
        if name in MOMENTS:
            values[name] = moment(text, zone)
            if values[name] is None:
                words = Words(
                    zh=f"“{text}”不是时间，如 2007-06-05 08:00",
                    en=f"“{text}” is no time like 2007-06-05 08:00",
                )
                wrong.append(Fault(number, name, words))
        elif name in COUNTS:
            values[name] = int(text)
        elif name in FLAGS:
            values[name] = text == "yes"
        elif name == "transformers":
            values[name] = split(text)
        else:
            values[name] = text
    return values, wrong


def split(text: str) -> tuple[str, ...]:
    """Codes that stand between commas, strokes or blanks, each once."""
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,，;；、]+", text) if part))


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A time as people and spreadsheets write it; without an offset it is the zone's. None if it is none."""
    try:
        found = _MOMENT.fullmatch(text.strip())
        if found:
            parts = [int(part) for part in found.groups(default="0")]
            return datetime(*parts[:6], tzinfo=zone)  # type: ignore[misc, arg-type]
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=zone)


def _day(text: str) -> date | None:
    found = _MOMENT.fullmatch(text.strip())
    try:
        return date(*(int(part) for part in found.groups()[:3])) if found else None
    except ValueError:
        return None


def _days(row: Row) -> tuple[date, date] | None:
    """A month, or from one day to another."""
    if text := row.get("month", ""):
        month = re.fullmatch(r"(\d{4})[-/年](\d{1,2})(?:[-/]0?1|月)?", text.strip())
        if month is None or not 1 <= int(month[2]) <= 12:
            return None
        year, number = int(month[1]), int(month[2])
        return date(year, number, 1), date(year, number, monthrange(year, number)[1])
    first, last = _day(row.get("first_date", "")), _day(row.get("last_date", ""))
    return (first, last) if first and last else None


def _no_day(number: int, field: str, text: str) -> Fault:
    return Fault(number, field, Words(zh=f"“{text}”不是日期", en=f"“{text}” is no date"))


def _units() -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(active=True).order_by("code")}


def _unit_faults(number: int, row: Row, units: Mapping[str, Unit]) -> list[Fault]:
    return [] if row["unit"] in units else [unknown(number, "unit", row["unit"])]


def _taken(points: Any) -> dict[str, list[tuple[date, date]]]:
    found: dict[str, list[tuple[date, date]]] = {}
    rows = VoltageReading.objects.filter(point__in=points).order_by("first_date")
    for code, first, last in rows.values_list("point__code", "first_date", "last_date"):
        found.setdefault(code, []).append((first, last))
    return found


def _point(
    number: int,
    row: Row,
    units: Mapping[str, Unit],
    points: Mapping[str, VoltagePoint],
    fresh: dict[str, VoltagePoint],
) -> tuple[VoltagePoint | None, list[Fault]]:
    code = row["point"]
    if code in points or code in fresh:
        return points.get(code) or fresh[code], []
    empty = Words(zh="新监测点须填写", en="is needed for a point that isn't there yet")
    wrong = [Fault(number, name, empty) for name in POINT if not row.get(name)]
    if not wrong:
        wrong = _unit_faults(number, row, units)
    if wrong:
        return None, wrong
    klass, nominal = row["class"].upper(), int(row["nominal"])
    lower, upper = band(klass, nominal)
    fresh[code] = VoltagePoint(
        code=code,
        name=row["name"],
        unit=units[row["unit"]],
        area=row["area"],
        klass=klass,
        nominal=nominal,
        lower=lower,
        upper=upper,
    )
    return fresh[code], []
