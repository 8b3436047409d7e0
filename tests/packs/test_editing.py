"""Packs are changed by publishing: from a later day on, by somebody, for a reason, and nothing said before is lost."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bihuan.flow.queries import Checked
from bihuan.flow.queries import verify as flow_verify
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import actions, queries
from bihuan.packs.apps import published_packs_are_sound
from bihuan.packs.models import Adoption, PackVersion
from bihuan.packs.queries import versions
from bihuan.packs.rules import (
    CantRewrite,
    Order,
    PackFault,
    compare,
    count,
    in_force,
    line_of,
    lines_changed,
    renamed,
    with_limits,
)
from bihuan.promises.models import Clock
from tests.cast import Cast, gather, moment

Committed = Callable[..., AbstractContextManager[Any]]
JULY = date(2007, 7, 1)
CODE = "chongqing-2007"
FOLDER = Path(__file__).parents[2] / "packs"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What one test published is rolled back; the process must not remember it."""
    queries.forget()
    yield
    queries.forget()


def text_of(code: str) -> str:
    return versions.version(code, 0).text


def arrival(minutes: int) -> str:
    """Chongqing's pack with another limit for arriving in the city."""
    return text_of("chongqing-2007").replace("amount = 45", f"amount = {minutes}")


def publishes(cast: Cast, text: str, **more: Any) -> PackVersion:
    """The inspector publishes a version of Chongqing's pack, with effect from July."""
    given: dict[str, Any] = {
        "code": "chongqing-2007",
        "based_on": "chongqing-2007/0",
        "effective_from": JULY,
        "why": "董事会决议",
    }
    kept = actions.publish(**given | more, text=text, by=cast.inspector.actor, at=cast.now)
    queries.forget()
    return kept


@pytest.mark.django_db
def test_a_version_holds_from_its_day_on() -> None:
    publishes(gather(), arrival(30))

    limits = {
        day: queries.promises_on("repair", day)[0].limit_for(area="urban")
        for day in (date(2007, 6, 30), JULY)
    }

    assert {day: limit.amount for day, limit in limits.items() if limit} == {date(2007, 6, 30): 45, JULY: 30}


@pytest.mark.django_db
def test_a_clock_that_has_started_keeps_its_promise() -> None:
    cast = gather()
    case = cast.opens("repair", at=moment("2007-06-30 23:50"))
    publishes(cast, arrival(30))

    cast.takes(case, "dispatch", cast.agent, at=moment("2007-07-01 00:05"), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.dispatcher, at=moment("2007-07-01 00:06"))
    cast.takes(case, "arrive", cast.crew, at=moment("2007-07-01 00:33"))
    after = cast.opens("repair", at=moment("2007-07-01 01:00"))

    assert Clock.objects.get(case=case, promise="repair-arrival").due_at == moment("2007-07-01 00:35")
    assert Clock.objects.get(case=after, promise="repair-arrival").due_at == moment("2007-07-01 01:30")


@pytest.mark.django_db
def test_the_later_publication_wins_its_day_and_an_earlier_day_waits() -> None:
    cast = gather()
    publishes(cast, arrival(40), effective_from=JULY + timedelta(days=31))
    publishes(cast, arrival(35), based_on="chongqing-2007/1")
    publishes(cast, arrival(30), based_on="chongqing-2007/2")

    said = [
        (found := queries.promises_on("repair", day)[0].limit_for(area="urban")) and found.amount
        for day in (date(2007, 6, 30), JULY, date(2007, 7, 31), date(2007, 8, 1))
    ]

    assert said == [45, 30, 30, 40]


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2007, 6, 4), date(2007, 6, 5), date(2018, 1, 1)])
def test_nothing_takes_effect_today_or_before_or_in_eleven_years(day: date) -> None:
    cast = gather()

    with pytest.raises(actions.BeginsTooEarly) as refused:
        publishes(cast, arrival(30), effective_from=day)

    assert "2007-06-05" in refused.value.words.zh
    assert PackVersion.objects.count() == 0


@pytest.mark.django_db
def test_a_day_begins_with_the_utility_and_not_with_utc() -> None:
    cast = gather()
    cast.now = moment("2007-07-01 00:30")  # still June in UTC

    with pytest.raises(actions.BeginsTooEarly):
        publishes(cast, arrival(30))


