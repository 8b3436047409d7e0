"""Every pack that comes with the house: well-formed, sourced, and with the limits that the texts have."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.kernel.promise import Promise
from bihuan.packs import queries

CODES = {
    *("supply-reliability-city", "supply-reliability-rural", "voltage-city", "voltage-rural"),
    *(
        "price-display",
        "shortage-order",
        "hotline",
        "bill-word",
        "last-resort",
        "fault-word",
        "supply-always",
    ),
    *("scheme-reply", "energise", "connect", "design-review", "works-inspection", "final-inspection"),
    *("budget-estimate", "solar-feasibility"),
    *("outage-notice-planned", "outage-notice-temporary", "outage-notice-shortage", "outage-notice-fault"),
    *("planned-outages-35kv", "planned-outages-10kv"),
    *("arrears-notice", "cut-off-reminder", "reconnect"),
    *("repair-arrival", "arrival-word", "repair-restore", "supply-restoration", "multiple-interruptions"),
    *("dispatch-time", "receive-time", "first-contact", "callback-owed"),
    *("matter-plan", "matter-answer", "report-answer", "opinion-answer", "consult-answer", "service-answer"),
    *("meter-check", "meter-visit", "read-anomaly", "damage-visit", "charging-arrival", "fuse-visit"),
    *("voltage-visit", "voltage-answer", "appointment", "compensation-payment", "compensation-automatic"),
    *("complaints-resolved", "hall-wait"),
    *(f"annual-hours-{hours}" for hours in (18, 20, 30, 60)),
    *(f"annual-interruptions-{times}" for times in (8, 12, 20, 24)),
    *(f"annual-momentary-{times}" for times in (24, 36)),
}
"""The same subject has the same code in every pack."""

PACKS = (
    *("china-legal", "chongqing-2007", "csg", "gb-2015", "india-2020", "nigeria"),
    *("sgcc-2005", "sgcc-2011", "sgcc-2020", "sgcc-2022", "victoria"),
)

URBAN = "urban 45 minutes, rural 90 minutes, remote 120 minutes"
# Pack, code, loop, kind of case, a day of its validity, kind of promise, every limit, the internal one in brackets; WD: working days.
# In the order of the facts collected: the ten by edition, stages, connections, other countries.
LIMITS = [
    ("sgcc-2005", "repair-arrival", "repair", "", "2007-06-04", "step_limit", URBAN),
    ("sgcc-2005", "scheme-reply", "connection", "", "2007-06-04", "step_limit", "resident 3 WD, lv 7 WD, hv-single 15 WD, hv-dual 30 WD"),
    ("sgcc-2005", "energise", "connection", "", "2007-06-04", "step_limit", "resident 3 WD, non-resident 5 WD"),
    ("sgcc-2005", "outage-notice-planned", "outage", "", "2007-06-04", "notice_before", "7 days"),
    ("sgcc-2005", "arrears-notice", "disconnection", "", "2007-06-04", "notice_before", "7 days"),
    ("sgcc-2011", "repair-arrival", "repair", "", "2012-06-04", "step_limit", URBAN),
    ("sgcc-2011", "scheme-reply", "connection", "", "2012-06-04", "step_limit", "resident 3 WD, lv 7 WD, hv-single 15 WD, hv-dual 30 WD"),
    ("sgcc-2011", "energise", "connection", "", "2012-06-04", "step_limit", "resident 3 WD, non-resident 5 WD"),
    ("sgcc-2011", "outage-notice-planned", "outage", "", "2012-06-04", "notice_before", "7 days"),
    ("sgcc-2011", "arrears-notice", "disconnection", "", "2012-06-04", "notice_before", "7 days"),
    ("sgcc-2011", "reconnect", "service", "reconnect", "2012-06-04", "step_limit", "24 hours"),
    ("sgcc-2011", "meter-check", "service", "meter", "2012-06-04", "step_limit", "5 WD (4 WD)"),
    ("sgcc-2011", "read-anomaly", "service", "reading", "2012-06-04", "step_limit", "7 WD (6 WD)"),
    ("sgcc-2011", "first-contact", "complaint", "", "2012-06-04", "step_limit", "1 WD"),
    ("sgcc-2011", "matter-answer", "complaint", "", "2012-06-04", "step_limit", "7 WD (6 WD)"),
    ("sgcc-2020", "repair-arrival", "repair", "", "2020-06-04", "average", URBAN),
    ("sgcc-2020", "connect", "connection", "", "2020-06-04", "average", "resident 5 WD, lv 15 WD"),
    ("sgcc-2020", "scheme-reply", "connection", "", "2020-06-04", "step_limit", "hv-single 15 WD, hv-dual 30 WD"),
    ("sgcc-2020", "energise", "connection", "", "2020-06-04", "step_limit", "hv-single 5 WD, hv-dual 5 WD"),
    ("sgcc-2022", "repair-arrival", "repair", "", "2023-06-04", "average", URBAN),
    ("sgcc-2022", "repair-restore", "repair", "", "2023-06-04", "average", "urban 3 hours, rural 4 hours"),
    ("sgcc-2022", "connect", "connection", "", "2023-06-04", "step_limit", "resident 5 WD, lv 6 WD, hv-single 22 WD, hv-dual 32 WD"),
    ("sgcc-2022", "outage-notice-temporary", "outage", "temporary", "2023-06-04", "notice_before", "24 hours"),
    ("sgcc-2022", "meter-check", "service", "meter", "2023-06-04", "step_limit", "5 WD (4 WD)"),
    ("sgcc-2022", "read-anomaly", "service", "reading", "2023-06-04", "step_limit", "5 WD"),
    ("sgcc-2022", "first-contact", "complaint", "", "2023-06-04", "step_limit", "24 hours"),
    ("sgcc-2022", "matter-answer", "complaint", "", "2023-06-04", "step_limit", "5 WD (4 WD)"),
    ("sgcc-2022", "dispatch-time", "repair", "", "2023-06-04", "step_limit", "2 minutes"),
    ("sgcc-2022", "dispatch-time", "complaint", "", "2023-06-04", "step_limit", "20 minutes"),
    ("sgcc-2022", "dispatch-time", "service", "reconnect", "2023-06-04", "step_limit", "2 minutes"),
    ("sgcc-2022", "receive-time", "repair", "", "2023-06-04", "step_limit", "3 minutes"),
    ("sgcc-2022", "receive-time", "complaint", "", "2023-06-04", "step_limit", "2 hours"),
    ("sgcc-2022", "callback-owed", "repair", "", "2023-06-04", "step_limit", "24 hours"),
    ("sgcc-2022", "callback-owed", "complaint", "", "2023-06-04", "step_limit", "1 WD"),
    ("sgcc-2022", "report-answer", "tipoff", "", "2023-06-04", "step_limit", "10 WD (9 WD)"),
    ("sgcc-2022", "opinion-answer", "opinion", "", "2023-06-04", "step_limit", "10 WD (9 WD)"),
    ("sgcc-2011", "consult-answer", "consult", "", "2014-06-04", "step_limit", "2 WD"),
    ("sgcc-2022", "consult-answer", "consult", "", "2023-06-04", "step_limit", "4 WD"),
    ("sgcc-2022", "damage-visit", "damage", "", "2023-06-04", "step_limit", "24 hours"),
    ("sgcc-2022", "service-answer", "service", "other", "2023-06-04", "step_limit", "5 WD"),
    ("china-legal", "repair-arrival", "repair", "", "2013-06-04", "step_limit", "urban 60 minutes, rural 120 minutes, remote 240 minutes"),
    ("china-legal", "matter-answer", "complaint", "", "2013-06-04", "step_limit", "10 WD"),
    ("china-legal", "arrears-notice", "disconnection", "", "2007-06-04", "notice_before", "3 days"),
    ("china-legal", "cut-off-reminder", "disconnection", "", "2007-06-04", "notice_before", "30 minutes"),
    ("china-legal", "scheme-reply", "connection", "", "2007-06-04", "step_limit",
     "resident 5 days, lv 10 days, hv-single 30 days, hv-dual 60 days"),
    ("china-legal", "scheme-reply", "connection", "", "2013-06-04", "step_limit", "resident 3 WD, lv 8 WD, hv-single 20 WD, hv-dual 45 WD"),
    ("china-legal", "design-review", "connection", "", "2013-06-04", "step_limit", "lv 8 WD, hv-single 20 WD, hv-dual 20 WD"),
    ("china-legal", "final-inspection", "connection", "", "2013-06-04", "step_limit", "lv 5 WD, hv-single 7 WD, hv-dual 7 WD"),
    ("china-legal", "energise", "connection", "", "2013-06-04", "step_limit", "resident 3 WD, lv 5 WD, hv-single 7 WD, hv-dual 7 WD"),
    ("china-legal", "damage-visit", "damage", "", "2007-06-04", "step_limit", "24 hours"),
    ("csg", "repair-arrival", "repair", "", "2013-06-04", "average", URBAN),
    ("csg", "repair-restore", "repair", "", "2013-06-04", "average", "urban 4 hours, rural 5 hours"),
    ("csg", "scheme-reply", "connection", "", "2013-06-04", "step_limit", "resident 2 WD, lv 5 WD, hv-single 15 WD, hv-dual 30 WD"),
    ("csg", "energise", "connection", "", "2013-06-04", "step_limit", "resident 2 WD, lv 3 WD, hv-single 5 WD, hv-dual 5 WD"),
    ("csg", "reconnect", "service", "reconnect", "2013-06-04", "step_limit", "12 hours"),
    ("csg", "hall-wait", "hall", "", "2013-06-04", "average", "15 minutes"),
    ("csg", "matter-answer", "complaint", "", "2013-06-04", "step_limit", "5 WD"),
    ("gb-2015", "supply-restoration", "repair", "", "2016-06-06", "step_limit", "12 hours"),
    ("gb-2015", "supply-restoration", "outage", "large", "2016-06-06", "step_limit", "24 hours"),
    ("gb-2015", "supply-restoration", "outage", "severe-1", "2016-06-06", "step_limit", "24 hours"),
    ("gb-2015", "supply-restoration", "outage", "severe-2", "2024-06-06", "step_limit", "48 hours"),
    ("gb-2015", "supply-restoration", "outage", "rota", "2016-06-06", "step_limit", "24 hours"),
    ("gb-2015", "fuse-visit", "fuse", "", "2016-06-06", "step_limit", "3 hours"),
    ("gb-2015", "outage-notice-planned", "outage", "planned", "2016-06-06", "notice_before", "2 days"),
    ("gb-2015", "voltage-visit", "voltage", "", "2016-06-06", "step_limit", "7 WD"),
    ("gb-2015", "compensation-payment", "compensation", "", "2016-06-06", "step_limit", "10 WD"),
    ("gb-2015", "scheme-reply", "connection", "", "2016-06-06", "step_limit", "resident 5 WD"),
    ("india-2020", "connect", "connection", "", "2022-06-04", "step_limit", "metro 7 days, urban 15 days, rural 30 days"),
    ("india-2020", "connect", "connection", "", "2024-06-04", "step_limit", "metro 3 days, urban 7 days, rural 15 days, hilly 30 days"),
    ("india-2020", "solar-feasibility", "solar", "", "2022-06-04", "step_limit", "20 days"),
    ("india-2020", "solar-feasibility", "solar", "", "2024-06-04", "step_limit", "15 days"),
    ("india-2020", "meter-check", "service", "meter", "2022-06-04", "step_limit", "30 days"),
    ("victoria", "supply-restoration", "outage", "", "2020-06-04", "step_limit", "urban 12 hours, rural 18 hours"),
    ("victoria", "compensation-payment", "compensation", "", "2022-06-04", "step_limit", "60 WD"),
    ("nigeria", "energise", "connection", "", "2024-06-04", "step_limit", "48 hours"),
    ("nigeria", "connect", "connection", "", "2024-06-04", "step_limit", "10 days"),
    ("nigeria", "repair-arrival", "repair", "", "2024-06-04", "step_limit", "24 hours"),
    ("nigeria", "supply-restoration", "repair", "", "2024-06-04", "step_limit", "48 hours"),
    ("nigeria", "reconnect", "service", "reconnect", "2024-06-04", "step_limit", "24 hours"),
    ("nigeria", "meter-visit", "service", "meter", "2024-06-04", "step_limit", "3 days"),
]  # fmt: skip

LEVELS = [
    ("sgcc-2005", {"supply-reliability-city": "99.90", "voltage-city": "96", "supply-reliability-rural": None}),
    ("sgcc-2011", {"supply-reliability-city": "99.90", "voltage-city": "96", "voltage-rural": None}),
    ("sgcc-2022", {"supply-reliability-city": "99.9", "voltage-city": "98.5", "supply-reliability-rural": "99.8", "voltage-rural": "97.5"}),
    ("csg", {"supply-reliability-city": "99.9", "voltage-city": "98", "supply-reliability-rural": "99.5", "voltage-rural": "94"}),
    ("chongqing-2007", {"supply-reliability-rural": "99.6", "voltage-rural": "97.3"}),
    ("china-legal", {"planned-outages-35kv": "1", "planned-outages-10kv": "3"}),
    ("nigeria", {"complaints-resolved": "75"}),
]  # fmt: skip

# First sum, each further one and its period, cap; in hundredths.
SUMS = [
    ("gb-2015", "supply-restoration", "repair", "", "2016-06-06", "resident", (7500, 3500, "12 hours", None)),
    ("gb-2015", "supply-restoration", "repair", "", "2016-06-06", "lv", (15000, 3500, "12 hours", None)),
    ("gb-2015", "supply-restoration", "repair", "", "2024-06-06", "resident", (9500, 4500, "12 hours", None)),
    ("gb-2015", "supply-restoration", "repair", "", "2024-06-06", "hv-dual", (19000, 4500, "12 hours", None)),
    ("gb-2015", "supply-restoration", "outage", "large", "2016-06-06", "resident", (7500, 3500, "12 hours", 30000)),
    ("gb-2015", "supply-restoration", "outage", "severe-1", "2016-06-06", "lv", (7000, 7000, "12 hours", 70000)),
    ("gb-2015", "supply-restoration", "outage", "severe-2", "2024-06-06", "lv", (8000, 4000, "6 hours", 200000)),
    ("gb-2015", "supply-restoration", "outage", "rota", "2016-06-06", "lv", (10800, 0, None, None)),
    ("gb-2015", "fuse-visit", "fuse", "", "2016-06-06", "resident", (3000, 0, None, None)),
    ("gb-2015", "outage-notice-planned", "outage", "planned", "2016-06-06", "lv", (6000, 0, None, None)),
    ("gb-2015", "budget-estimate", "connection", "", "2016-06-06", "lv", (6500, 0, None, None)),
    ("gb-2015", "multiple-interruptions", "", "", "2016-06-06", "resident", (7500, 0, None, None)),
    ("victoria", "annual-hours-30", "", "", "2022-06-06", "resident", (19000, 0, None, None)),
    ("victoria", "annual-hours-30", "", "", "2020-06-06", "resident", (18000, 0, None, None)),
    ("victoria", "annual-interruptions-20", "", "", "2022-06-06", "resident", (38000, 0, None, None)),
    ("victoria", "connect", "", "", "2022-06-06", "resident", (9000, 9000, "1 days", 45000)),
    ("victoria", "connect", "", "", "2020-06-06", "resident", (7000, 7000, "1 days", 35000)),
    ("victoria", "supply-restoration", "outage", "", "2020-06-06", "resident", (8000, 0, None, None)),
]  # fmt: skip


def the_one(pack: str, code: str, loop: str, kind: str, day: str) -> Promise:
    """The only promise of this code that holds for such a case on this day."""
    (found,) = [
        item
        for item in queries.load(pack).named(code)
        if item.valid_on(date.fromisoformat(day))
        and (loop in item.loops or (not loop and not item.loops))
        and (not item.kinds or kind in item.kinds)
    ]
    return found


def test_every_pack_of_the_house_is_there() -> None:
    assert queries.known() == PACKS


@pytest.mark.parametrize("pack", PACKS)
def test_every_promise_has_titles_in_both_languages_and_a_source(pack: str) -> None:
    loaded = queries.load(pack)

    assert loaded.promises
    for text in (loaded.title, *(item.title for item in loaded.promises)):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh), text
        assert text.en.isascii(), text
    assert all(item.source for item in loaded.promises)


@pytest.mark.parametrize("pack", PACKS)
def test_the_same_subject_has_the_same_code_everywhere(pack: str) -> None:
    assert {item.code for item in queries.load(pack).promises} <= CODES


def test_no_code_is_listed_that_no_pack_has() -> None:
    assert {item.code for pack in PACKS for item in queries.load(pack).promises} == CODES


@pytest.mark.parametrize("pack", PACKS)
def test_every_pack_has_the_calendar_that_it_names(pack: str) -> None:
    loaded = queries.load(pack)

    assert queries.calendar(loaded.calendar).code == loaded.calendar


@pytest.mark.parametrize(("pack", "code", "loop", "kind", "day", "how", "limits"), LIMITS)
def test_the_limits_are_those_of_the_text(
    pack: str, code: str, loop: str, kind: str, day: str, how: str, limits: str
) -> None:
    promise = the_one(pack, code, loop, kind, day)

    told = ", ".join(
        " ".join(
            part
            for part in (
                row.area or row.customer_class,
                f"{row.limit.amount} {row.limit.unit}",
                f"({row.internal.amount} {row.internal.unit})" if row.internal else None,
            )
            if part
        )
        for row in promise.limits
    )
    assert (promise.kind, told.replace("working_days", "WD")) == (how, limits)


@pytest.mark.parametrize(("pack", "levels"), LEVELS)
def test_the_levels_are_those_of_the_text(pack: str, levels: dict[str, str | None]) -> None:
    found = {item.code: item.level for item in queries.load(pack).promises if item.kind == "period_level"}

    assert {code: found[code] for code in levels} == levels


@pytest.mark.parametrize(("pack", "code", "loop", "kind", "day", "klass", "sums"), SUMS)
def test_the_sums_are_those_of_the_text(
    pack: str,
    code: str,
    loop: str,
    kind: str,
    day: str,
    klass: str,
    sums: tuple[int, int, str | None, int | None],
) -> None:
    row = the_one(pack, code, loop, kind, day).compensation_for(customer_class=klass)

    assert row is not None
    every = f"{row.every.amount} {row.every.unit}" if row.every else None
    assert (row.amount, row.further, every, row.cap) == sums


def test_an_average_and_an_attested_promise_owe_no_internal_limit_and_no_warning() -> None:
    for pack in PACKS:
        for item in queries.load(pack).promises:
            if item.kind in ("average", "attested", "period_level"):
                assert not item.warnings
                assert not any(row.internal for row in item.limits)
