"""Publishing a text of the standards."""

from __future__ import annotations

from datetime import date, datetime

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


def publish(
    *,
    kind: str,
    code: str,
    text: str,
    effective_from: date,
    today: date,
    why: str,
    by: Actor,
    recorded_at: datetime,
) -> StandardVersion:
    """Let a text hold from a later day on. Raises `StandardFault`, `TooSoon`, `NoReason`; then nothing is written."""
    queries.checked(kind, code, text)
    if effective_from <= today:
        raise TooSoon
    if not why.strip():
        raise NoReason
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
