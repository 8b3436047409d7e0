"""A board that asks again is told nothing while nothing has changed, and everything as soon as something has."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bihuan.people.models import Staff
from bihuan.surveys import actions as surveys
from bihuan.web.desk.views.board import STANDS, STANDS_LONG
from bihuan.web.desk.views.callbacks import STANDS as LINE_STANDS
from bihuan.web.ui.polls import LATE
from tests.cast import Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db

NOON = moment("2007-06-05 12:00")
BOARD, LINE = "/cases/", "/callbacks/line/"


@pytest.fixture
def cast() -> Cast:
    cast = gather()
    cast.opens("repair", at=NOON - timedelta(hours=1))
    return cast


class Screen:
    """A page that stands open and asks again."""

    def __init__(self, person: Staff, path: str, **filters: str) -> None:
        self._client = Client()
        self._client.force_login(person)
        self._path = path
        self._filters = filters
        self.seen = ""
        assert self.asks(NOON) == 200

    def asks(self, at: datetime) -> int:
        """The status; a fresh page brings what it has seen along."""
        query = self._filters | ({"seen": self.seen} if self.seen else {})
        with time_machine.travel(at, tick=False):
            answer = self._client.get(self._path, query, headers={"hx-request": "true"})
        if answer.status_code == 200:
            self.seen = re.findall(r'name="seen" value="([^"]+)"', answer.content.decode())[0]
        return answer.status_code


def test_a_board_is_told_nothing_while_nothing_changes(cast: Cast, django_assert_num_queries: Any) -> None:
    screen = Screen(cast.leader, BOARD)

    assert [screen.asks(NOON + timedelta(seconds=20 * k)) for k in range(1, 4)] == [204, 204, 204]
    with django_assert_num_queries(4):  # session, person, memberships, changes
        assert screen.asks(NOON + timedelta(seconds=80)) == 204


def test_a_board_is_told_of_a_new_case_and_of_a_step(cast: Cast) -> None:
    screen = Screen(cast.leader, BOARD)

    case = cast.opens("repair", at=NOON + timedelta(seconds=5))
    assert [screen.asks(NOON + timedelta(seconds=s)) for s in (20, 40)] == [200, 204]
    cast.takes(case, "dispatch", cast.agent, facts={"unit": "YJP"}, at=NOON + timedelta(seconds=50))
    assert [screen.asks(NOON + timedelta(seconds=s)) for s in (60, 80)] == [200, 204]


def test_a_board_is_told_of_a_case_that_leaves_it(cast: Cast) -> None:
    case = cast.opens("repair", at=NOON - timedelta(minutes=2))
    screen = Screen(cast.leader, BOARD)

    cast.restores(case)
    cast.confirms(case)

    assert screen.asks(cast.now + timedelta(seconds=1)) == 200


def test_a_board_is_told_of_what_was_written_before_and_is_seen_only_now(cast: Cast) -> None:
    screen = Screen(cast.leader, BOARD)

    cast.opens("repair", at=NOON - LATE / 2)

    assert [screen.asks(NOON + timedelta(seconds=s)) for s in (20, 40)] == [200, 204]


def test_a_board_is_not_told_of_other_units_nor_of_other_kinds(cast: Cast) -> None:
    yang, nan = Screen(cast.leader, BOARD), Screen(cast.neighbour, BOARD)
    complaints = Screen(cast.leader, BOARD, loop="complaint")

    cast.opens("repair", at=NOON + timedelta(seconds=5))

    assert [screen.asks(NOON + timedelta(seconds=20)) for screen in (yang, nan, complaints)] == [
        200,
        204,
        204,
    ]


@pytest.mark.parametrize(("which", "stands"), [("", STANDS_LONG), ("soon", STANDS), ("over", STANDS)])
def test_a_board_is_told_all_again_after_a_while(cast: Cast, which: str, stands: timedelta) -> None:
    screen = Screen(cast.leader, BOARD, which=which)

    assert screen.asks(NOON + stands - timedelta(seconds=1)) == 204
    assert screen.asks(NOON + stands) == 200


@pytest.mark.parametrize(
    "seen", ["x", "1", "1.2.3.4", "9" * 70, f"{'9' * 40}.{'9' * 40}.0.", "-1.٣.0.", "..."]
)
def test_what_no_page_has_seen_is_answered_in_full(cast: Cast, seen: str) -> None:
    screen = Screen(cast.leader, BOARD)
    screen.seen = seen

    assert screen.asks(NOON + timedelta(seconds=20)) == 200


def test_a_board_is_told_nothing_of_what_may_no_longer_be_seen(cast: Cast) -> None:
    screen = Screen(cast.leader, BOARD)
    cast.leader.is_active = False
    cast.leader.save()

    assert screen.asks(NOON + timedelta(seconds=20)) == 302


def test_the_line_is_told_of_calls_and_of_who_takes_them(cast: Cast) -> None:
    case = cast.restores(cast.opens("repair", at=NOON - timedelta(hours=2)))
    screen = Screen(cast.caller, LINE)
    assert screen.asks(NOON + timedelta(seconds=20)) == 204

    other = somebody("H9", "何", "callback", cast.centre)
    surveys.claim(wanted=[(case.pk, case.last_seq)], by=other.actor, at=NOON + timedelta(seconds=30))
    assert [screen.asks(NOON + timedelta(seconds=s)) for s in (40, 50)] == [200, 204]
    surveys.release(case_id=case.pk, by=other.actor, at=NOON + timedelta(seconds=52))
    assert [screen.asks(NOON + timedelta(seconds=s)) for s in (55, 60)] == [200, 204]
    said = {"solved": True, "satisfaction": "satisfied"}
    cast.takes(case, "confirm", cast.caller, facts=said, at=NOON + timedelta(seconds=65))
    assert [screen.asks(NOON + timedelta(seconds=s)) for s in (70, 80)] == [200, 204]


def test_the_line_is_not_told_of_what_nobody_has_carried_out(cast: Cast) -> None:
    screen = Screen(cast.caller, LINE)

    cast.opens("repair", at=NOON + timedelta(seconds=5))

    assert screen.asks(NOON + timedelta(seconds=20)) == 204
    assert screen.asks(NOON + LINE_STANDS) == 200


def test_links_do_not_carry_what_was_seen(cast: Cast) -> None:
    for minute in range(60):
        cast.opens("repair", at=NOON - timedelta(minutes=minute))
    client = Client()
    client.force_login(cast.leader)

    with time_machine.travel(NOON, tick=False):
        told = client.get(BOARD, {"seen": "1.2.3."}, headers={"hx-request": "true"}).content.decode()

    assert 'href="?page=2"' in told
