"""Reports of weeks, months and years: their periods, what stands beside a figure, and contents that stay readable."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bihuan.indicators.queries import figures
from bihuan.indicators.rules import PeriodRefused
from bihuan.packs.actions import set_target
from bihuan.people.actions import house_machine
from bihuan.reports import actions, jobs, queries
from bihuan.reports.layouts.paper import Row
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.models import Snapshot
from bihuan.reports.queries import zone
from bihuan.reports.rules import KINDS, Line, Report, content, differences, report_from
from tests.cast import Cast, appoint, gather, moment
from tests.outages.told import announced, fault

JULY = moment("2007-07-02 09:00")
JUNE = "2007-06"
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.fixture
def cast() -> Cast:
    """In May one repair; in June three repairs, one of them late, and one complaint."""
    made = gather()
    made.restores(made.opens(at=moment("2007-05-10 09:00")))
    for day in ("2007-06-05", "2007-06-06"):
        made.restores(made.opens(at=moment(f"{day} 09:00")))
    late = made.opens(at=moment("2007-06-07 09:00"))
    made.later(hours=3)
    made.restores(late)
    made.answers(made.opens("complaint", at=moment("2007-06-12 09:00")))
    return made


def told(kind: str = "monthly", name: str = JUNE, unit: str | None = None, at: datetime = JULY) -> Report:
    return queries.report(kind=kind, name=name, unit=unit, at=at, known=datetime.now(UTC))


def line(report: Report, code: str, unit: str | None = None) -> Line:
    return next(one for one in report.lines if (one.now.indicator.code, one.now.unit) == (code, unit))


def row(report: Report, code: str) -> Row:
    rows = [row for section in sheet(report).sections for row in section.rows]
    return next(row for row in rows if row.code == code)


@given(DAYS, st.sampled_from(sorted(KINDS)))
def test_every_day_lies_in_the_period_that_it_names(day: date, code: str) -> None:
    kind = KINDS[code]
    period = kind.period(kind.name_of(day), zone())

    assert period.first <= day <= period.last


@given(DAYS, st.sampled_from(sorted(KINDS)), st.integers(1, 30))
def test_periods_follow_one_another_without_a_gap(day: date, code: str, count: int) -> None:
    kind = KINDS[code]
    period = kind.period(kind.name_of(day), zone())

    assert kind.back(period).last.toordinal() + 1 == period.first.toordinal()
    assert kind.back(kind.back(period, count), -count) == period


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("monthly", "2007-13"),
        ("monthly", "2007-6"),
        ("monthly", "2007"),
        ("yearly", "07"),
        ("weekly", "2007-W54"),
    ],
)
def test_a_period_that_does_not_exist_is_refused(kind: str, name: str) -> None:
    with pytest.raises(PeriodRefused):
        KINDS[kind].period(name, zone())


@pytest.mark.django_db
def test_a_month_has_the_month_before_and_the_year_so_far(cast: Cast) -> None:
    repairs = line(told(), "repair.count")

    assert [one.numerator for one in repairs.points] == [0] * 11 + [1, 3]
    assert repairs.to_date is not None
    assert repairs.to_date.numerator == 4
    assert repairs.year_before is None


@pytest.mark.django_db
def test_last_year_stands_beside_when_anything_was_kept_then(cast: Cast) -> None:
    cast.restores(cast.opens(at=moment("2007-06-20 09:00")))
    after = told(name="2008-06", at=moment("2008-07-01 09:00"))

    repairs = line(after, "repair.count")

    assert repairs.year_before is not None
    assert (repairs.now.numerator, repairs.year_before.numerator) == (0, 4)
    assert row(after, "repair.count").year_change == "-4"


@pytest.mark.django_db
def test_a_year_is_compared_with_the_year_before_alone(cast: Cast) -> None:
    year = told("yearly", "2007")

    assert line(year, "repair.count").now.numerator == 4
    assert line(year, "repair.count").to_date is None
    assert year.blank_before(line(year, "repair.count").now)
    assert row(year, "repair.count").before == "—"
    assert year.words["repair"].zh.startswith("受理报修4件。")


@pytest.mark.django_db
def test_a_breakdown_adds_up_to_its_figure(cast: Cast) -> None:
    month = told()
    tables = {table.code: table for table in month.tables}

    assert sum(one.now[0] for one in tables["repair.by_kind"].shares) == 3
    assert sum(one.before[0] for one in tables["repair.by_kind"].shares) == 1
    assert [one.title.zh for one in tables["callback.by_loop"].shares] == ["故障报修", "投诉"]
    assert tables["callback.by_loop"].shares[0].now == (3, 0, 0)


@pytest.mark.django_db
def test_promise_by_promise_adds_up_to_the_pooled_rate(cast: Cast) -> None:
    month = told()
    shares = {
        one.code: one.now for table in month.tables if table.code == "promise.by_code" for one in table.shares
    }
    pooled = line(month, "promise.kept").now

    assert shares == {"repair-arrival": (2, 3), "first-contact": (1, 1), "matter-answer": (1, 1)}
    assert (sum(kept for kept, _ in shares.values()), sum(due for _, due in shares.values())) == (
        pooled.numerator,
        pooled.denominator,
    )
    (rows,) = [
        part.rows for one in sheet(month).sections for part in one.tables if part.code == "promise.by_code"
    ]
    assert rows[0] == ("故障报修到达现场", "3", "2", "1", "66.67 %", "100.00 %")


@pytest.mark.django_db
def test_a_unit_alone_has_its_own_breakdowns(cast: Cast) -> None:
    assert told(unit="NA").tables == ()
    assert next(table.code for table in told(unit="YJP").tables) == "repair.by_kind"


@pytest.mark.django_db
def test_a_roll_names_its_cases_but_none_told_in_confidence(cast: Cast) -> None:
    appoint(cast.handler.actor, cast.nan, "handler")
    appoint(cast.inspector.actor, cast.centre, "callback")
    open_one = cast.opens("complaint", at=moment("2007-06-13 09:00"))
    secret = cast.opens("tipoff", at=moment("2007-06-13 09:30"))
    for case in (open_one, secret):
        cast.takes(case, "supervise", cast.inspector, at=cast.later(minutes=5), facts={"reason": "severity"})

    rolls = {roll.code: roll for roll in told().rolls}

    assert [number for number, _, _ in rolls["complaint.watched"].cases] == [open_one.number]
    assert secret.number not in content(told())


@pytest.mark.django_db
def test_lines_off_three_times_in_two_months_are_named_with_their_faults(cast: Cast) -> None:
    announced(cast, at=moment("2007-05-20 08:00"))
    fault(cast, "2007-05-03 09:00", "2007-05-03 10:00")
    for day in ("06", "20"):
        fault(cast, f"2007-06-{day} 09:00", f"2007-06-{day} 10:00")
    for day in ("01", "02", "03"):
        fault(cast, f"2007-04-{day} 09:00", f"2007-04-{day} 10:00", line="YJP-L2", line_name="沙湾线")
    fault(cast, "2007-06-21 09:00", "2007-06-21 10:00", line="YJP-L2", line_name="沙湾线")

    june, may = told(), told(name="2007-05")

    # The plan has not been switched off: nothing began. What lies more than 61 days back counts no longer.
    assert lines_off(june) == [("石坪线 YJP-L1", "3", "1", "3", "1")]
    assert lines_off(may) == [("沙湾线 YJP-L2", "3", "3", "3", "3")]
    assert lines_off(report_from(content(june), version=1)) == lines_off(june)
    assert line(june, "outage.begun").now.numerator == 3


def lines_off(report: Report) -> list[tuple[str, ...]]:
    return [
        row
        for section in sheet(report).sections
        for part in section.tables
        if part.code == "outage.lines"
        for row in part.rows
    ]


@pytest.mark.django_db
def test_a_long_breakdown_says_on_paper_how_many_rows_it_leaves_to_the_workbook(cast: Cast) -> None:
    for line_number in range(33):
        for day in ("06", "20", "27"):
            fault(
                cast, f"2007-06-{day} 09:00", f"2007-06-{day} 10:00", line=f"L{line_number:02}", line_name=""
            )
    (table,) = [
        part for section in sheet(told()).sections for part in section.tables if part.code == "outage.lines"
    ]

    assert (len(table.rows), len(table.shown), table.more) == (33, 30, "另有3行")
    assert table.rows[0][0] == "L00"


@pytest.mark.django_db
def test_faults_of_more_than_eight_hours_are_named_and_open_their_pages(cast: Cast) -> None:
    long = fault(cast, "2007-06-06 09:00", "2007-06-06 19:30")
    fault(cast, "2007-06-07 09:00", "2007-06-07 17:00")

    (roll,) = [
        roll for section in sheet(told()).sections for roll in section.rolls if roll.code == "outage.long"
    ]

    assert roll.cases == ((long.number, "杨家坪供电局", "10.5小时，石坪村、石桥铺"),)
    assert roll.page == "outage"


@pytest.mark.django_db
def test_stages_in_time_leave_out_the_service_centre_s_callbacks_and_agreed_dates(cast: Cast) -> None:
    """Nobody called the four customers of June back, and an action is overdue: neither is the bureau's order."""
    facts = {"kind": "repair", "by_when": moment("2007-06-15 18:00")}
    notes = {"description": "增配一台抢修车"}
    action = cast.opens("action", by=cast.editor, at=moment("2007-06-13 09:00"), facts=facts, notes=notes)
    cast.takes(action, "assign", cast.editor, at=cast.later(minutes=1), facts={"unit": "YJP"})
    stages = line(told(), "promise.order_in_time").now

    assert line(told(), "promise.kept.callback-owed").now.denominator == 4
    assert (stages.numerator, stages.denominator) == (4, 5)


