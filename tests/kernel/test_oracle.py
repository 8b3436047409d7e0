"""The kernel and an independent, slow count agree."""

from __future__ import annotations

from tests.kernel.drawn import differences, questions


def test_the_oracle_agrees_on_two_thousand_cases() -> None:
    assert differences(2000, seed=20070604) == []


def test_the_cases_cover_every_unit_and_every_way_to_stop_a_clock() -> None:
    drawn = [asked for asked, _ in questions(2000, seed=20070604)]

    assert len({asked.unit for asked in drawn}) == 7
    assert min(sum(bool(getattr(asked, what)) for asked in drawn) for what in ("cutoff", "opens")) > 50
    assert sum(len(asked.pauses) > 1 and asked.unit == "working_days" for asked in drawn) > 50
    assert sum(bool(asked.hours and asked.pauses) for asked in drawn) > 100