@pytest.mark.django_db
def test_a_mistake_names_file_key_and_what_was_expected() -> None:
    cast = gather()
    wrong = text_of("chongqing-2007").replace('area = "rural", amount = 90', 'area = "rural", amount = "90"')

    with pytest.raises(PackFault) as refused:
        publishes(cast, wrong)

    fault = refused.value
    assert (fault.file, fault.key) == ("chongqing-2007/pack.toml", "promise[1].limits[2].amount")
    assert "whole number" in fault.expected.en
    line = line_of(wrong, fault.key)
    assert line is not None
    assert 'amount = "90"' in wrong.splitlines()[line - 1]
    assert PackVersion.objects.count() == 0


@pytest.mark.django_db
def test_a_text_that_is_no_toml_says_on_which_line() -> None:
    with pytest.raises(PackFault, match="line 3"):
        publishes(gather(), "[pack]\ncode = 'chongqing-2007'\nedition = \n")


@pytest.mark.django_db
def test_who_edits_an_older_version_is_told_of_the_newer_one() -> None:
    cast = gather()
    publishes(cast, arrival(30))

    with pytest.raises(actions.PackMovedOn) as refused:
        publishes(cast, arrival(25))

    assert refused.value.newest == "chongqing-2007/1"
    assert PackVersion.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["", "  ", "x" * 401])
def test_a_change_needs_a_reason(why: str) -> None:
    with pytest.raises(actions.ReasonMissing):
        publishes(gather(), arrival(30), why=why)


@pytest.mark.django_db
def test_the_same_text_with_other_line_ends_is_no_change() -> None:
    with pytest.raises(actions.NothingChanged):
        publishes(gather(), text_of("chongqing-2007").replace("\n", "\r\n"))


@pytest.mark.django_db
def test_the_history_tells_who_when_why_and_on_what_it_was_based() -> None:
    cast = gather()
    publishes(cast, arrival(30), why="试点")

    newest, first = versions.versions("chongqing-2007")

    assert (newest.number, newest.by, newest.why, newest.based_on) == (1, "纪明", "试点", "chongqing-2007/0")
    assert (newest.effective_from, newest.recorded_at) == (JULY, cast.now)
    changed = [(line.sign, line.text.strip()) for line in lines_changed(first.text, newest.text, around=0)]
    assert changed == [
        ("…", ""),
        ("-", '{ area = "urban", amount = 45, unit = "minutes" },'),
        ("+", '{ area = "urban", amount = 30, unit = "minutes" },'),
    ]


@pytest.mark.django_db
def test_a_copy_has_its_own_code_and_title_and_says_the_same() -> None:
    cast = gather()

    kept = actions.copy_version(
        source="sgcc-2005",
        number=0,
        code="our-town",
        title=Words(zh="本市承诺", en="Our town's promises"),
        effective_from=JULY,
        why="自订承诺",
        by=cast.inspector.actor,
        at=cast.now,
    )

    ours, theirs = versions.version("our-town", 1).pack, queries.load("sgcc-2005")
    assert (kept.based_on, ours.code, ours.title.zh) == ("sgcc-2005/0", "our-town", "本市承诺")
    told = count(compare(ours, theirs))
    assert told == {"same": len(theirs.promises), "changed": 0, "only_one": 0, "only_other": 0}


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["sgcc-2005", "Our Town", "", "calendars", "x" * 41, "../x"])
def test_a_copy_needs_a_code_of_its_own(code: str) -> None:
    cast = gather()

    with pytest.raises(actions.CodeTaken):
        actions.copy_version(
            source="sgcc-2005",
            number=0,
            code=code,
            title=Words(zh="本市", en="Ours"),
            effective_from=JULY,
            why="自订",
            by=cast.inspector.actor,
            at=cast.now,
        )


def adopts(cast: Cast, *packs: str, day: date = JULY) -> Adoption:
    kept = actions.adopt(packs=packs, effective_from=day, why="换版", by=cast.inspector.actor, at=cast.now)
    queries.forget()
    return kept


@pytest.mark.django_db
def test_another_order_wins_from_its_day_on() -> None:
    cast = gather()
    adopts(cast, "sgcc-2005", "chongqing-2007")

    first = [queries.adopted_on(day)[0].code for day in (date(2007, 6, 30), JULY)]

    assert first == ["chongqing-2007", "sgcc-2005"]
    assert {promise.pack for promise in queries.promises_on("repair", JULY)} == {
        "sgcc-2005",
        "chongqing-2007",
    }


