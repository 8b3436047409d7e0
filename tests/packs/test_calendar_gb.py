"""The bank holidays of England and Wales, beside a package that knows them too."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

from bihuan.packs import queries


def test_a_second_opinion_has_the_same_working_days_from_2015_to_2026() -> None:
    ours, theirs = queries.calendar("gb"), holidays.country_holidays("GB", subdiv="ENG")
    days = [date(2015, 1, 1) + timedelta(n) for n in range((date(2026, 12, 31) - date(2015, 1, 1)).days + 1)]

    assert [day for day in days if ours.is_working_day(day) is (day.weekday() > 4 or day in theirs)] == []


def test_single_days_are_off_for_their_reason() -> None:
    days = queries.calendar("gb")

    def named(year: int, month: int, day: int) -> tuple[str, str]:
        name = days.name(date(year, month, day))
        return days.why(date(year, month, day)), name.en if name else ""

    assert named(2022, 9, 19) == ("holiday", "State Funeral of Queen Elizabeth II")
    assert named(2020, 5, 4) == ("working", "")
    assert named(2020, 5, 8) == ("holiday", "Early May bank holiday")
    assert named(2021, 12, 28) == ("holiday", "Boxing Day")


def test_a_country_without_stocked_holidays_never_pretends_to_know_them() -> None:
    for code in ("in", "ng", "au_vic"):
        assert not any(queries.calendar(code).published(date(year, 6, 1)) for year in range(2015, 2030))
