"""What people write into a report: the editor's words, readers' comments, and the approval of somebody else."""

from __future__ import annotations

from datetime import datetime

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people import queries as people
from bihuan.people.models import Actor
from bihuan.reports.models import Approval, ReportText, Snapshot

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


def write_words(
    *, kind: str, name: str, unit: str | None, chapter: str, text: str, by: Actor, recorded_at: datetime
) -> ReportText:
    """The editor's words for a chapter instead of those proposed; empty gives the proposal back. Raises `TextTooLong`."""
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
