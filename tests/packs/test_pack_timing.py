"""Limits, hours, suspensions, warnings and sums of a pack: read as written, refused by file, key and expectation."""

from __future__ import annotations

import copy
from datetime import date, time
from typing import Any

import pytest

from bihuan.kernel.hours import BusinessHours, Window
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import Compensation, Promise, Warn
from bihuan.packs.rules import PackFault, Sheet, pack_from

MOMENTS = {"repair": frozenset({"accepted", "arrived"}), "service": frozenset({"accepted", "answered"})}
KINDS = {"service": frozenset({"meter", "reading"})}
TITLE = {"zh": "测试", "en": "Test"}
DAYTIME = {"code": "daytime", "windows": [{"days": ["working"], "from": time(9), "to": time(17)}]}
GOOD: dict[str, Any] = {
    "pack": {
        "code": "test",
        "edition": "1",
        "title": TITLE,
        "source": "here",
        "calendar": "gb",
        "valid_from": date(2007, 1, 1),
    },
    "hours": [DAYTIME],
    "promise": [
        {
            "code": "meter-check",
            "title": TITLE,
            "kind": "step_limit",
            "loops": ["service"],
            "starts": "accepted",
            "keeps": "answered",
            "public": True,
            "certainty": "memory",
            "kinds": ["meter"],
            "limits": [
                {
                    "amount": 5,
                    "unit": "working_days",
                    "cutoff": time(15),
                    "opens": "daytime",
                    "internal": {"amount": 16, "unit": "business_hours", "hours": "daytime"},
                }
            ],
            "suspensions": ["customer_absent", "weather"],
            "warnings": [
                {"before": {"amount": 2, "unit": "working_days"}, "to": "person"},
                {"share": 90, "to": "leader"},
            ],
            "compensation": [
                {"class": "resident", "currency": "GBP", "amount": 3000, "automatic": True},
                {
                    "currency": "GBP",
                    "amount": 6000,
                    "further": 1000,
                    "cap": 9000,
                    "automatic": False,
                    "every": {"amount": 12, "unit": "hours"},
                    "certainty": "seen",
                },
            ],
        }
    ],
}


def read(content: dict[str, Any]) -> Promise:
    """The first promise of this content."""
    pack = pack_from([Sheet("test/pack.toml", content)], code="test", moments=MOMENTS, kinds=KINDS)
    return pack.promises[0]


def broken(*path: str | int, by: Any) -> dict[str, Any]:
    """The good pack with one value of its first promise put wrong; None takes the key away."""
    content = copy.deepcopy(GOOD)
    spot: Any = content if path[0] in ("hours", "pack") else content["promise"][0]
    for key in path[:-1]:
        spot = spot[key]
    if by is None:
        del spot[path[-1]]
    else:
        spot[path[-1]] = by
    return content


def test_everything_is_read_as_written() -> None:
    promise = read(GOOD)

    daytime = BusinessHours((Window(("working",), time(9), time(17)),))
    (row,) = promise.limits
    assert row.limit == Limit(5, LimitUnit.working_days, cutoff=time(15), opens=daytime)
    assert row.internal == Limit(16, LimitUnit.business_hours, hours=daytime)
    assert promise.kinds == ("meter",)
    assert promise.suspensions == ("customer_absent", "weather")
    assert promise.warnings == (
        Warn(Limit(2, LimitUnit.working_days), None, "person"),
        Warn(None, 90, "leader"),
    )
    assert promise.compensation == (
        Compensation("resident", "GBP", 3000, automatic=True, certainty="memory"),
        Compensation(None, "GBP", 6000, 1000, Limit(12, LimitUnit.hours), 9000, certainty="seen"),
    )


def test_the_pack_says_by_which_calendar_its_days_are_counted() -> None:
    named = pack_from([Sheet("p", GOOD)], code="test", moments=MOMENTS)
    unnamed = pack_from([Sheet("p", broken("pack", "calendar", by=None))], code="test", moments=MOMENTS)

    assert (named.calendar, unnamed.calendar) == ("gb", "cn")


def test_business_hours_may_stand_in_another_file_of_the_pack() -> None:
    content = copy.deepcopy(GOOD)
    hours = {"hours": content.pop("hours")}

    pack = pack_from([Sheet("b", content), Sheet("a", hours)], code="test", moments=MOMENTS)

    assert pack.promises[0].limits[0].limit.opens is not None


def test_a_level_may_be_a_number_of_hours_in_a_year() -> None:
    level = {
        "code": "annual-hours-18",
        "title": TITLE,
        "kind": "period_level",
        "public": True,
        "certainty": "seen",
        "level": "18",
        "measure": "hours_a_year",
    }

    promise = read({**GOOD, "promise": [level]})

    assert (promise.level, promise.measure) == ("18", "hours_a_year")


def test_one_code_may_stand_twice_for_different_kinds_of_a_case() -> None:
    other = copy.deepcopy(GOOD["promise"][0]) | {"kinds": ["reading"]}

    pack = pack_from(
        [Sheet("p", {**GOOD, "promise": [*GOOD["promise"], other]})], code="test", moments=MOMENTS
    )

    assert [item.kinds for item in pack.promises] == [("meter",), ("reading",)]


