"""Sending frozen reports by mail, once to each reader, and noting who opened it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, transaction

from bihuan.people import queries as people
from bihuan.reports.layouts import html, pdf
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.models import Recipient, Sending, Snapshot
from bihuan.reports.queries import frozen
from bihuan.reports.rules import Report

logger = logging.getLogger(__name__)
TRIES = 5
READABLE = timedelta(days=60)
"""How long the link of a mail opens the report."""


def add_recipient(
    *, kind: str = "weekly", name: str, address: str, unit: str | None, language: str
) -> Recipient:
    """Put somebody on the list; somebody who was taken off is on it again."""
    found, _ = Recipient.objects.update_or_create(
        kind=kind,
        address=address.strip().lower(),
        unit=people.unit_by_code(unit) if unit else None,
        defaults={"name": name.strip(), "language": language, "active": True},
    )
    return found


def remove_recipient(*, key: str) -> None:
    """Take somebody off the list; what was sent stays noted."""
    Recipient.objects.filter(pk=key).update(active=False)


def send_due(*, kind: str, name: str, at: datetime, address: str) -> list[Sending]:
    """Send the newest version of a period's frozen reports to whoever hasn't had it; `address` is where the desk is reached.

    Where approval is asked for, only approved versions go. A mail that fails is tried again next time, five times. Safe to
    run twice, and two at once: each sending is locked while it is under way.
    """
    ready = list(_ready(kind, name))
    for snapshot in ready:
        for recipient in Recipient.objects.filter(kind=snapshot.kind, unit=snapshot.unit, active=True):
            Sending.objects.get_or_create(
                snapshot=snapshot, recipient=recipient, defaults={"token": secrets.token_urlsafe(32)}
            )
    waiting = Sending.objects.filter(
        snapshot__in=ready, sent_at=None, tries__lt=TRIES, recipient__active=True
    ).order_by("id")
    return [sent for key in waiting.values_list("pk", flat=True) if (sent := _send(key, at, address))]


def opened(*, token: str, at: datetime) -> Snapshot | None:
    """The report behind a mail's link, and the note that it was opened; None for a link that is unknown or too old, or whose
    reader was taken off the list."""
    found = Sending.objects.select_related("snapshot").filter(token=token, recipient__active=True).first()
    if found is None or found.sent_at is None or at > found.sent_at + READABLE:
        return None
    if found.opened_at is None:
        Sending.objects.filter(pk=found.pk, opened_at=None).update(opened_at=at)
    return found.snapshot


def _ready(kind: str, name: str) -> Iterator[Snapshot]:
    """The newest version for the company and for each unit, approved where that is asked for."""
    seen = set()
    for snapshot in Snapshot.objects.filter(kind=kind, period=name).order_by("unit_id", "-version"):
        if snapshot.unit_id in seen:
            continue
        seen.add(snapshot.unit_id)
        if not settings.BIHUAN_REPORT_NEEDS_APPROVAL or hasattr(snapshot, "approval"):
            yield snapshot


@transaction.atomic
def _send(key: UUID, at: datetime, address: str) -> Sending | None:
    sending = (
        Sending.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("snapshot", "recipient")
        .filter(pk=key, sent_at=None)
        .first()
    )
    if sending is None:
        return None
    sending.tries += 1
    try:
        link = f"{address.rstrip('/')}/reports/read/{sending.token}/"
        _mail(frozen(sending.snapshot), sending, link).send()
    except DatabaseError:
        raise
    except (
        Exception
    ) as fault:  # whatever one reader's mail stumbles over, the others get theirs; it is noted and told
        logger.exception("a report couldn't be sent")
        sending.fault = f"{type(fault).__name__}: {fault}"[:300]
    else:
        sending.sent_at, sending.fault = at, ""
    sending.save(update_fields=["tries", "fault", "sent_at"])
    return sending


def _mail(told: Report, sending: Sending, link: str) -> EmailMultiAlternatives:
    language = sending.recipient.language
    paper = sheet(told, language=language)
    subject = f"{paper.texts['title']} {paper.name} · {paper.unit} · {paper.version}"
    lines = [f"{paper.unit} {paper.days}", link, ""]
    lines += [text.in_language(language) for text in told.words.values()]
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # a unit's name may hold a line's end, which no header takes
        body="\n\n".join(line for line in lines if line),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[sending.recipient.address],
    )
    mail.attach_alternative(html.draw(told, language=language), "text/html")
    mail.attach(f"bihuan-{paper.name}.pdf", pdf.draw(told, language=language), "application/pdf")
    return mail
