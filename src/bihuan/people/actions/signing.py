"""Failed sign-ins are counted, so that nobody tries passwords without end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bihuan.people.models import SignInAttempt
from bihuan.people.rules import token_hash

KEPT = timedelta(days=1)


def note_failure(*, number: str, address: str, at: datetime) -> None:
    """Remember a failed sign-in, and forget those of yesterday."""
    SignInAttempt.objects.filter(at__lt=at - KEPT).delete()
    SignInAttempt.objects.create(number_hash=token_hash(number), address=address[:64], at=at)


def forget_failures(*, number: str) -> None:
    """A sign-in that succeeded makes the earlier slips of this number good."""
    SignInAttempt.objects.filter(number_hash=token_hash(number)).delete()
