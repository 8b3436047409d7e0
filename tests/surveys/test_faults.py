"""A rule of the callbacks that can't be is refused when it is loaded: file, key, and what was expected."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.surveys.rules.duties import duty_on
from bihuan.surveys.rules.questions import in_force
from bihuan.surveys.rules.sheet import CallbackFault
from tests.surveys.books import book_of, house_book, house_texts

FAULTS = [
    ("duties.toml", "share = 30", "share = 130", "duty[4].share", "a whole number from 0 to 100"),
    ("duties.toml", "attempts = 3", "attempts = 2", "duty[1].attempts", "a whole number from 3 to 20"),
    ("duties.toml", '"12:00-14:00", ', '"12:00-26:00", ', "duty[1].quiet", "two different times like"),
    ("duties.toml", '"12:00-14:00", ', '"08:00-21:00", ', "duty[1].quiet", "at least a minute of the day"),
    ("duties.toml", '["praise"]', '["prayer"]', "duty[5].loops", "not 'prayer'"),
    ("duties.toml", 'loops = ["praise"]', "", "duty[5].loops", "a list of some of"),
    ("duties.toml", "valid_to = 2014-12-31", "valid_to = 2004-12-31", "duty[3].valid_to", "not before"),
    ("duties.toml", 'certainty = "memory"', 'certainty = "sure"', "duty[1].certainty", "one of seen, memory"),
    ("duties.toml", "own_time_minutes = 30", "own_time = 30", "duty[1].own_time", "one of the keys"),
    ("duties.toml", "weight = 20", "weight = 22", "scorecard[1].item", "weights that make 100, not 102"),
    ("duties.toml", "weight = 20", "weight = 21", "scorecard[1].item[3].weight", "an even number"),
    ("duties.toml", "fatal = true", "fatal = true\nweight = 10", "scorecard[1].item[8].weight", "no weight"),
    ("duties.toml", 'kind = "rang"', 'kind = "wrong"', "comparison[3].kind", "one of arrival"),
    (
        *("questionnaires.toml", 'fact = "satisfaction"', 'fact = "fashion"'),
        *("questionnaire[1].question 'satisfaction'", "a fact that the callback of 'repair' states"),
    ),
    (
        *("questionnaires.toml", 'fact = "rang_on_arrival"', 'fact = "customer_arrived_at"'),
        *("questionnaire[1].question 'customer_arrived_at'", "each fact asked for once"),
    ),
    (
        *("questionnaires.toml", 'kind = "moment"\nfact', 'kind = "words"\nfact'),
        *("questionnaire[1].question 'arrived'", "the form of the fact, 'moment'"),
    ),
    (
        *("questionnaires.toml", 'code = "manner"', 'code = "solved"'),
        *("questionnaire[1].question 'solved'", "each question once"),
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "expected"), FAULTS)
def test_a_fault_names_file_key_and_what_was_expected(
    file: str, old: str, new: str, key: str, expected: str
) -> None:
    texts = house_texts()
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)

    with pytest.raises(CallbackFault) as fault:
        book_of(texts)

    assert (fault.value.file, fault.value.key) == (file, key)
    assert expected in fault.value.expected


def test_a_fact_that_the_step_needs_must_be_asked_for() -> None:
    texts = house_texts()
    texts["questionnaires.toml"] = texts["questionnaires.toml"].replace('fact = "solved"\n', "", 1)

    with pytest.raises(CallbackFault) as fault:
        book_of(texts)

    assert fault.value.key.startswith("questionnaire[1].question")


def test_a_kind_that_is_called_back_needs_a_duty_and_questions() -> None:
    texts = house_texts()
    texts["questionnaires.toml"] = texts["questionnaires.toml"].replace('"situation", ', "", 1)

    with pytest.raises(CallbackFault) as fault:
        book_of(texts)

    assert fault.value.expected == "questions for the kind 'situation'"


@pytest.mark.parametrize(
    ("loop", "day", "share"),
    [
        ("repair", date(2007, 6, 5), 100),
        ("complaint", date(2026, 1, 1), 100),
        ("suggestion", date(2007, 6, 5), 30),
        ("suggestion", date(2014, 12, 31), 30),
        ("suggestion", date(2015, 1, 1), 100),
        ("consult", date(2007, 6, 5), 30),
        ("praise", date(2007, 6, 5), 0),
    ],
)
def test_the_duty_of_a_kind_on_a_day(loop: str, day: date, share: int) -> None:
    found = duty_on(house_book().duties, loop, day)

    assert found is not None
    assert found.share == share


def test_before_every_duty_there_is_none() -> None:
    assert duty_on(house_book().duties, "repair", date(2004, 12, 31)) is None


def test_a_utilitys_own_file_comes_first() -> None:
    texts = house_texts()
    first, _, _ = texts["duties.toml"].partition('[[duty]]\nloops = ["opinion"')
    texts["0-own.toml"] = first.replace("share = 100", "share = 50")

    found = duty_on(book_of(texts).duties, "repair", date(2007, 6, 5))

    assert found is not None
    assert found.share == 50


def test_the_questions_of_a_day() -> None:
    sheets = house_book().questionnaires

    found = in_force(sheets, "repair", date(2007, 6, 5))

    assert found is not None
    assert [one.fact or one.code for one in found.questions] == [
        *("solved", "rang_on_arrival", "customer_arrived_at", "satisfaction", "manner", "wish"),
    ]
    assert in_force(sheets, "repair", date(2004, 1, 1)) is None
