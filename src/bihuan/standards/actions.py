"""Publishing a text of the standards: each edition says from which day on it holds, who made it, and why."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.models import Actor
from bihuan.standards import queries
from bihuan.standards.models import StandardVersion


class TooSoon(BihuanError):
    """A new edition begins on a later day, so that no case of today is read by two."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="生效日期须在明天或以后。", en="It can take effect tomorrow at the earliest."),
            field="effective_from",
        )


class NoReason(BihuanError):
    """Nobody is told why."""

    def __init__(self) -> None:
        super().__init__(Words(zh="请写明修改原因。", en="Say why it is changed."), field="why")


class Overtaken(BihuanError):
    """Somebody else has published since the text was opened; publishing this one would undo his change unseen."""

    def __init__(self, newest: StandardVersion) -> None:
        super().__init__(
            Words(
                zh=f"编辑期间已有新版本发布（{newest.effective_from} 起生效）。请打开最新文本重做；您输入的内容仍在下方。",
                en=f"Another edition was published meanwhile (it holds from {newest.effective_from}). Open the newest text and "
                "change that; what you typed is kept below.",
            ),
            field="based_on",
        )


class BeforeNewest(BihuanError):
    """An edition can't begin before the newest one, on which it stands."""

    def __init__(self, start: date) -> None:
        super().__init__(
            Words(
                zh=f"最新版本自 {start} 起生效，新版本不得早于该日。",
                en=f"The newest edition holds from {start}; this one stands on it and can't begin earlier.",
            ),
            field="effective_from",
        )


class NothingChanged(BihuanError):
    """The text is what it was."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="内容与最新版本相同，没有可发布的修改。", en="It is the same as the newest edition."),
            field="text",
        )


@transaction.atomic
def publish(
    *,
    kind: str,
    code: str,
    text: str,
    based_on: int,
    effective_from: date,
    today: date,
    why: str,
    by: Actor,
    recorded_at: datetime,
) -> StandardVersion:
    """Let a text hold from a later day on. `based_on` is the edition that it was made from (`queries.newest`; 0 is the file).

    Raises `StandardFault`, `TooSoon`, `NoReason`, `Overtaken`, `BeforeNewest`, `NothingChanged`; then nothing is written.
    """
    queries.checked(kind, code, text)
    if effective_from <= today:
        raise TooSoon
    if not why.strip():
        raise NoReason
    with (
        connection.cursor() as cursor
    ):  # one publishes at a time, so that nobody's change is lost between look and write
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('standards'))")
    newest = queries.versions(kind, code).first()
    if newest is not None and newest.pk != based_on:
        raise Overtaken(newest)
    if newest is not None and effective_from < newest.effective_from:
        raise BeforeNewest(newest.effective_from)
    if text == queries.newest(kind, code).text:
        raise NothingChanged
    made = StandardVersion.objects.create(
        kind=kind,
        code=code,
        text=text,
        effective_from=effective_from,
        why=why.strip()[:400],
        by=by,
        recorded_at=recorded_at,
    )
    queries.forget()
    return made