@pytest.mark.django_db
def test_a_budget_of_the_year_is_held_against_the_year_so_far(cast: Cast) -> None:
    set_target(
        indicator="repair.count",
        unit=None,
        from_date=date(2007, 1, 1),
        value="3",
        span="year",
        source="责任书",
        by=cast.editor.actor,
        recorded_at=moment("2007-01-02 09:00"),
    )
    month = told()

    assert line(month, "repair.count").budget == Decimal(3)
    assert line(month, "repair.count").over_budget is True
    assert row(month, "repair.count").target == "全年 3 (133 %)"
    assert row(month, "repair.count").now.missed


@pytest.mark.django_db
def test_a_bureau_is_ranked_among_those_with_cases_enough() -> None:
    cast = gather()
    crew = cast.crew
    for hour in range(11):
        cast.restores(cast.opens(at=moment(f"2007-06-05 {hour + 8:02}:00")))

    ranked = line(told(unit="YJP"), "repair.arrived_in_time", "YJP").rank

    assert crew is cast.crew
    assert ranked is not None
    assert (ranked.place, ranked.best, ranked.worst, ranked.of) == (1, 1, 1, 1)


@pytest.mark.django_db
def test_a_frozen_month_reads_as_it_was_frozen(cast: Cast) -> None:
    now = datetime.now(UTC)
    kept = actions.freeze(
        kind="monthly", name=JUNE, at=JULY, known=now, by=cast.editor.actor, recorded_at=now
    )

    again = report_from(kept.content, version=kept.version)

    assert content(again) == kept.content
    assert list(queries.differing_snapshots()) == []
    assert queries.latest(kind="weekly", name=JUNE, unit=None) is None


