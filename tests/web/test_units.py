"""The pages of units: an administrator renames, moves and closes with a reason; what is refused says why and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from bihuan.people.models import PostPermission, Unit, UnitChange
from bihuan.web.desk.templatetags.people import permission_word
from tests.cast import PASSWORD, Cast, gather, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(datetime.now(UTC).replace(microsecond=0), tick=False):
        yield gather()


@pytest.fixture
def admin(cast: Cast) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(somebody("X9", "赵大勇", "admin", cast.centre, PASSWORD))
    return found


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_a_crew_moves_to_another_bureau_on_one_page(cast: Cast, admin: Client) -> None:
    told = {"do": "move", "parent": "NA", "code": "NA-Q9", "why": "two crews made one"}

    answer = admin.post("/units/at/YJP-Q1/", told, follow=True)

    assert answer.redirect_chain == [("/units/at/NA-Q9/", 302)]
    assert "two crews made one" in words(answer)
    assert "closed" in words(admin.get("/units/at/YJP-Q1/"))
    assert "YJP-Q1" not in words(admin.get("/units/"))
    assert "YJP-Q1" in words(admin.get("/units/?closed=1"))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"do": "move", "parent": "NA", "code": "NA", "why": "x"}, "a code that was never used"),
        ({"do": "move", "parent": "YJP", "code": "Q9", "why": "x"}, "Choose another unit above it"),
        ({"do": "close", "why": "x"}, "still belong to it"),
        ({"do": "close", "why": " "}, "This field is required"),
        ({"do": "rename", "name_zh": "", "why": "x"}, "This field is required"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    cast: Cast, admin: Client, told: dict[str, str], said: str
) -> None:
    answer = admin.post("/units/at/YJP-Q1/", told)

    assert answer.status_code == 422
    assert said in words(answer)
    assert not UnitChange.objects.exists()
    assert Unit.objects.get(code="YJP-Q1").active


def test_a_unit_is_renamed_from_its_page(cast: Cast, admin: Client) -> None:
    told = {"do": "rename", "name_zh": "杨石供电局", "name_en": "Yangshi", "why": "new name"}

    assert admin.post("/units/at/YJP/", told).status_code == 302

    assert Unit.objects.get(code="YJP").name_en == "Yangshi"
    assert "new name" in words(admin.get("/units/at/YJP/"))


@pytest.mark.parametrize("do", ["reopen", "burn", ""])
def test_what_cannot_be_done_to_an_open_unit_is_not_there(cast: Cast, admin: Client, do: str) -> None:
    assert admin.post("/units/at/YJP/", {"do": do, "why": "x"}).status_code == 404


def test_every_permission_of_a_post_has_words(cast: Cast) -> None:
    codes = set(PostPermission.objects.values_list("permission", flat=True))

    assert [code for code in sorted(codes) if permission_word(code) == code] == []


def test_posts_are_told_with_who_holds_them(cast: Cast, admin: Client) -> None:
    told = words(admin.get("/units/posts/"))

    assert "look who brought a confidential case" in told
    assert "1 person holds it" in told
