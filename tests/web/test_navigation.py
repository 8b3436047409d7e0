"""The bar holds a post's daily work, all pages stand in sections, and no link leads to a closed door."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from bihuan.people import queries as people
from bihuan.people.actions import create_unit
from bihuan.web.ui.navigation import Navigation, navigation
from tests.cast import Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db

POSTS = [
    "admin",
    "agent",
    "callback",
    "crew",
    "department",
    "dispatcher",
    "editor",
    "executive",
    "handler",
    "inspector",
    "leader",
]


def shown(cast: Cast, post: str, path: str = "/") -> tuple[Client, Navigation]:
    """Somebody of the post, signed in, and his ways."""
    person = somebody(f"N-{post}", "某人", post, cast.yang)
    client = Client()
    client.force_login(person)
    held = people.memberships(person.actor_id, moment("2007-06-10 09:00"))
    permissions = frozenset().union(*(one.permissions for one in held))
    return client, navigation(permissions=permissions, path=path)


@pytest.mark.parametrize("post", POSTS)
def test_the_bar_holds_at_most_seven_pages_and_every_link_opens(post: str) -> None:
    client, ways = shown(gather(), post)
    everywhere = [link for _, links in ways.sections for link in links]

    assert 3 <= len(ways.bar) <= 7
    assert {link.address for link in ways.bar[1:]} <= {link.address for link in everywhere}
    assert {link.address: client.get(link.address).status_code for link in everywhere} == {
        link.address: 200 for link in everywhere
    }


def bar(cast: Cast, post: str) -> list[str]:
    """The texts of the bar."""
    with override("en"):
        return [str(link.text) for link in shown(cast, post)[1].bar]


def test_each_post_sees_its_own_work_first() -> None:
    cast = gather()

    assert bar(cast, "agent") == ["My work", "Intake", "Cases", "Outages", "Promises"]
    assert bar(cast, "dispatcher")[:3] == ["My work", "Cases", "Outages"]
    assert bar(cast, "executive") == ["My work", "Weekly report", "Indicators", "Promises", "Broken promises"]


def test_the_page_that_is_open_is_marked_once_by_the_longest_address() -> None:
    cast = gather()
    _, ways = shown(cast, "leader", "/outages/figures/")

    marked = [link.address for _, links in ways.sections for link in links if link.here]

    assert marked == ["/outages/figures/"]
    assert ways.elsewhere
    assert not shown(cast, "inspector", "/cases/CQ-1/")[1].elsewhere


def test_every_page_of_a_departments_officer_opens() -> None:
    """Somebody of a department has no bureau below; his reports are his department's."""
    cast = gather()
    unit = create_unit(
        code="DD",
        name_zh="调度中心",
        name_en="Dispatch",
        kind="department",
        parent=cast.company,
        wing="support",
    )
    person = somebody("D9", "任一", "department", unit)
    client = Client()
    client.force_login(person)
    held = people.memberships(person.actor_id, moment("2007-06-10 09:00"))
    permissions = frozenset().union(*(one.permissions for one in held))
    links = [
        link.address for _, links in navigation(permissions=permissions, path="/").sections for link in links
    ]

    assert {address for address in links if client.get(address).status_code != 200} == set()