@pytest.mark.django_db
def test_what_was_frozen_before_there_were_months_stays_readable(cast: Cast) -> None:
    new: dict[str, Any] = json.loads(content(told("weekly", "2007-W23")))
    for key in ("kind", "beside", "budgets", "ranks", "tables", "rolls"):
        del new[key]
    new["week"], new["weeks"] = new.pop("name"), new.pop("points")

    old = report_from(json.dumps(new), version=1)

    assert (old.kind.code, old.name) == ("weekly", "2007-W23")
    assert line(old, "repair.count").now.numerator == 3
    assert sheet(old).sections


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2007-07-01 05:59", []),
        ("2007-07-02 07:00", [("monthly", "2007-06")]),
        ("2007-07-01 06:05", [("monthly", "2007-06")]),
        ("2008-01-01 06:05", [("monthly", "2007-12"), ("yearly", "2007")]),
        ("2007-02-03 09:00", []),
    ],
)
def test_the_house_publishes_from_the_first_day_on(cast: Cast, at: str, kept: list[tuple[str, str]]) -> None:
    house_machine(at=moment("2007-01-01 08:00"))

    with time_machine.travel(moment(at), tick=False):
        jobs.monthly.func(0)
        jobs.monthly.func(0)

    assert sorted(Snapshot.objects.values_list("kind", "period")) == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "name"),
    [("weekly", "2007-W23"), ("weekly", "2007-W01"), ("monthly", "2007-06"), ("monthly", "2008-01")],
)
def test_the_year_so_far_is_what_one_count_of_those_days_says(cast: Cast, kind: str, name: str) -> None:
    for day in ("2007-01-03", "2007-12-31", "2008-01-03"):
        cast.restores(cast.opens(at=moment(f"{day} 09:00")))
    at = moment("2008-02-02 09:00")
    whole = KINDS[kind].to_date(KINDS[kind].period(name, zone()))
    assert whole is not None

    (counted,) = figures(periods=[whole], at=at)

    found = {(line.now.indicator.code, line.now.unit): line.to_date for line in told(kind, name, at=at).lines}
    assert {key: (one.numerator, one.denominator) for key, one in found.items() if one} == {
        (one.indicator.code, one.unit): (one.numerator, one.denominator) for one in counted
    }


@pytest.mark.django_db
def test_an_indicator_that_is_new_is_no_erratum_of_what_was_frozen_without_it(cast: Cast) -> None:
    new = content(told("weekly", "2007-W23"))
    old: dict[str, Any] = json.loads(new)
    old["figures"] = [one for one in old["figures"] if one["code"] != "index.service"]

    assert differences(json.dumps(old), new) == []
    old["figures"] = [
        one | {"numerator": 9} if one["code"] == "repair.count" else one for one in old["figures"]
    ]
    assert {one.code for one in differences(json.dumps(old), new)} == {"repair.count"}
