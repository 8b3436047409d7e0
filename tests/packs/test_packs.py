"""The packs that come with the house, and the choice among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.kernel.limit import due
from bihuan.packs import queries
from bihuan.packs.rules import Pack

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_chongqing_promises_what_the_speech_says() -> None:
    promises = {
        (item.code, loop): item
        for item in queries.load("chongqing-2007").promises
        for loop in item.loops
        if loop != "outage"
    }

    said = {
        key: (
            item.starts,
            item.keeps,
            [(row.area, row.limit.amount, str(row.limit.unit)) for row in item.limits],
        )
        for key, item in promises.items()
    }

    first, answer = [(None, 1, "working_days")], [(None, 5, "days")]
    assert said == {
        ("repair-arrival", "repair"): (
            "accepted",
            "arrived",
            [("urban", 45, "minutes"), ("rural", 90, "minutes"), ("remote", 120, "minutes")],
        ),
        ("first-contact", "complaint"): ("accepted", "contacted", first),
        ("first-contact", "situation"): ("accepted", "contacted", first),
        ("matter-answer", "complaint"): ("accepted", "answered", answer),
        ("matter-answer", "situation"): ("accepted", "answered", answer),
        ("callback-owed", "repair"): ("done", "called", [(None, 24, "hours")]),
        ("callback-owed", "complaint"): ("done", "called", [(None, 1, "working_days")]),
        ("callback-owed", "situation"): ("done", "called", [(None, 1, "working_days")]),
        ("report-answer", "tipoff"): ("accepted", "answered", [(None, 10, "days")]),
        ("opinion-answer", "opinion"): ("accepted", "answered", [(None, 10, "days")]),
        ("opinion-answer", "suggestion"): ("accepted", "answered", [(None, 10, "days")]),
        ("damage-visit", "damage"): ("accepted", "arrived", [(None, 24, "hours")]),
        ("damage-visit", "service"): ("accepted", "arrived", [(None, 24, "hours")]),
        ("meter-check", "service"): ("accepted", "answered", [(None, 7, "days")]),
        ("service-answer", "service"): ("accepted", "answered", [(None, 5, "working_days")]),
    }


def test_the_ten_commitments_of_2005_are_all_there() -> None:
    pack = queries.load("sgcc-2005")

    items = {item for promise in pack.promises for item in promise.clause.split(", ")}

    assert items == {str(number) for number in range(1, 11)}


def test_only_promises_of_loops_that_exist_are_counted() -> None:
    assert [item.code for item in queries.load("sgcc-2005").promises if queries.counted(item)] == [
        "repair-arrival"
    ]
    loops = [item for item in queries.load("chongqing-2007").promises if item.loops not in ((), ("outage",))]
    assert all(queries.counted(item) for item in loops)


@pytest.mark.parametrize(
    ("code", "klass", "start", "ends"),
    [
        ("scheme-reply", "resident", "2007-02-15", "2007-02-25T23:59:59+08:00"),
        ("scheme-reply", "lv", "2007-06-01", "2007-06-12T23:59:59+08:00"),
        ("scheme-reply", "hv-single", "2007-09-20", "2007-10-16T23:59:59+08:00"),
        ("scheme-reply", "hv-dual", "2007-09-20", "2007-11-06T23:59:59+08:00"),
        ("energise", "resident", "2007-02-15", "2007-02-25T23:59:59+08:00"),
        ("energise", "lv", "2007-09-28", "2007-10-10T23:59:59+08:00"),
    ],
)
def test_commitments_in_working_days(code: str, klass: str, start: str, ends: str) -> None:
    (promise,) = queries.load("sgcc-2005").named(code)
    limit = promise.limit_for(customer_class=klass)
    assert limit is not None

    moment = datetime.fromisoformat(f"{start}T10:00").replace(tzinfo=SHANGHAI)
    end = due(start=moment, limit=limit, calendar=queries.calendar())

    assert end.shown(SHANGHAI) == ends


def test_the_first_pack_valid_on_the_day_wins() -> None:
    both = [queries.load("chongqing-2007"), queries.load("sgcc-2005")]

    before = queries.choose(packs=both, code="repair-arrival", loop="repair", on=date(2006, 12, 31))
    after = queries.choose(packs=both, code="repair-arrival", loop="repair", on=date(2007, 1, 1))

    assert before is not None
    assert after is not None
    assert (before.pack, after.pack) == ("sgcc-2005", "chongqing-2007")


def test_before_any_pack_nothing_is_promised() -> None:
    both = [queries.load("chongqing-2007"), queries.load("sgcc-2005")]

    assert queries.choose(packs=both, code="repair-arrival", loop="repair", on=date(2004, 1, 1)) is None


def test_chongqings_promises_are_open_ended() -> None:
    promises = queries.promises_for(
        packs=[queries.load("chongqing-2007")], loop="complaint", on=date(2026, 11, 22)
    )

    assert [item.code for item in promises] == ["first-contact", "matter-answer", "callback-owed"]


def test_each_loop_gets_one_promise_of_a_code() -> None:
    adopted = queries.adopted()

    for loop in ("repair", "complaint", "situation", "service", "damage", "tipoff"):
        found = queries.promises_for(packs=adopted, loop=loop, on=date(2007, 6, 4))
        for kind in ("reconnect", "damage", "meter", "reading", "other", "theft"):
            codes = [item.code for item in found if not item.kinds or kind in item.kinds]
            assert len(codes) == len(set(codes))


def test_a_pack_further_down_adds_nothing_to_a_code_that_one_above_has() -> None:
    above, below = queries.load("sgcc-2011"), queries.load("china-legal")

    found = queries.promises_for(packs=[above, below], loop="service", on=date(2012, 6, 4))

    assert {item.pack for item in found if item.code == "meter-check"} == {"sgcc-2011"}


def test_a_pack_further_down_adds_the_kinds_that_the_one_above_leaves_out() -> None:
    base = queries.load("sgcc-2022")
    (answer,) = (item for item in base.named("service-answer") if item.kinds == ("other",))

    def pack(code: str, *kinds: tuple[str, ...]) -> Pack:
        return replace(
            base, code=code, promises=tuple(replace(answer, pack=code, kinds=one) for one in kinds)
        )

    def wins(*packs: Pack) -> list[tuple[str, tuple[str, ...]]]:
        found = queries.promises_for(packs=packs, loop="service", on=date(2023, 6, 5))
        return [(item.pack, item.kinds) for item in found]

    some, more, every = (
        pack("some", ("other",)),
        pack("more", ("meter",), ("reading", "other")),
        pack("every", ()),
    )

    assert wins(some, more) == [("some", ("other",)), ("more", ("meter",))]
    assert wins(more, some) == [("more", ("meter",)), ("more", ("reading", "other"))]
    assert wins(every, some) == [("every", ())]
    assert wins(some, every) == [("some", ("other",))]


def test_the_kind_of_a_case_chooses_among_promises_of_one_code() -> None:
    pack = [queries.load("sgcc-2011")]

    def answered(kind: str) -> str | None:
        found = queries.choose(
            packs=pack, code="service-answer", loop="service", on=date(2012, 6, 4), kind=kind
        )
        return found.clause if found else None

    assert [answered(kind) for kind in ("other", "reconnect", "meter")] == [
        "SERVICE-5WD",
        "RECONNECT-REPLY",
        None,
    ]


@pytest.mark.django_db
def test_the_promises_of_a_day_follow_the_adopted_packs() -> None:
    found = queries.promises_on("repair", date(2007, 6, 4))

    assert [(item.pack, item.code) for item in found] == [
        ("chongqing-2007", "repair-arrival"),
        ("chongqing-2007", "callback-owed"),
    ]


@pytest.mark.parametrize("code", ["gondor", "calendars", "../packs/sgcc-2005", ""])
def test_an_unknown_pack_is_refused_by_name(code: str) -> None:
    with pytest.raises(queries.PackUnknown, match="known are china-legal, chongqing-2007, csg"):
        queries.load(code)


def test_an_unknown_calendar_is_refused_by_name() -> None:
    with pytest.raises(queries.PackUnknown, match="known are au_vic, cn, gb, in, ng"):
        queries.calendar("cn.local")
