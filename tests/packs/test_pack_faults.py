"""A pack that says something impossible is refused with file, key and what was expected."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

import pytest

from bihuan.packs.rules import PackFault, Sheet, calendar_from, pack_from

MOMENTS = {"repair": frozenset({"accepted", "arrived"})}
TITLE = {"zh": "测试", "en": "Test"}
GOOD: dict[str, Any] = {
    "pack": {
        "code": "test",
        "edition": "1",
        "title": TITLE,
        "source": "here",
        "valid_from": date(2007, 1, 1),
    },
    "promise": [
        {
            "code": "repair-arrival",
            "title": TITLE,
            "clause": "8",
            "kind": "step_limit",
            "loops": ["repair"],
            "starts": "accepted",
            "keeps": "arrived",
            "public": True,
            "certainty": "seen",
            "limits": [{"area": "urban", "amount": 45, "unit": "minutes"}],
        }
    ],
}


def broken(*path: str | int, by: Any) -> dict[str, Any]:
    """The good pack with one value put wrong; None takes the key away."""
    content: Any = copy.deepcopy(GOOD)
    spot = content
    for key in path[:-1]:
        spot = spot[key]
    if by is None:
        del spot[path[-1]]
    else:
        spot[path[-1]] = by
    return dict(content)


def test_the_good_pack_is_good() -> None:
    pack = pack_from([Sheet("test/pack.toml", GOOD)], code="test", moments=MOMENTS)

    assert [item.code for item in pack.promises] == ["repair-arrival"]
    assert pack.promises[0].source == "here"


ENGLISH = re.compile(r"\b(expected|one of|a text|a day|no such|at least|each|not)\b")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (broken("pack", by=None), "pack: expected exactly one table [pack], not 0."),
        (broken("pack", "code", by="other"), "pack.code: expected the name of its folder, 'test'."),
        (
            broken("pack", "colour", by="red"),
            "pack.colour: expected one of the keys code, edition, title, source",
        ),
        (broken("promise", 0, "colour", by="red"), "promise[1].colour: expected one of the keys code, title"),
        (
            broken("promise", 0, "kind", by="vow"),
            "promise[1].kind: expected one of step_limit, notice_before",
        ),
        (
            broken("promise", 0, "kind", by=["x"]),
            "promise[1].kind: expected one of step_limit, notice_before",
        ),
        (broken("promise", 0, "title", by="Test"), "promise[1].title: expected two languages"),
        (broken("promise", 0, "title", by={"zh": "", "en": "x"}), "promise[1].title.zh: expected a text."),
        (broken("promise", 0, "public", by="yes"), "promise[1].public: expected true or false."),
        (
            broken("promise", 0, "certainty", by=None),
            "promise[1].certainty: expected one of seen, memory, design.",
        ),
        (
            broken("promise", 0, "starts", by="acepted"),
            "promise[1].starts: expected a moment that the loop 'repair'",
        ),
        (broken("promise", 0, "keeps", by="accepted"), "promise[1].keeps: expected another moment"),
        (broken("promise", 0, "loops", by=[]), "promise[1].loops: expected at least one."),
        (broken("promise", 0, "limits", by=[]), "promise[1].limits: expected at least one."),
        (
            broken("promise", 0, "limits", 0, "amount", by=0),
            "promise[1].limits[1].amount: expected a whole number",
        ),
        (broken("promise", 0, "limits", 0, "amount", by=True), "limits[1].amount: expected a whole number"),
        (broken("promise", 0, "limits", 0, "amount", by="45"), "limits[1].amount: expected a whole number"),
        (
            broken("promise", 0, "limits", 0, "unit", by="weeks"),
            "limits[1].unit: expected one of minutes, hours",
        ),
        (
            broken("promise", 0, "limits", 0, "area", by="moon"),
            "limits[1].area: expected one of urban, rural, remote",
        ),
        (
            broken("promise", 0, "limits", by=GOOD["promise"][0]["limits"] * 2),
            "limits[2].area: expected each pair",
        ),
        (
            broken("promise", 0, "valid_to", by=date(2006, 1, 1)),
            "promise[1].valid_to: expected a day not before",
        ),
        (
            broken("promise", 0, "valid_from", by="2007"),
            "promise[1].valid_from: expected a day like 2007-06-04",
        ),
        (
            broken("promise", 0, "level", by="99"),
            "promise[1].level: expected no such key for the kind step_limit.",
        ),
        (
            broken("promise", by=GOOD["promise"] * 2),
            "promise[2].code: expected one 'repair-arrival' at a time",
        ),
        (broken("promise", by="none"), "promise: expected a list of tables [[promise]]."),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_was_expected(content: dict[str, Any], said: str) -> None:
    with pytest.raises(PackFault) as caught:
        pack_from([Sheet("test/pack.toml", content)], code="test", moments=MOMENTS)

    assert str(caught.value).startswith("test/pack.toml: ")
    assert said in str(caught.value)
    assert caught.value.words.zh.startswith("test/pack.toml: ")
    assert caught.value.words.zh.endswith("。")
    assert not ENGLISH.search(caught.value.words.zh)


def test_a_loop_that_does_not_exist_yet_is_no_mistake() -> None:
    content = broken("promise", 0, "loops", by=["connection"])

    pack = pack_from([Sheet("test/pack.toml", content)], code="test", moments=MOMENTS)

    assert pack.promises[0].loops == ("connection",)


def test_the_same_code_twice_is_fine_one_after_the_other() -> None:
    early, late = copy.deepcopy(GOOD["promise"][0]), copy.deepcopy(GOOD["promise"][0])
    early["valid_to"], late["valid_from"] = date(2007, 12, 31), date(2008, 1, 1)

    pack = pack_from([Sheet("p", broken("promise", by=[early, late]))], code="test", moments=MOMENTS)

    assert len(pack.promises) == 2


CALENDAR = {
    "calendar": {"code": "xx", "zone": "Asia/Shanghai", "first_year": 2007, "last_year": 2007},
    "off": [{"from": date(2007, 10, 1), "to": date(2007, 10, 7), "name": TITLE}],
    "worked": [{"from": date(2007, 9, 29), "name": TITLE}],
}


def test_what_the_local_file_says_of_a_day_wins() -> None:
    local = {
        "calendar": {"last_year": 2008},
        "off": [{"from": date(2007, 6, 18), "name": {"zh": "直辖纪念日", "en": "Municipality Day"}}],
        "worked": [{"from": date(2007, 10, 6), "name": TITLE}, {"from": date(2007, 10, 1), "name": TITLE}],
    }

    days = calendar_from([Sheet("xx.toml", CALENDAR), Sheet("xx.local.toml", local)], code="xx")

    assert [days.why(date(2007, 10, day)) for day in (1, 2, 6, 7)] == [
        "working",
        "holiday",
        "make_up",
        "weekend",
    ]
    assert days.why(date(2007, 6, 18)) == "holiday"
    assert days.why(date(2007, 9, 29)) == "make_up"
    assert days.published(date(2008, 1, 1))
    assert not days.published(date(2009, 1, 1))


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("calendar", "zone", "Mars/Olympus", "calendar.zone: expected the name of a time zone"),
        ("calendar", "code", "yy", "calendar.code: expected the name of its file, 'xx'"),
        ("calendar", "last_year", 2006, "calendar.last_year: expected a whole number from 2007 to 2200"),
        ("off", "to", date(2007, 9, 1), "off[1].to: expected a day from 2007-10-01 to 60 days later"),
        ("off", "name", "x", "off[1].name: expected two languages"),
    ],
)
def test_a_broken_calendar_is_refused(table: str, key: str, value: object, said: str) -> None:
    content: dict[str, Any] = copy.deepcopy(CALENDAR)
    spot = content[table][0] if isinstance(content[table], list) else content[table]
    spot[key] = value

    with pytest.raises(PackFault) as caught:
        calendar_from([Sheet("xx.toml", content)], code="xx")

    assert f"xx.toml: {said}" in str(caught.value)
