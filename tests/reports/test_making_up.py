"""What was missed is made up for: a Monday without the house, an approval on Tuesday, a mail server that was down; and two who
write at once are told."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from bihuan.people.models import Staff
from bihuan.reports import actions, jobs
from bihuan.reports.models import Sending, Snapshot
from tests.cast import Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db
MONDAY = moment("2007-06-11 07:00")
MEMORY = "django.core.mail.backends.locmem.EmailBackend"
ADDRESS = "http://desk.example/"


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = MEMORY, "mail.example"
    made = gather()
    made.confirms(made.restores(made.opens(at=moment("2007-06-05 09:00"))))
    return made


def freeze(cast: Cast, at: datetime = MONDAY) -> Snapshot:
    return actions.freeze(
        kind="weekly", name="2007-W23", at=at, known=at, by=cast.editor.actor, recorded_at=at
    )


def hourly(first: datetime, hours: int) -> None:
    for hour in range(hours):
        with time_machine.travel(first + timedelta(hours=hour), tick=False):
            jobs.weekly.func(0)


def reader(address: str = "a@example.com") -> None:
    actions.add_recipient(name="R", address=address, unit=None, language="en")


def test_a_house_that_was_down_on_monday_freezes_and_sends_on_tuesday(cast: Cast) -> None:
    reader()

    hourly(moment("2007-06-12 09:00"), 3)

    assert [kept.period for kept in Snapshot.objects.all()] == ["2007-W23"]
    assert len(mail.outbox) == 1


def test_what_is_approved_on_tuesday_goes_out_on_tuesday(cast: Cast, settings: Any) -> None:
    settings.BIHUAN_REPORT_NEEDS_APPROVAL = True
    reader()
    kept = freeze(cast)
    hourly(MONDAY, 4)
    assert mail.outbox == []

    actions.approve(snapshot=kept, by=cast.leader.actor, recorded_at=moment("2007-06-12 09:00"))
    hourly(moment("2007-06-12 09:30"), 3)

    assert len(mail.outbox) == 1


def test_a_week_before_the_house_was_in_service_is_not_frozen(cast: Cast) -> None:
    hourly(moment("2007-06-05 10:00"), 2)

    assert not Snapshot.objects.exists()


def test_a_version_that_was_superseded_before_it_went_out_never_does(cast: Cast, settings: Any) -> None:
    freeze(cast)
    reader()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    actions.send_due(kind="weekly", name="2007-W23", at=MONDAY, address=ADDRESS)
    later = MONDAY + timedelta(minutes=30)
    actions.write_words(
        kind="weekly", name="2007-W23", unit=None, chapter="repair", text="改正", by=cast.editor.actor, recorded_at=MONDAY
    )  # fmt: skip
    freeze(cast, later)

    settings.EMAIL_BACKEND = MEMORY
    actions.send_due(kind="weekly", name="2007-W23", at=later, address=ADDRESS)

    assert [" version 2" in one.subject for one in mail.outbox] == [True]


def test_a_mail_that_cannot_be_made_keeps_nobody_else_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(cast)
    for address in ("a@example.com", "b@example.com"):
        reader(address)
    module = sys.modules["bihuan.reports.actions.sending"]
    make = module._mail

    def made(told: Any, sending: Sending, link: str) -> Any:
        if sending.recipient.address.startswith("a"):
            raise ValueError("a sign that can't be drawn")
        return make(told, sending, link)

    monkeypatch.setattr(module, "_mail", made)
    for hour in range(6):
        actions.send_due(kind="weekly", name="2007-W23", at=MONDAY + timedelta(hours=hour), address=ADDRESS)

    assert [one.to for one in mail.outbox] == [["b@example.com"]]
    failed = Sending.objects.get(recipient__address="a@example.com")
    assert (failed.tries, failed.fault) == (5, "ValueError: a sign that can't be drawn")


def signed_in(person: Staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def area(client: Client, query: str = "?live=1") -> tuple[str, str]:
    """What stands in the editor's field, and what it says it was made from."""
    page = client.get(f"/reports/weekly/2007-W23/{query}").content.decode()
    (base,) = re.findall(r'value="repair">.*?name="base" value="([^"]*)"', page)
    (text,) = re.findall(r'id="w-repair"[^>]*>([^<]*)<', page)
    return text, base


def writes(client: Client, text: str, base: str) -> str:
    fields = {"chapter": "repair", "role": "words", "text": text, "base": base}
    return client.post("/reports/weekly/2007-W23/write/", fields, follow=True).content.decode()


def test_two_editors_of_one_chapter_are_told_and_lose_nothing(cast: Cast) -> None:
    one, other = signed_in(cast.editor), signed_in(somebody("B9", "白二", "editor", cast.centre))
    with time_machine.travel(MONDAY, tick=False):
        (_, first), (_, second) = area(one), area(other)
        writes(one, "careful words", first)

        told = writes(other, "hasty words", second)

        assert "Somebody else has changed" in told
        assert "hasty words" in told
        assert area(other)[0] == "careful words"
        writes(other, "words of both", area(other)[1])
        assert area(one)[0] == "words of both"


def test_the_frozen_page_s_field_holds_the_newest_words(cast: Cast) -> None:
    editor = signed_in(cast.editor)
    with time_machine.travel(MONDAY, tick=False):
        freeze(cast)
        writes(editor, "after the freezing", area(editor)[1])

        assert area(editor, "")[0] == "after the freezing"


@pytest.mark.parametrize("name", ["2007-W23%20", "２００７-W23", "2007-w23"])
def test_a_period_has_one_name(cast: Cast, name: str) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert signed_in(cast.editor).get(f"/reports/weekly/{name}/").status_code == 404
