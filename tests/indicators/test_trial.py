"""A draft is tried on the cases of a period: what would have been kept, case by case, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.indicators import actions
from bihuan.indicators.queries import kept, trial
from bihuan.packs import actions as packs
from bihuan.packs import queries
from bihuan.packs.models import Trial
from bihuan.packs.queries import versions
from bihuan.people.rules import Scope
from bihuan.promises.models import Clock, Verdict
from bihuan.promises.rules import standing
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

COMPANY = Scope(company=True, paths=())
JUNE: dict[str, Any] = {"first": date(2007, 6, 1), "last": date(2007, 6, 30)}
NOON = moment("2007-06-30 12:00")
CODE = "chongqing-2007"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def arrives(cast: Cast, after: int, at: str) -> None:
    """A repair in the city at which the crew arrives so many minutes after the call."""
    case = cast.opens("repair", at=moment(at))
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=1), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=1), facts={"crew": "YJP-Q1"})
    cast.takes(case, "arrive", cast.crew, at=moment(at) + timedelta(minutes=after))


def month() -> Cast:
    """Four arrivals, after 20, 40, 50 and 90 minutes, and a fault at which nobody has arrived."""
    cast = gather()
    for day, after in enumerate((20, 40, 50, 90), 4):
        arrives(cast, after, f"2007-06-{day:02} 10:00")
    cast.opens("repair", at=moment("2007-06-30 11:20"))
    return cast


def draft(minutes: int) -> str:
    return versions.version(CODE, 0).text.replace("amount = 45", f"amount = {minutes}")


def tried(text: str, **more: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"order": (CODE, "sgcc-2005"), "on": date(2007, 7, 1), "at": NOON, **JUNE}
    return trial.try_draft(draft=queries.parse(CODE, text), **asked | more)


def arrival(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in told["rows"] if row["promise"] == "repair-arrival")
    return found


def test_a_shorter_limit_tells_who_would_have_been_late() -> None:
    month()

    told = tried(draft(30))

    row = arrival(told)
    assert (row["now"]["kept"], row["now"]["broken"], row["now"]["running"]) == (2, 2, 1)
    assert (row["draft"]["kept"], row["draft"]["broken"], row["draft"]["running"]) == (1, 4, 0)
    assert (row["better"], row["worse"], row["moved"]) == (0, 1, 3)
    assert told["cases"] == 5
    assert told["changed"] == 2  # after 40 minutes, and the one that is still waited for


def test_a_longer_limit_tells_who_would_have_been_in_time() -> None:
    month()

    told = tried(draft(60))

    row = arrival(told)
    assert (row["better"], row["worse"], row["moved"]) == (1, 0, 4)
    (case,) = told["shown"]
    assert (case["was"], case["would"]) == ("broken", "kept")
    assert case["was_due"] == moment("2007-06-06 10:45").isoformat()
    assert case["would_due"] == moment("2007-06-06 11:00").isoformat()
    assert case["ended"] == moment("2007-06-06 10:50").isoformat()
    assert case["number"] == Clock.objects.get(started_at=moment("2007-06-06 10:00")).case.number


def test_what_the_draft_leaves_alone_is_counted_as_it_stands() -> None:
    cast = month()
    cast.answers(cast.opens("situation", at=moment("2007-06-11 09:00")))

    told = tried(draft(45))

    assert told["changed"] == 0
    assert all(row["now"] == row["draft"] for row in told["rows"])
    stored = {
        (one.loop, one.promise): (one.kept, one.broken, one.running, one.void, one.measured)
        for one in kept.tallies(seen=COMPANY, since=moment("2007-06-01 00:00"), at=NOON)
    }
    assert stored == {
        (row["loop"], row["promise"]): tuple(row["now"][part] for part in kept.PARTS) for row in told["rows"]
    }
    assert len(stored) >= 4


def test_the_draft_holds_in_the_trial_however_long_ago_the_cases_were() -> None:
    month()
    later = draft(30).replace("valid_from = 2007-01-01", "valid_from = 2031-01-01")

    told = tried(later, on=date(2031, 1, 1))

    assert arrival(told)["worse"] == 1


def test_a_promise_only_in_the_draft_comes_and_one_left_out_goes() -> None:
    month()
    told = tried(draft(45).replace('code = "repair-arrival"', 'code = "crew-arrival"'), order=(CODE,))

    rows = {row["promise"]: row for row in told["rows"]}
    assert (rows["repair-arrival"]["gone"], rows["repair-arrival"]["draft"]["kept"]) == (5, 0)
    assert (rows["crew-arrival"]["come"], rows["crew-arrival"]["draft"]["kept"]) == (5, 2)


def test_a_pack_that_is_not_adopted_is_tried_as_if_it_won() -> None:
    month()
    text = versions.version("sgcc-2005", 0).text.replace("amount = 45", "amount = 30")

    told = trial.try_draft(
        draft=queries.parse("sgcc-2005", text),
        order=("sgcc-2005", CODE),
        on=date(2007, 7, 1),
        at=NOON,
        **JUNE,
    )

    assert arrival(told)["worse"] == 1


def test_a_trial_changes_no_case_and_no_clock() -> None:
    month()
    before = list(Clock.objects.order_by("id").values()), list(Verdict.objects.order_by("id").values())

    tried(draft(5))

    assert before == (
        list(Clock.objects.order_by("id").values()),
        list(Verdict.objects.order_by("id").values()),
    )


def test_the_sums_come_out_whatever_the_size_of_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    month()
    whole = tried(draft(30))

    monkeypatch.setattr(trial, "CHUNK", 2)
    heard: list[int] = []
    parts = tried(draft(30), tell=heard.append)

    assert parts == whole
    assert heard == [2, 4, 5]


def test_more_cases_than_are_named_are_still_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    month()
    monkeypatch.setattr(trial, "SHOWN", 1)

    told = tried(draft(30))

    assert (told["changed"], len(told["shown"])) == (2, 1)


def test_only_the_period_is_tried_by_the_days_of_the_utility() -> None:
    cast = gather()
    arrives(cast, 40, "2007-05-31 23:59")
    arrives(cast, 40, "2007-06-01 00:00")
    arrives(cast, 40, "2007-06-30 23:59")

    told = tried(draft(30), at=moment("2007-07-02 00:00"))

    assert told["cases"] == 2
    assert trial.size(**JUNE) == 2


def test_a_trial_costs_the_same_queries_with_many_cases() -> None:
    cast = month()
    tried(draft(30))
    with CaptureQueriesContext(connection) as few:
        tried(draft(30))

    for day in range(10, 20):
        arrives(cast, 40, f"2007-06-{day} 10:00")
    with CaptureQueriesContext(connection) as many:
        tried(draft(30))

    assert len(many) == len(few)


def asks(cast: Cast, **more: Any) -> Trial:
    given: dict[str, Any] = {"code": CODE, "based_on": f"{CODE}/0", "text": draft(30), **JUNE}
    given |= {"on": date(2007, 7, 1), "by": cast.inspector.actor, "at": NOON}
    return actions.ask_trial(**given | more)


def at_noon() -> datetime:
    return NOON


def test_a_trial_is_counted_by_the_job_once() -> None:
    asked = asks(month())
    assert ProcrastinateJob.objects.get().args == {"trial": str(asked.pk)}

    actions.run_trial(key=asked.pk, clock=at_noon)
    actions.run_trial(key=asked.pk, clock=lambda: NOON + timedelta(hours=1))

    asked.refresh_from_db()
    assert (asked.counted, asked.total, asked.done_at) == (5, 5, NOON)
    assert asked.result is not None
    assert arrival(asked.result)["worse"] == 1


def test_a_trial_that_fails_says_so_and_the_worker_hears_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asks(month())

    def breaks(**_: object) -> None:
        raise ZeroDivisionError("no days")

    monkeypatch.setattr(trial, "try_draft", breaks)
    with pytest.raises(ZeroDivisionError):
        actions.run_trial(key=asked.pk, clock=at_noon)

    asked.refresh_from_db()
    assert (asked.fault, asked.done_at, asked.result) == ("ZeroDivisionError: no days", NOON, None)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2006, 1, 1), date(2007, 6, 30)),
        (date(2007, 6, 2), date(2007, 6, 1)),
        (date(2007, 6, 1), date(2007, 7, 1)),
    ],
)
def test_a_trial_is_of_at_most_a_year_that_is_over(first: date, last: date) -> None:
    with pytest.raises(packs.PeriodTooLong):
        asks(gather(), first=first, last=last)

    assert not Trial.objects.exists()


def test_a_count_opens_to_the_clocks_that_were_counted() -> None:
    month()
    since = moment("2007-06-01 00:00")

    for one in kept.tallies(seen=COMPANY, since=since, at=NOON):
        for part in kept.PARTS:
            found = kept.behind(
                pack=one.pack,
                promise=one.promise,
                loops=[one.loop],
                kinds=[one.kind],
                part=part,
                seen=COMPANY,
                since=since,
                at=NOON,
            )
            assert found.count() == getattr(one, part)
            assert {_stands(clock) for clock in found} <= {part}


def test_counts_are_of_the_units_that_somebody_sees() -> None:
    cast = month()
    since = moment("2007-06-01 00:00")

    own = kept.tallies(seen=Scope(company=False, paths=(cast.yang.path,)), since=since, at=NOON)
    others = kept.tallies(seen=Scope(company=False, paths=(cast.nan.path,)), since=since, at=NOON)

    assert [one.kept for one in own if one.promise == "repair-arrival"] == [2]
    assert others == []


def _stands(clock: Clock) -> str:
    how = standing(
        started_at=clock.started_at,
        due_at=clock.due_at,
        by_day=clock.by_day,
        ended_at=clock.ended_at,
        void_at=clock.void_at,
        at=NOON,
        kind=clock.kind,
        suspended_at=clock.suspended_at,
    )
    return "running" if how in ("close", "suspended") else str(how)
