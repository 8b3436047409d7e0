"""Staff from a table: who works where, in which post, from when on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate

from bihuan.kernel.table import ImportResult
from bihuan.people.actions import import_staff
from bihuan.people.models import Membership, Staff
from bihuan.people.queries import memberships
from tests.cast import CHONGQING, Cast, gather

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WANG = {"number": "S1", "name": "王芳", "unit": "YJP", "post": "handler", "phone": "13800000002"}


@pytest.fixture(autouse=True)
def cast() -> Cast:
    return gather()


def imported(*rows: dict[str, str], take_good: bool = False, dry_run: bool = False) -> ImportResult:
    numbered = list(enumerate(rows, start=2))
    return import_staff(rows=numbered, at=AT, zone=CHONGQING, take_good=take_good, dry_run=dry_run)


def told(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.field, fault.words.en) for fault in imported(*rows).faults]


def test_a_person_is_hired_and_appointed_from_now_on() -> None:
    assert imported(WANG).written == 1

    wang = Staff.objects.get(number="S1")
    held = memberships(wang.actor_id, AT)
    assert [(one.unit_code, one.post, one.scope, one.starts_at) for one in held] == [
        ("YJP", "handler", "subtree", AT)
    ]
    assert (wang.name, wang.phone, wang.language) == ("王芳", "13800000002", "zh-hans")


def test_who_has_no_password_cannot_sign_in() -> None:
    imported(WANG, WANG | {"number": "S2", "password": "tide-lamp-42"})

    assert not Staff.objects.get(number="S1").has_usable_password()
    signed_in = authenticate(username="S2", password="tide-lamp-42")
    assert signed_in == Staff.objects.get(number="S2")


def test_a_person_with_two_posts_has_two_rows() -> None:
    imported(WANG | {"password": ""}, WANG | {"post": "单位负责人", "password": "tide-lamp-42"})

    wang = Staff.objects.get(number="S1")
    assert sorted(one.post for one in memberships(wang.actor_id, AT)) == ["handler", "leader"]
    assert wang.has_usable_password()


def test_an_appointment_may_begin_on_a_day_of_the_utility() -> None:
    imported(WANG | {"starts": "2007-06-04"})

    membership = Membership.objects.get(actor__staff__number="S1")
    assert membership.starts_at == datetime(2007, 6, 3, 16, 0, tzinfo=UTC)
    assert membership.recorded_at == AT


def test_a_dry_run_writes_nobody() -> None:
    before = Staff.objects.count()

    assert imported(WANG, dry_run=True).good == 1
    assert Staff.objects.count() == before


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"number": "A1"}, "number", "“A1” is there already"),
        ({"unit": "XX"}, "unit", "“XX” isn't known"),
        (
            {"post": "king"},
            "post",
            "“king” isn't known; it may be admin, agent, callback, crew, department, dispatcher, editor, executive, handler, house, "
            "inspector, leader",
        ),
        ({"phone": "call me"}, "phone", "“call me”: this is no telephone number"),
        ({"language": "fr"}, "language", "“fr” isn't known; it may be zh-hans, en"),
        ({"starts": "tomorrow"}, "starts", "“tomorrow” is no day; write 2007-06-04"),
        ({"name": "王" * 61}, "name", "longer than 60 characters"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(change: dict[str, str], column: str, sentence: str) -> None:
    assert told(WANG | change) == [(2, column, sentence)]


def test_the_same_post_twice_and_two_names_of_one_number_are_told() -> None:
    rows = (WANG, WANG, WANG | {"name": "王方", "post": "leader"})

    assert told(*rows) == [
        (3, "number", "“S1” stands in the file twice"),
        (4, "name", "the same number stands with another name"),
    ]