@pytest.mark.django_db
def test_a_copy_can_be_adopted_from_the_day_on_which_it_holds() -> None:
    cast = gather()
    actions.copy_version(
        source="chongqing-2007",
        number=0,
        code="our-town",
        title=Words(zh="本市", en="Ours"),
        effective_from=JULY,
        why="自订",
        by=cast.inspector.actor,
        at=cast.now,
    )

    with pytest.raises(actions.UnfitOrder, match="our-town"):
        adopts(cast, "our-town", day=date(2007, 6, 30))
    adopts(cast, "our-town")

    assert [pack.code for pack in queries.adopted_on(JULY)] == ["our-town"]
    assert {pack.code for pack in queries.editions()} == {"our-town", "chongqing-2007", "sgcc-2005"}


@pytest.mark.django_db
@pytest.mark.parametrize("packs", [(), ("sgcc-2005", "sgcc-2005"), ("gondor",)])
def test_an_order_names_packs_that_are_there_each_once(packs: tuple[str, ...]) -> None:
    with pytest.raises(actions.UnfitOrder):
        adopts(gather(), *packs)


@pytest.mark.django_db
def test_a_step_asks_nothing_once_the_day_is_read() -> None:
    queries.promises_on("repair", JULY)

    with CaptureQueriesContext(connection) as seen:
        queries.promises_on("complaint", date(2007, 6, 5))
        queries.adopted_on(JULY)

    assert len(seen) == 0


@pytest.mark.django_db
def test_another_process_sees_a_publication_on_the_day_it_begins() -> None:
    today = date.today()  # noqa: DTZ011  the database's day
    queries.promises_on("repair", today - timedelta(days=2))  # this process has read
    PackVersion.objects.create(  # another one publishes
        code="chongqing-2007",
        number=1,
        based_on="chongqing-2007/0",
        text=arrival(30),
        digest="",
        effective_from=today + timedelta(days=3),
        why="他处发布",
        by=gather().inspector.actor,
        recorded_at=moment("2007-06-05 09:00"),
    )

    found = queries.promises_on("repair", today + timedelta(days=3))[0].limit_for(area="urban")

    assert found is not None
    assert found.amount == 30


@pytest.mark.django_db
def test_a_published_text_that_the_program_no_longer_reads_stops_the_start() -> None:
    cast = gather()
    publishes(cast, arrival(30))
    PackVersion.objects.create(
        code="chongqing-2007",
        number=2,
        based_on="chongqing-2007/1",
        text="[pack]",
        digest="",
        effective_from=JULY,
        why="x",
        by=cast.inspector.actor,
        recorded_at=cast.now,
    )

    (message,) = published_packs_are_sound(databases=["default"])

    assert message.id == "packs.E002"
    assert message.msg.startswith("version 2: chongqing-2007/pack.toml: pack.")
    assert published_packs_are_sound(databases=None) == []


