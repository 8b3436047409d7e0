"""Home says what a post has to do now beside its cases, with the page where it is done, and nothing that is done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.people.models import Staff
from bihuan.reports.actions import approve, freeze
from tests.cast import gather, somebody

pytestmark = pytest.mark.django_db


def tiles(person: Staff) -> dict[str, str]:
    """The figures above the lists of somebody's home, each with its address."""
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    found = re.findall(r'<a class="tile[^"]*" href="([^"]+)"><b>([^<]+)</b>([^<]+)</a>', page)
    return {words.strip(): f"{count} {address}" for address, count, words in found}


def last_week() -> str:
    year, week, _ = (timezone.localdate() - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def test_the_weekly_report_waits_for_its_editor_and_then_for_whoever_approves() -> None:
    cast = gather()
    leader = somebody("G1", "顾明", "executive", cast.company)
    name, now = last_week(), timezone.now()

    assert tiles(cast.editor)["weekly report to check and freeze"] == f"{name} /reports/"
    assert "weekly report to approve" not in tiles(leader)

    kept = freeze(
        kind="weekly", name=name, unit=None, at=now, known=now, by=cast.editor.actor, recorded_at=now
    )
    assert "weekly report to check and freeze" not in tiles(cast.editor)
    assert tiles(leader)["weekly report to approve"] == f"{name} /reports/"

    approve(snapshot=kept, by=leader.actor, recorded_at=now)
    assert "weekly report to approve" not in tiles(leader)


def test_what_waits_for_the_posts_leads_to_a_board_of_the_same_cases() -> None:
    cast = gather()
    waiting = cast.opens("repair")
    cast.restores(cast.opens("repair"))  # the customer's word is no work of the agent
    client = Client()
    client.force_login(cast.agent)

    assert tiles(cast.agent)["wait for me"] == "1 /cases/?which=mine"
    board = client.get("/cases/?which=mine").content.decode()
    assert re.findall(r'data-row="([^"]+)"', board) == [waiting.number]


def test_somebody_who_cant_go_on_with_a_case_is_told_whose_turn_it_is() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)
    client = Client()
    client.force_login(cast.dispatcher)
    client.cookies["django_language"] = "en"

    page = client.get(f"/cases/{case.number}/").content.decode()

    assert "<dt>Confirm and close</dt><dd>Callback agent</dd>" in page
    assert "can&#x27;t have the last word" in page or "can't have the last word" in page
