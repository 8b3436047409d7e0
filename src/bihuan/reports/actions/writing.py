"""What people write into a report: the editor's words, readers' comments, and the approval of somebody else."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people import queries as people
from bihuan.people.models import Actor
from bihuan.reports.models import Approval, ReportText, Snapshot
from bihuan.reports.queries import written

LONGEST = 4000


class TextTooLong(BihuanError):
    """A chapter's words are for reading out."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh=f"文字过长，请控制在{LONGEST}字以内。",
                en=f"Too long; keep it within {LONGEST} characters.",
            ),
            field="text",
        )


class NotIndependentReader(BihuanError):
    """Whoever froze a report doesn't approve it."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="封存人不能审批自己的报告。", en="Whoever froze the report can't approve it."),
            field="by",
        )


class WordsMovedOn(BihuanError):
    """Somebody else has written since the words were read; what was typed stands in the message, so that it isn't lost."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Words(
                zh=f"您打开之后，别人已改过这一章的文字，请先看过再改。您写的是：{text}",
                en=f"Somebody else has changed this chapter's words since you opened them; read them first. You wrote: {text}",
            ),
            field="text",
        )


@transaction.atomic
def write_words(
    *,
    kind: str,
    name: str,
    unit: str | None,
    chapter: str,
    text: str,
    by: Actor,
    recorded_at: datetime,
    base: str | None = None,
) -> ReportText:
    """The editor's words for a chapter instead of those proposed; empty gives the proposal back.

    `base` is the key of the words that the editor had before him, empty where there were none; None doesn't look. Raises
    `TextTooLong`, `WordsMovedOn`.
    """
    if base is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"words {kind} {name}"])
        newest = written(kind, name, unit).get(chapter)
        if base != (str(newest.pk) if newest else ""):
            raise WordsMovedOn(text)
    return _written("words", kind, name, unit, chapter, text, by, recorded_at)


def comment(
    *, kind: str, name: str, unit: str | None, chapter: str, text: str, by: Actor, recorded_at: datetime
) -> ReportText:
    """What a reader says of a chapter. Raises `TextTooLong`."""
    return _written("comment", kind, name, unit, chapter, text, by, recorded_at)


def _written(
    role: str,
    kind: str,
    name: str,
    unit: str | None,
    chapter: str,
    text: str,
    by: Actor,
    recorded_at: datetime,
) -> ReportText:
    if len(text) > LONGEST:
        raise TextTooLong
    return ReportText.objects.create(
        kind=kind,
        period=name,
        unit=people.unit_by_code(unit) if unit else None,
        chapter=chapter,
        role=role,
        text=text.strip(),
        by=by,
        recorded_at=recorded_at,
    )


def approve(*, snapshot: Snapshot, by: Actor, recorded_at: datetime) -> Approval:
    """Let a frozen report go out. Safe to run twice. Raises `NotIndependentReader`."""
    if snapshot.created_by_id == by.pk:
        raise NotIndependentReader
    found, _ = Approval.objects.get_or_create(
        snapshot=snapshot, defaults={"by": by, "recorded_at": recorded_at}
    )
    return found
