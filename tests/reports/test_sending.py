"""The report goes by mail to whoever reads it, once, with its PDF; a real SMTP server takes it, and opening it is noted."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message

import pytest
from django.conf import settings
from django.test import Client, override_settings

from bihuan.people import actions as people
from bihuan.reports import actions
from bihuan.reports.models import Sending, Snapshot
from tests.cast import Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db
WEEK = "2007-W23"
MONDAY = moment("2007-06-11 07:00")


class Server(socketserver.ThreadingTCPServer):
    """Enough of SMTP (RFC 5321) to take a mail and keep it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, refuses: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.mails: list[Message] = []
        self.refuses = refuses


class Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    server: Server

    def handle(self) -> None:
        self._say("220 mail")
        while line := self.rfile.readline():
            word = line.decode().strip().upper()
            if word.startswith("DATA"):
                self._say("354 go on")
                self._take()
            elif word.startswith("QUIT"):
                self._say("221 bye")
                return
            elif word.startswith("RCPT") and self.server.refuses:
                self._say("550 no such mailbox")
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.mails.append(email.message_from_bytes(b"".join(lines)))
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(
            EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=made.server_address[1]
        ):
            yield made
        made.shutdown()


def frozen(cast: Cast) -> Snapshot:
    """A week with a repair, frozen on Monday."""
    case = cast.opens("repair")
    cast.restores(case)
    cast.confirms(case)
    return actions.freeze(
        kind="weekly",
        name=WEEK,
        at=MONDAY,
        known=datetime.now(UTC),
        by=cast.editor.actor,
        recorded_at=datetime.now(UTC),
    )


def sends(at: datetime = MONDAY) -> list[Sending]:
    return actions.send_due(kind="weekly", name=WEEK, at=at, address="https://bihuan.example/")


def test_each_reader_gets_it_once_with_the_pdf_and_a_link(server: Server) -> None:
    frozen(gather())
    for address in ("a@example.org", "b@example.org"):
        actions.add_recipient(name="读者", address=address, unit=None, language="zh-hans")

    assert [len(sends()), len(sends())] == [2, 0]

    mail = server.mails[0]
    parts = {part.get_content_type(): part for part in mail.walk()}
    pdf = parts["application/pdf"].get_payload(decode=True)
    told = parts["text/plain"].get_payload(decode=True)
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF-")
    assert isinstance(told, bytes)
    assert "https://bihuan.example/reports/read/" in told.decode()
    assert {mail["To"] for mail in server.mails} == {"a@example.org", "b@example.org"}


def test_opening_the_link_is_the_receipt_and_shows_what_was_frozen(server: Server) -> None:
    frozen(gather())
    actions.add_recipient(name="读者", address="a@example.org", unit=None, language="zh-hans")
    (sent,) = sends(datetime.now(UTC))
    token = Sending.objects.get().token

    answer = Client().get(f"/reports/read/{token}/")

    assert answer.status_code == 200
    assert WEEK in answer.content.decode()
    assert Sending.objects.get(pk=sent.pk).opened_at is not None
    assert Client().get("/reports/read/nothing/").status_code == 404


def test_a_link_grows_old(server: Server) -> None:
    frozen(gather())
    actions.add_recipient(name="读者", address="a@example.org", unit=None, language="zh-hans")
    sends()

    assert actions.opened(token=Sending.objects.get().token, at=MONDAY + timedelta(days=61)) is None


def test_the_link_of_somebody_taken_off_the_list_opens_nothing(server: Server) -> None:
    frozen(gather())
    reader = actions.add_recipient(name="读者", address="a@example.org", unit=None, language="zh-hans")
    sends(datetime.now(UTC))
    address = f"/reports/read/{Sending.objects.get().token}/"
    kept_by_no_cache = Client().get(address)["Cache-Control"]

    actions.remove_recipient(key=str(reader.pk))

    assert kept_by_no_cache == "private, no-store"
    assert Client().get(address).status_code == 404


def test_a_unit_s_name_with_a_line_s_end_adds_no_header(server: Server) -> None:
    cast = gather()
    broken = people.create_unit(
        code="LF",
        name_zh="南坪\r\nBcc: eve@example.org",
        kind="bureau",
        wing="execution",
        parent=cast.company,
    )
    actions.freeze(
        kind="weekly",
        name=WEEK,
        unit=broken.code,
        at=MONDAY,
        known=MONDAY,
        by=cast.editor.actor,
        recorded_at=MONDAY,
    )
    actions.add_recipient(name="读者", address="a@example.org", unit=broken.code, language="zh-hans")

    assert len(sends()) == 1
    assert server.mails[0]["Bcc"] is None


def test_a_mail_that_fails_says_why_and_is_tried_again(server: Server) -> None:
    frozen(gather())
    actions.add_recipient(name="读者", address="a@example.org", unit=None, language="zh-hans")
    server.refuses = True
    (failed,) = sends()
    assert "550" in failed.fault
    server.refuses = False

    (sent,) = sends(MONDAY + timedelta(hours=1))

    assert (sent.fault, sent.tries) == ("", 2)


def test_where_approval_is_asked_for_nothing_goes_before_somebody_else_has_read_it(server: Server) -> None:
    cast = gather()
    kept = frozen(cast)
    actions.add_recipient(name="读者", address="a@example.org", unit=None, language="zh-hans")
    with override_settings(BIHUAN_REPORT_NEEDS_APPROVAL=True):
        assert sends() == []
        with pytest.raises(actions.NotIndependentReader):
            actions.approve(snapshot=kept, by=cast.editor.actor, recorded_at=MONDAY)
        actions.approve(snapshot=kept, by=cast.leader.actor, recorded_at=MONDAY)
        assert len(sends()) == 1


def test_the_house_freezes_on_monday_when_nobody_has(server: Server) -> None:
    cast = gather()
    cast.opens("repair")
    house = people.house_machine(at=moment("2007-01-02 00:00"))
    assert house is not None

    first = actions.freeze_by_itself(kind="weekly", name=WEEK, by=house, at=datetime.now(UTC))
    again = actions.freeze_by_itself(kind="weekly", name=WEEK, by=house, at=datetime.now(UTC))

    assert first is not None
    assert first.version == 1
    assert again is None


def test_nothing_is_sent_without_a_server() -> None:
    assert settings.EMAIL_HOST == ""
    cast = gather()
    client = Client()
    client.force_login(somebody("B9", "编辑", "editor", cast.centre))
    assert "BIHUAN_SMTP_HOST" in client.get("/reports/readers/").content.decode()