LIMIT = ("limits", 0)
SUM = ("compensation", 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (broken(*LIMIT, "colour", by="red"), "promise[1].limits[1].colour: expected one of the keys area, class"),
        (broken(*LIMIT, "cutoff", by="15:00"), "limits[1].cutoff: expected a time like 08:30:00"),
        (broken(*LIMIT, "cutoff", by=time(15, 0, 30)), "limits[1].cutoff: expected a time like 08:30:00"),
        (broken(*LIMIT, "unit", by="days"), "limits[1].cutoff: expected no such key for the unit days"),
        (broken(*LIMIT, "hours", by="daytime"), "limits[1].hours: expected no such key for the unit working_days"),
        (broken(*LIMIT, "opens", by="night"), "limits[1].opens: expected one of daytime."),
        (broken(*LIMIT, "internal", by=4), "limits[1].internal: expected a table [internal]."),
        (broken(*LIMIT, "internal", "hours", by=None), "limits[1].internal.hours: expected the name of a table [[hours]]"),
        (broken(*LIMIT, "internal", "area", by="urban"), "limits[1].internal.area: expected one of the keys amount"),
        (broken(*LIMIT, "internal", by={"amount": 5, "unit": "working_days"}), "internal.amount: expected less than the public 5"),
        (broken("kinds", by=["moon"]), "promise[1].kinds: expected kinds that the loop 'service' has (meter, reading)"),
        (broken("kinds", by="meter"), "promise[1].kinds: expected a list of codes."),
        (broken("suspensions", by=["tired"]), "promise[1].suspensions: expected reasons from customer_papers"),
        (broken("suspensions", by=["weather", "weather"]), "suspensions: expected reasons from customer_papers"),
        (broken("warnings", by="soon"), "promise[1].warnings: expected a list of tables [[warnings]]."),
        (broken("warnings", 1, "to", by="boss"), "warnings[2].to: expected one of person, leader, department, supervision."),
        (broken("warnings", 1, "share", by=101), "warnings[2].share: expected a whole number from 1 to 100."),
        (broken("warnings", 1, "share", by=None), "warnings[2].before: expected either before or share."),
        (broken("warnings", 0, "share", by=50), "warnings[1].before: expected either before or share."),
        (broken("warnings", 0, "before", "unit", by="weeks"), "warnings[1].before.unit: expected one of minutes, hours, days"),
        (broken("warnings", 0, "before", "unit", by="business_hours"), "warnings[1].before.unit: expected one of minutes"),
        (broken("warnings", by=[{"share": 90, "to": "leader"}] * 2), "warnings[2].to: expected each warning once."),
        (broken(*SUM, "currency", by="pound"), "compensation[2].currency: expected three capital letters, like CNY."),
        (broken(*SUM, "amount", by=60.5), "compensation[2].amount: expected a whole number from 0"),
        (broken(*SUM, "automatic", by=None), "compensation[2].automatic: expected true or false."),
        (broken(*SUM, "every", by=None), "compensation[2].every: expected further and every together."),
        (broken(*SUM, "further", by=None), "compensation[2].further: expected further and every together."),
        (broken(*SUM, "further", by=0), "compensation[2].further: expected a whole number from 1"),
        (broken(*SUM, "every", "unit", by="days_rolled"), "compensation[2].every.unit: expected one of minutes, hours, days"),
        (broken(*SUM, "cap", by=5999), "compensation[2].cap: expected a whole number from 6000"),
        (broken(*SUM, "certainty", by="sure"), "compensation[2].certainty: expected one of seen, memory, design."),
        (broken(*SUM, "class", by="king"), "compensation[2].class: expected one of resident"),
        (broken(*SUM, "class", by="resident"), "compensation[2].class: expected each class once."),
        (broken("measure", by="percent"), "promise[1].measure: expected no such key for the kind step_limit"),
        (broken("kind", by="average"), "promise[1].compensation: expected no such key for the kind average"),
        (broken("kind", by="notice_before"), "limits[1].cutoff: expected no such key for a limit that is counted back"),
        (broken("kind", by="attested"), "promise[1].limits: expected no such key for the kind attested"),
        (broken("hours", 0, "windows", by=[]), "hours[1].windows: expected at least one."),
        (broken("hours", 0, "windows", 0, "days", by=["monday"]), "hours[1].windows[1].days: expected some of mon, tue"),
        (broken("hours", 0, "windows", 0, "from", by="09:00"), "hours[1].windows[1].from: expected a time like 08:30:00"),
        (broken("hours", 0, "windows", 0, "amount", by=0), "hours[1].windows[1].amount: expected a whole number"),
        (broken("hours", by=[DAYTIME, DAYTIME]), "hours[2].code: expected each name of business hours once."),
        (broken("pack", "calendar", by=""), "pack.calendar: expected a text."),
    ],
)  # fmt: skip
def test_a_mistake_names_the_file_the_key_and_what_was_expected(content: dict[str, Any], said: str) -> None:
    with pytest.raises(PackFault) as caught:
        read(content)

    assert str(caught.value).startswith("test/pack.toml: ")
    assert said in str(caught.value)


def test_hours_a_year_need_a_level() -> None:
    level = {
        "code": "annual-hours",
        "title": TITLE,
        "kind": "period_level",
        "public": True,
        "certainty": "seen",
        "measure": "hours_a_year",
    }

    with pytest.raises(PackFault, match="expected the number of hours_a_year"):
        read({**GOOD, "promise": [level]})


def test_the_same_code_for_overlapping_kinds_is_refused() -> None:
    other = copy.deepcopy(GOOD["promise"][0]) | {"kinds": ["reading", "meter"]}

    with pytest.raises(PackFault, match="one 'meter-check' at a time"):
        read({**GOOD, "promise": [*GOOD["promise"], other]})
