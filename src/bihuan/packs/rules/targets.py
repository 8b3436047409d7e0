"""What is aimed at: of an indicator, for the company or one unit, from a day on; in each period, or in the sum of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bihuan.kernel.words import Words
from bihuan.packs.rules.table import Sheet, Table

CERTAINTIES = ("seen", "memory", "design")
SPANS: dict[str, Words] = {
    "each": Words(zh="每一统计期", en="each period"),
    "year": Words(zh="全年累计", en="the sum of a year"),
}
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it stands: `value` None takes away what stood. `unit` None: the company and every unit without one of its own.

    Without a `unit`, a target set by somebody wins over a file's; of two, the one that begins later, then the one set later.
    """

    indicator: str
    unit: str | None
    from_date: date
    value: Decimal | None
    source: Words
    span: str = "each"
    certainty: str = ""
    by: str = ""
    """Who set it; empty for a file's."""


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets, weaker ones first, by indicator and unit."""

    found: Mapping[tuple[str, str | None], tuple[Aim, ...]]

    def standing(self, indicator: str, unit: str | None, day: date, span: str = "each") -> Aim | None:
        """The target that holds on this day: the unit's own, else the company's; None where there is none."""
        for whose in dict.fromkeys((unit, None)):
            told = [
                aim
                for aim in self.found.get((indicator, whose), ())
                if aim.from_date <= day and aim.span == span
            ]
            if told and (told[-1].value is not None or whose is None):
                return told[-1] if told[-1].value is not None else None
        return None

    def of(self, indicator: str, unit: str | None, day: date, span: str = "each") -> Decimal | None:
        """Its value."""
        aim = self.standing(indicator, unit, day, span)
        return aim.value if aim else None


def gathered(files: Iterable[Aim], kept: Iterable[Aim]) -> Targets:
    """Targets of files, and over them those that somebody set, in the order in which they were set."""
    found: dict[tuple[str, str | None], list[Aim]] = defaultdict(list)
    for group in (files, kept):
        for aim in sorted(group, key=lambda one: one.from_date):
            found[aim.indicator, aim.unit].append(aim)
    return Targets({key: tuple(aims) for key, aims in found.items()})


def targets_from(sheet: Sheet, *, code: str, indicators: Iterable[str]) -> tuple[Aim, ...]:
    """The targets of a file; raises `PackFault`."""
    file = Table(sheet.file, "", sheet.content)
    file.only("targets", "target")
    head = file.table("targets")
    head.only("code", "title", "source")
    head.words("title")
    if head.text("code") != code:
        raise head.fault(
            "code",
            Words(
                zh=f"应与文件名“{code}”一致",
                en=f"the name of its file, '{code}'",
            ),
        )
    known, found = set(indicators), list[Aim]()
    for table in file.tables("target"):
        table.only("indicators", "value", "from", "certainty", "source", "note", "unit", "span")
        named = table.content.get("indicators")
        if not isinstance(named, list) or not named or not all(isinstance(one, str) for one in named):
            raise table.fault(
                "indicators",
                Words(
                    zh="应为指标代码的列表",
                    en="a list of codes of indicators",
                ),
            )
        for one in named:
            if one not in known:
                raise table.fault(
                    "indicators",
                    Words(
                        zh=f"应为指标代码；没有指标“{one}”",
                        en=f"codes of indicators; '{one}' is none",
                    ),
                )
            found.append(
                Aim(
                    indicator=one,
                    unit=table.text("unit", "") or None,
                    from_date=table.day("from"),
                    value=_value(table),
                    source=table.words("source"),
                    span=table.one_of("span", SPANS) if "span" in table.content else "each",
                    certainty=table.one_of("certainty", CERTAINTIES),
                )
            )
    return tuple(found)


def _value(table: Table) -> Decimal:
    value = number(table.text("value"))
    if value is None:
        raise table.fault(
            "value",
            Words(
                zh='应为加引号的数，如 "99.5"',
                en='a number as text, like "99.5"',
            ),
        )
    return value


def number(text: str) -> Decimal | None:
    """A target's value as somebody writes it; None where it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    fits = value.is_finite() and abs(value) < LARGEST and isinstance(exponent, int) and exponent >= -4
    return value if fits else None
