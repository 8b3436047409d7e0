"""The page of how cases went: the declared way with its times, what came instead, where they came back; each number opens its cases."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.indicators.queries.process_cases import cases_that_went
from bihuan.indicators.rules import week
from bihuan.indicators.rules.process import Which
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people.models import Staff
from bihuan.people.rules import Scope
from tests.cast import CHONGQING, Cast, gather, moment

pytestmark = pytest.mark.django_db
JUNE = "loop=repair&from=2007-06-04&to=2007-06-10"


@pytest.fixture
def cast() -> Cast:
    """Two repairs straight through, the second slower; one returned by the wrong unit; a tip-off."""
    made = gather()
    for minutes in (0, 60):
        case = made.opens("repair", at=moment("2007-06-05 09:00"))
        made.later(minutes=minutes)
        made.restores(case)
        made.confirms(case)
    wrong = made.opens("repair", at=moment("2007-06-05 13:00"))
    made.takes(wrong, "dispatch", made.agent, at=made.later(minutes=2), facts={"unit": "NA"})
    made.takes(wrong, "return", made.neighbour, at=made.later(minutes=2), facts={"reason": "wrong_unit"})
    made.restores(wrong)
    made.opens("tipoff", at=moment("2007-06-05 14:00"), facts={"about": "NA"})
    return made


def page(who: Staff, query: str = JUNE, path: str = "/process/") -> str:
    client = Client()
    client.force_login(who)
    found = client.get(f"{path}?{query}")
    assert found.status_code == 200
    return re.sub(r"\s+", " ", found.content.decode())


def shown_in(html: str) -> list[int]:
    """Which of the cases, counted from the first that was opened."""
    opened = list(Case.objects.order_by("id").values_list("number", flat=True))
    return [opened.index(number) + 1 for number in re.findall(r'data-row="([^"]+)"', html)]


def test_the_tiles_tell_how_many_went_straight_and_came_back(cast: Cast) -> None:
    html = page(cast.inspector)

    tiles = re.findall(r'class="tile[^"]*"[^>]*><b>(\d+)</b>', html)
    assert tiles == ["3", "2", "1", "2"]


def test_a_way_opens_its_cases_the_slowest_first(cast: Cast) -> None:
    html = page(cast.inspector)
    (way,) = set(re.findall(r'href="(/process/cases/\?[^"]*way=accept\.dispatch\.receive[^"]*)"', html))

    query = way.split("?", 1)[1].replace("&amp;", "&")
    shown = page(cast.inspector, query, "/process/cases/")

    assert shown_in(shown) == [2, 1]


def test_an_arrow_and_the_way_back_open_theirs(cast: Cast) -> None:
    for more in ("step=dispatch&after=return", "step=dispatch&after=return&move=1", "back=1"):
        shown = page(cast.inspector, f"{JUNE}&{more}", "/process/cases/")

        assert shown_in(shown) == [3]


def test_of_another_unit_s_cases_only_the_number_is_told(cast: Cast) -> None:
    found = cases_that_went(
        loop=loop_of("repair"),
        which=Which(),
        period=week("2007-W23", CHONGQING),
        at=moment("2007-06-20 00:00"),
        seen=Scope(company=False, paths=("CQ/NA/",)),
        limit=50,
    )

    assert [cast.nan.pk in row.case.had for row in found.rows] == [True]
    assert (found.total, found.hidden) == (3, 2)


def test_what_is_told_in_confidence_is_in_no_view(cast: Cast) -> None:
    html = page(cast.inspector, JUNE.replace("repair", "tipoff"))

    assert 'value="tipoff"' not in html
    assert "CQ-JB" not in html


@pytest.mark.parametrize("more", ["way=accept.fly", "step=accept&after=fly", "step=accept"])
def test_a_step_that_no_loop_has_is_not_found(cast: Cast, more: str) -> None:
    client = Client()
    client.force_login(cast.inspector)

    assert client.get(f"/process/cases/?{JUNE}&{more}").status_code == 404


def test_who_reads_no_figures_sees_neither_page(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.crew)

    assert {client.get(path).status_code for path in ("/process/", "/process/cases/")} == {403}


def test_the_picture_says_what_the_tables_say(cast: Cast) -> None:
    html = page(cast.inspector)

    (picture,) = re.findall(r'<svg class="process".*?</svg>', html)
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", picture)
    assert [text for text in texts if text.isdecimal()] == [*"33332", *"343332"]
    assert len(re.findall('class="arc"', picture)) == 1
    assert "style=" not in picture
