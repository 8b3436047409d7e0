"""The limits of a promise, the business hours that they name, and who is warned before they run out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from bihuan.kernel.hours import DAY_GROUPS, BusinessHours, Window
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES, LimitRow, Warn, Warned
from bihuan.kernel.words import Words
from bihuan.packs.rules.table import Table

Hours = Mapping[str, BusinessHours]
"""Business hours by the name that a pack gives them."""

_LONGEST = {
    LimitUnit.minutes: 527_040,
    LimitUnit.hours: 8_784,
    LimitUnit.business_minutes: 527_040,
    LimitUnit.business_hours: 8_784,
}
_LONGEST_DAYS = 3_660
_BUSINESS = (LimitUnit.business_minutes, LimitUnit.business_hours)


def hours_from(files: Iterable[Table]) -> Hours:
    """Every `[[hours]]` of a pack."""
    found: dict[str, BusinessHours] = {}
    for file in files:
        for table in file.tables("hours"):
            table.only("code", "windows")
            code = table.code("code")
            if code in found:
                raise table.fault(
                    "code",
                    Words(
                        zh="每个营业时间名称只能出现一次",
                        en="each name of business hours once",
                    ),
                )
            windows = tuple(_window(item) for item in table.tables("windows"))
            if not windows:
                raise table.fault(
                    "windows",
                    Words(
                        zh="至少应有一项",
                        en="at least one",
                    ),
                )
            found[code] = BusinessHours(windows)
    return found


def limits(table: Table, hours: Hours, *, backwards: bool) -> tuple[LimitRow, ...]:
    """The rows of `limits`; `backwards` for what is counted back from an event."""
    rows: list[LimitRow] = []
    for item in table.tables("limits"):
        item.only("area", "class", "amount", "unit", "cutoff", "hours", "opens", "internal")
        for key in ("cutoff", "opens"):
            if backwards and key in item.content:
                raise item.fault(
                    key,
                    Words(
                        zh="自事件倒计的时限不应有此项",
                        en="no such key for a limit that is counted back from an event",
                    ),
                )
        row = LimitRow(
            area=item.one_of("area", AREAS) if "area" in item.content else None,
            customer_class=item.one_of("class", CUSTOMER_CLASSES) if "class" in item.content else None,
            limit=(limit := _limit(item, hours)),
            internal=_internal(item, limit, hours),
        )
        if any((row.area, row.customer_class) == (other.area, other.customer_class) for other in rows):
            raise item.fault(
                "area",
                Words(
                    zh="每对地域与客户类别只能出现一次",
                    en="each pair of area and class once",
                ),
            )
        rows.append(row)
    return tuple(rows)


def warnings(table: Table) -> tuple[Warn, ...]:
    """Who is warned, and when: `before` the end or after a `share` of the time."""
    found: list[Warn] = []
    for item in table.tables("warnings"):
        item.only("before", "share", "to")
        if ("before" in item.content) is ("share" in item.content):
            raise item.fault(
                "before",
                Words(
                    zh="before 与 share 应二者居一",
                    en="either before or share",
                ),
            )
        to: Warned = item.one_of("to", get_args(Warned))  # type: ignore[assignment]
        if "share" in item.content:
            warn = Warn(None, item.number("share", least=1, most=100), to)
        else:
            before = item.table("before")
            before.only("amount", "unit")
            units = [unit for unit in LimitUnit if unit not in _BUSINESS]
            warn = Warn(_plain(before, units), None, to)
        if warn in found:
            raise item.fault(
                "to",
                Words(
                    zh="每项预警只能出现一次",
                    en="each warning once",
                ),
            )
        found.append(warn)
    return tuple(found)


def period(table: Table) -> Limit:
    """A period of minutes, hours, calendar days or working days."""
    table.only("amount", "unit")
    return _plain(table, (LimitUnit.minutes, LimitUnit.hours, LimitUnit.days, LimitUnit.working_days))


def _window(item: Table) -> Window:
    item.only("days", "from", "to", "amount")
    days = item.codes("days")
    if not days or any(day not in DAY_GROUPS for day in days):
        raise item.fault(
            "days",
            Words(
                zh=f"应为以下若干：{', '.join(DAY_GROUPS)}",
                en=f"some of {', '.join(DAY_GROUPS)}",
            ),
        )
    amount = item.number("amount", least=1, most=_LONGEST_DAYS) if "amount" in item.content else None
    return Window(days, item.clock("from"), item.clock("to"), amount)


def _limit(item: Table, hours: Hours) -> Limit:
    unit = LimitUnit(item.one_of("unit", LimitUnit))
    if (unit in _BUSINESS) is not ("hours" in item.content):
        named = Words(zh="应为表 [[hours]] 的名称", en="the name of a table [[hours]]")
        barred = Words(zh=f"单位 {unit} 不应有此项", en=f"no such key for the unit {unit}")
        needs = named if unit in _BUSINESS else barred
        raise item.fault("hours", needs)
    if "cutoff" in item.content and unit is not LimitUnit.working_days:
        raise item.fault(
            "cutoff",
            Words(
                zh=f"单位 {unit} 不应有此项",
                en=f"no such key for the unit {unit}",
            ),
        )
    return Limit(
        item.number("amount", least=1, most=_LONGEST.get(unit, _LONGEST_DAYS)),
        unit,
        cutoff=item.clock("cutoff") if "cutoff" in item.content else None,
        hours=_named(item, "hours", hours),
        opens=_named(item, "opens", hours),
    )


def _internal(item: Table, public: Limit, hours: Hours) -> Limit | None:
    if "internal" not in item.content:
        return None
    table = item.table("internal")
    table.only("amount", "unit", "cutoff", "hours", "opens")
    own = _limit(table, hours)
    if own.unit is public.unit and own.amount >= public.amount:
        raise table.fault(
            "amount",
            Words(
                zh=f"应小于对外时限 {public.amount}",
                en=f"less than the public {public.amount}",
            ),
        )
    return own


def _plain(table: Table, units: Iterable[LimitUnit]) -> Limit:
    unit = LimitUnit(table.one_of("unit", units))
    return Limit(table.number("amount", least=1, most=_LONGEST.get(unit, _LONGEST_DAYS)), unit)


def _named(item: Table, key: str, hours: Hours) -> BusinessHours | None:
    if key not in item.content:
        return None
    return hours[item.one_of(key, hours)]
