"""The case book: thirty-five cases in both languages, the nearest of them proposed from what a caller says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from bihuan.cases.models import Entry
from bihuan.loops.catalogue import loop as loop_of
from bihuan.standards import actions, queries
from bihuan.standards.rules import StandardFault
from tests.cast import Cast, gather, somebody

TODAY = date(2007, 6, 5)
NOW = datetime(2007, 6, 5, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_there_are_thirty_five_each_under_a_leaf_that_is_there() -> None:
    cases = queries.case_book(TODAY).cases

    assert len(cases) == 35
    for case in cases:
        listing = loop_of(case.loop).opening.fact("leaf")
        if listing is not None:
            assert queries.leaf(listing.listing, case.leaf, TODAY), case.code


def test_what_was_held_out_is_found_among_three_in_nine_of_ten() -> None:
    held_out = queries.said("said-held-out.tsv")
    found = [[case.code for case, _ in queries.nearest(sentence, TODAY)] for _, sentence in held_out]
    first = sum(near[0] == code for near, (code, _) in zip(found, held_out, strict=True))
    among = sum(code in near for near, (code, _) in zip(found, held_out, strict=True))

    assert len(held_out) == 105
    assert not set(held_out) & set(queries.said("said.tsv"))
    assert first >= 73
    assert among >= 95


def test_a_proposal_says_what_it_goes_by() -> None:
    (case, near), *_ = queries.nearest("抢修的人等了三个钟头还没到", TODAY)

    assert case.code == "crew-late"
    assert any("抢修" in stretch for stretch in near.shared)


@pytest.mark.parametrize("text", ["", "   ", "hello", "12", "🙂"])
def test_nothing_is_proposed_from_nothing(text: str) -> None:
    assert len(queries.nearest(text, TODAY)) in (0, 3)
    assert queries.nearest("", TODAY) == []


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"origin": "media_national"}, "special"),
        ({"origin": "regulator"}, "major"),
        ({"affected": 5}, "major"),
        ({"affected": 4}, "general"),
        ({"injury": True}, "major"),
        ({"origin": "customer_threatens"}, "important"),
        ({"origin": "customer_threatens", "injury": True}, "major"),
        ({"times": 3}, "important"),
        ({}, "general"),
    ],
)
def test_the_gravest_rule_that_holds_is_proposed(facts: dict[str, object], grade: str) -> None:
    assert queries.grading(facts, TODAY).grade == grade


def test_the_proposal_and_the_decision_are_both_kept() -> None:
    cast = gather()
    client = Client()
    client.force_login(cast.agent)
    answer = client.post(
        f"/intake/?account={cast.account.number}&loop=complaint",
        {
            "kind": "outage",
            "leaf": "repair-quality",
            "severity": "important",
            "origin": "regulator",
            "area": "urban",
            "description": "报修两个小时了还没有人来",
            "client_id": "x1",
        },
    )

    assert answer.status_code == 302
    facts = Entry.objects.get(step="accept").facts
    assert (facts["proposed_leaf"], facts["leaf"]) == ("repair-late", "repair-quality")
    assert (facts["proposed_severity"], facts["severity"]) == ("major", "important")


def publishes(cast: Cast, text: str, on: date) -> None:
    actions.publish(
        kind="taxonomies",
        code="fault",
        text=text,
        based_on=queries.newest("taxonomies", "fault").edition,
        effective_from=on,
        today=TODAY,
        why="新增分类",
        by=cast.inspector.actor,
        recorded_at=NOW,
    )


def test_an_edition_holds_from_its_day_on_and_not_before() -> None:
    text = queries.text_of("taxonomies", "fault", TODAY).replace("hv-line", "hv-overhead")
    publishes(gather(), text, date(2007, 7, 1))

    assert queries.leaf("fault", "hv-overhead", date(2007, 6, 30)) is None
    assert queries.leaf("fault", "hv-overhead", date(2007, 7, 1)) is not None


def test_an_edition_of_today_is_refused_and_one_with_a_mistake_names_it() -> None:
    cast = gather()
    text = queries.text_of("taxonomies", "fault", TODAY)
    with pytest.raises(actions.TooSoon):
        publishes(cast, text, TODAY)
    with pytest.raises(StandardFault, match="certainty"):
        publishes(cast, text.replace('certainty = "memory"', 'certainty = "sure"', 1), date(2007, 7, 1))


def test_what_was_published_stays() -> None:
    publishes(gather(), queries.text_of("taxonomies", "fault", TODAY) + "# 新\n", date(2007, 7, 1))

    for statement in (
        "DELETE FROM standards_standardversion",
        "UPDATE standards_standardversion SET why = ''",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_pages_are_read_by_all_who_work_and_edited_by_few() -> None:
    cast = gather()
    client = Client()
    client.force_login(cast.handler)
    pages = (
        "/standards/",
        "/standards/?q=停电",
        "/standards/cases/crew-late/",
        "/standards/trees/complaint/",
        "/standards/severity/",
    )

    assert [client.get(page).status_code for page in pages] == [200] * 5
    assert client.get("/standards/edit/casebook/typical/").status_code == 403
    assert client.get("/standards/trees/nothing/").status_code == 404


def test_an_administrator_publishes_on_the_page_and_a_mistake_keeps_what_was_typed() -> None:
    cast = gather()
    client = Client()
    client.force_login(somebody("X1", "徐管", "admin", cast.centre))
    address = "/standards/edit/casebook/severity/"
    assert client.get(address).status_code == 200

    wrong = client.post(address, {"text": "[[rule]]\ngrade = 7", "why": "试", "effective_from": "2099-01-01"})
    assert wrong.status_code == 422
    assert "grade = 7" in wrong.content.decode()
    right = client.post(address, {"text": "# 空\n", "why": "试", "effective_from": "2099-01-01"})
    assert right.status_code == 302
    assert queries.severity_rules(date(2099, 1, 1)) == ()
    assert "试" in client.get(address).content.decode()


def test_in_the_unit_the_nearest_cases_stand_beside_the_matter_with_their_handling() -> None:
    cast = gather()
    case = cast.opens("complaint", notes={"description": "报修两个小时了还没有人来"})
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "YJP"})
    pages = []
    for person in (cast.handler, cast.caller):
        client = Client()
        client.force_login(person)
        pages.append(client.get(f"/cases/{case.number}/").content.decode())

    assert ["抢修到达超时" in page for page in pages] == [True, False]
