"""The year's counts follow from the histories as they are drawn, before a single row is written."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.conf import settings

from bihuan.cases.rules import Round, Timeline, Told
from bihuan.flow.rules import Past
from bihuan.kernel.promise import Promise
from bihuan.loops.catalogue import loop
from bihuan.packs import queries as packs
from bihuan.promises.rules import Ticking, clocks
from bihuan.scenarios import queries
from bihuan.scenarios.rules import Drawer, Place, Story, Town, homes, persons, units
from bihuan.scenarios.rules.draw import LONGEST

HAPPY = ("satisfied", "very_satisfied")


@pytest.mark.slow
def test_the_year_2007_comes_out() -> None:
    figures = figures_of_the_year()

    assert figures["repairs"] == 16_629
    assert rounded(figures["arrived in time"], figures["arrived"]) == "99.85"
    assert rounded(figures["repair satisfied"], figures["repair rated"]) == "99.82"
    assert figures["complaints confirmed"] >= 1_100
    assert rounded(figures["complaints first time"], figures["complaints confirmed"]) == "99.91"
    assert rounded(figures["matter satisfied"], figures["matter rated"]) == "99.23"
    assert figures["called"] == 68_000


@pytest.mark.slow
def test_a_year_ends_with_nothing_left_open() -> None:
    end = datetime(2008, 1, 1, tzinfo=packs.calendar().zone)

    left = [story.key for story in the_year() if story.history.steps[-1].recorded_at >= end]

    assert left == []


def test_a_story_is_the_same_whenever_it_is_drawn() -> None:
    once = list(drawer().stories(first=date(2007, 6, 4), last=date(2007, 6, 10)))
    day = list(drawer().stories(first=date(2007, 6, 6), last=date(2007, 6, 6)))

    assert [story for story in once if story in day] == day


def test_a_week_has_about_as_many_cases_as_the_company_had() -> None:
    week = list(drawer().stories(first=date(2007, 6, 4), last=date(2007, 6, 10)))
    by_loop = Counter(story.history.loop for story in week)

    assert 280 <= by_loop["repair"] <= 360
    assert 900 <= by_loop["situation"] + by_loop["complaint"] <= 1_060
    assert 18 <= by_loop["complaint"] <= 32


def test_nobody_is_called_back_at_night_or_at_noon() -> None:
    zone = packs.calendar().zone
    hours = {past.at.astimezone(zone).hour for past in steps_of_june("attempt", "confirm", "send_back")}

    assert hours <= {8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20}


def test_attempts_lie_two_hours_apart() -> None:
    for story in june():
        tried = [past.at for past in story.history.steps if past.step == "attempt"]
        assert all(later - one >= timedelta(hours=2) for one, later in pairwise(tried))


def test_nothing_is_recorded_before_it_happened_or_out_of_order() -> None:
    for story in june():
        recorded = [past.recorded_at for past in story.history.steps]
        assert recorded == sorted(recorded)
        assert all(past.recorded_at >= past.at for past in story.history.steps)


@pytest.mark.slow
def test_no_story_lasts_longer_than_the_living_town_looks_back() -> None:
    lasted = (story.history.steps[-1].recorded_at - story.history.steps[0].at for story in the_year())

    assert max(lasted) < LONGEST - timedelta(days=1)


def test_only_what_the_cards_say_is_late() -> None:
    late = Counter[str]()
    for story in june():
        fate = drawer().fate_of(story.key)
        for clock in clocks_of(story):
            # An action that is sent back is late by the day that was agreed; nobody's promise is broken by that.
            if clock.verdict == "broken" and clock.promise != "agreed-due":
                late[clock.promise] += 1
                assert {"arrival", "contact", "answer", "callback", "late"} & fate.keys(), story.key

    assert late.keys() >= {"repair-arrival", "first-contact", "matter-answer", "callback-owed"}


def figures_of_the_year() -> Counter[str]:
    found: Counter[str] = Counter()
    brought_again = {story.earlier for story in the_year() if story.history.loop == "complaint"}
    for story in the_year():
        name = story.history.loop
        found["repairs"] += name == "repair"
        rounds = rounds_of(story)
        matter = {"repair": "repair", "complaint": "matter", "situation": "matter"}.get(name, "other")
        for now in rounds:
            rating = now.columns.get("satisfaction", "no_answer")
            found["called"] += "called" in now.moments
            found[f"{matter} rated"] += rating != "no_answer"
            found[f"{matter} satisfied"] += rating in HAPPY
            if name == "complaint" and now.ending == "confirmed":
                found["complaints confirmed"] += 1
                found["complaints first time"] += (
                    now.number == 1 and story.history.number not in brought_again
                )
        if name == "repair":
            found.update(arrivals(story))
    return found


def arrivals(story: Story) -> dict[str, int]:
    clock = next(clock for clock in clocks_of(story) if clock.promise == "repair-arrival")
    return {"arrived": clock.verdict != "void", "arrived in time": clock.verdict == "kept"}


def clocks_of(story: Story) -> list[Ticking]:
    return clocks(
        rounds=rounds_of(story),
        promises_on=partial(promised, story.history.loop),
        calendar=packs.calendar(),
    )


def rounds_of(story: Story) -> list[Round]:
    timeline = Timeline(loop(story.history.loop))
    for seq, past in enumerate(story.history.steps, 1):
        cycle = timeline.round.number
        timeline.add(Told(seq, cycle, past.step, past.at, past.recorded_at, past.actor_id, None, past.facts))
    return timeline.rounds


def rounded(numerator: int, denominator: int) -> str:
    """Per cent with two decimals, half-even, from whole numbers."""
    whole, rest = divmod(numerator * 10_000, denominator)
    whole += rest * 2 > denominator or (rest * 2 == denominator and whole % 2)
    return f"{whole // 100}.{whole % 100:02}"


def steps_of_june(*names: str) -> Iterator[Past]:
    return (past for story in june() for past in story.history.steps if past.step in names)


@cache
def june() -> list[Story]:
    return list(drawer().stories(first=date(2007, 6, 1), last=date(2007, 6, 30)))


@cache
def the_year() -> list[Story]:
    return list(drawer().stories(first=date(2007, 1, 1), last=date(2007, 12, 31), within_year=True))


@cache
def drawer() -> Drawer:
    """The town without a database: keys made from numbers."""
    scenario = queries.scenario()
    people: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    everywhere: dict[str, list[UUID]] = defaultdict(list)
    for person in persons(scenario):
        people[person.post, person.unit].append(key(person.number))
        everywhere[person.post].append(key(person.number))
    everywhere["house"].append(key("house"))
    crews: dict[str, list[str]] = defaultdict(list)
    for unit in units(scenario):
        if unit.kind == "crew":
            crews[unit.parent].append(unit.code)
    places = [
        Place(
            key(home.account),
            key(home.code),
            key(home.customer),
            home.unit.rpartition("-")[0],
            home.area,
            home.customer_class,
            home.address,
        )
        for home in homes(scenario)
    ]
    town = Town(places, people, everywhere, crews, sorted(crews))
    return Drawer(
        scenario=scenario,
        town=town,
        calendar=packs.calendar(),
        promises=promised,
        leaves=leaves,
        drawn=partial(queries.drawn, b"any key"),
    )


@cache
def leaves(taxonomy: str, kind: str, day: date) -> tuple[str, ...]:
    """The folder's leaves under a class, without a database."""
    path = Path(settings.BIHUAN_PACKS_DIR) / "taxonomies" / f"{taxonomy}.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))["leaf"]
    return tuple(leaf["code"] for leaf in found if kind in (leaf["class"]["code"], leaf["code"]))


@cache
def promised(loop: str, day: date) -> tuple[Promise, ...]:
    """What the folder's packs promise, without a database."""
    return packs.promises_for(packs=packs.adopted(), loop=loop, on=day)


def key(name: str) -> UUID:
    return uuid5(UUID(int=0), name)