@pytest.mark.django_db
def test_verify_finds_a_text_that_was_altered_a_gap_and_a_day_too_early() -> None:
    cast = gather()
    publishes(cast, arrival(30))
    assert list(versions.differences()) == []
    given: dict[str, Any] = {
        "code": CODE,
        "based_on": f"{CODE}/1",
        "why": "x",
        "by": cast.inspector.actor,
        "recorded_at": cast.now,
    }
    PackVersion.objects.create(
        number=3, text=arrival(20), digest="0" * 64, effective_from=cast.now.date(), **given
    )

    told = [difference for difference in flow_verify(Checked()) if difference.where == f"{CODE}/3"]

    assert [one.what.en for one in told] == [
        "a version before it is missing",
        "its text doesn't fit its digest",
        "it takes effect on the day of its publication or before",
    ]


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE packs_packversion SET text = ''",
        "UPDATE packs_packversion SET effective_from = '2000-01-01'",
        "DELETE FROM packs_packversion",
        "TRUNCATE packs_packversion",
        "UPDATE packs_adoption SET packs = '{}'",
        "DELETE FROM packs_adoption",
        "UPDATE packs_trial SET text = ''",
        "DELETE FROM packs_trial",
    ],
)
def test_what_was_published_can_not_be_changed(app: psycopg.Connection, attack: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(attack)


def test_the_form_changes_limits_and_nothing_else() -> None:
    text = (FOLDER / "sgcc-2005" / "pack.toml").read_text("utf-8")
    place = next(
        n for n, item in enumerate(tomllib.loads(text)["promise"]) if item["code"] == "repair-arrival"
    )

    new = with_limits(text, place=place, limits=[(30, "minutes"), (90, "minutes"), (2, "hours")])

    signs = [(line.sign, line.text) for line in lines_changed(text, new, around=0) if line.sign in "+-"]
    assert signs == [
        ("-", '  { area = "urban", amount = 45, unit = "minutes" },'),
        ("+", '  { area = "urban", amount = 30, unit = "minutes" },'),
        ("-", '  { area = "remote", amount = 120, unit = "minutes" },'),
        ("+", '  { area = "remote", amount = 2, unit = "hours" },'),
    ]


@pytest.mark.parametrize(
    "limits",
    [
        'limits = [{ amount = 45, unit = "minutes" }]  # 单件',
        'limits=[ # 注 ]\n  { amount = 45, unit = "minutes" }, # } ]\n]',
        'limits = [{ unit = \'minutes\', amount = 45, note = "a ] \\" b" }]',
    ],
)
def test_comments_quotes_and_brackets_do_not_mislead_the_form(limits: str) -> None:
    text = (
        f'[pack]\ncode = "x"\n[[promise]]\ncode = "limits"\n{limits}\nlevel = "1"\n[[promise]]\ncode = "b"\n'
    )

    new = tomllib.loads(with_limits(text, place=0, limits=[(30, "hours")]))

    old = tomllib.loads(text)
    old["promise"][0]["limits"][0] |= {"amount": 30, "unit": "hours"}
    assert new == old


@pytest.mark.parametrize(
    "text",
    [
        '[[promise]]\ncode = "a"\n[[promise.limits]]\namount = 45\nunit = "minutes"\n',
        'promise = [{ code = "a", limits = [{ amount = 45, unit = "minutes" }] }]\n',
        '[[promise]]\ncode = "a"\nlimits = [{ amount = 45, unit = """minutes""" }]\n',
    ],
)
def test_what_the_form_can_not_change_alone_it_leaves(text: str) -> None:
    with pytest.raises(CantRewrite):
        with_limits(text, place=0, limits=[(30, "hours")])


@given(code=st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True), zh=st.text(), en=st.text())
def test_any_title_can_be_written(code: str, zh: str, en: str) -> None:
    text = '# first\n[pack]\ncode = "x"   # its folder\ntitle = { zh = "旧", en = "old" }\nedition = "1"\n'

    new = renamed(text, code=code, title=Words(zh=zh, en=en))

    assert tomllib.loads(new)["pack"] == {"code": code, "title": {"zh": zh, "en": en}, "edition": "1"}


def test_two_editions_are_compared_article_by_article() -> None:
    one, other = queries.load("sgcc-2005"), queries.load("chongqing-2007")

    articles = {
        (item.code, item.one is not None, item.other is not None): item for item in compare(one, other)
    }

    repair = articles["repair-arrival", True, True]
    assert all(cell.same for cell in repair.cells)
    assert not {"clause", "source", "valid_from"} & {change.name for change in repair.changes}
    assert articles["scheme-reply", True, False].how == "only_one"
    assert articles["first-contact", False, True].how == "only_other"


def test_between_versions_of_one_pack_an_article_number_is_a_change_and_a_limit_of_the_house_too() -> None:
    text = (FOLDER / "chongqing-2007" / "pack.toml").read_text("utf-8")
    new = text.replace('clause = "C-ARRIVE"', 'clause = "1"', 1)
    limit = 'area = "urban", amount = 45, unit = "minutes"'
    assert limit in new
    new = new.replace(limit, limit + ', internal = { amount = 30, unit = "minutes" }', 1)

    (article,) = (
        item
        for item in compare(queries.parse("chongqing-2007", text), queries.parse("chongqing-2007", new))
        if item.how != "same"
    )

    assert [(change.name, change.one, change.other) for change in article.changes] == [
        ("clause", "C-ARRIVE", "1")
    ]
    assert [cell.area for cell in article.cells if not cell.same] == ["urban"]


@given(st.lists(st.integers(min_value=0, max_value=9), max_size=8), st.integers(min_value=0, max_value=10))
def test_on_any_day_the_latest_begun_holds_and_of_one_day_the_last_published(
    days: list[int], on: int
) -> None:
    start = date(2007, 1, 1)
    told = [Order(start + timedelta(days=day), (str(place),)) for place, day in enumerate(days)]

    found = in_force(told, start + timedelta(days=on))

    begun = [(day, place) for place, day in enumerate(days) if day <= on]
    assert (found.packs if found else None) == ((str(max(begun)[1]),) if begun else None)


def test_every_refusal_speaks_both_languages() -> None:
    said: list[BihuanError] = [
        actions.ReasonMissing(),
        actions.NothingChanged(),
        actions.PackMovedOn("a/1"),
        actions.CodeTaken("a"),
        actions.BeginsTooEarly(JULY),
        CantRewrite("limits"),
    ]

    assert all(one.words.zh and one.words.en and one.words.zh != one.words.en for one in said)
