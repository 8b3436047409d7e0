"""New versions of what is asked, and the answers that are no facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import queries as packs
from bihuan.people.models import Actor
from bihuan.surveys.models import Answer, Edition
from bihuan.surveys.queries.book import edition_from
from bihuan.surveys.rules.questions import QuestionKind, Questionnaire, checked_answers


class TooEarly(BihuanError):
    """What was asked yesterday can't be changed: a version begins tomorrow at the earliest."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="新版问卷最早从明天起生效：今天的电话按今天的问卷问。",
                en="A new version begins tomorrow at the earliest: today's calls ask what today's version asks.",
            ),
            field="valid_from",
        )


@transaction.atomic
def publish(
    *, loop: str, valid_from: date, content: Mapping[str, Any], why: str, by: Actor, at: datetime
) -> Questionnaire:
    """Add a version of what is asked about a kind. Raises `CallbackFault` or `TooEarly`; then nothing is written."""
    if valid_from <= at.astimezone(packs.calendar().zone).date():
        raise TooEarly
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"surveys edition {loop}"])
    last = Edition.objects.filter(loop=loop).aggregate(last=Max("version"))["last"] or 0
    sheet = edition_from(loop, last + 1, valid_from, content)
    Edition.objects.create(
        loop=loop,
        version=last + 1,
        valid_from=valid_from,
        content=dict(content),
        why=why,
        by=by,
        recorded_at=at,
    )
    return sheet


def keep_answers(
    *, case_id: UUID, seq: int, sheet: Questionnaire, answers: Mapping[str, object], complete: bool
) -> int:
    """Keep the answers of the call that an entry records; gives how many. Safe to send twice.

    Raises `UnknownQuestion`, `AnswerInvalid`, and when `complete` is asked for `AnswerMissing`.
    """
    checked = checked_answers(sheet, answers, complete=complete)
    kinds = {question.code: question.kind for question in sheet.extra}
    rows = [
        Answer(
            case_id=case_id,
            seq=seq,
            question=code,
            version=sheet.version,
            value=None if kinds[code] is QuestionKind.words else value,
            text=str(value) if kinds[code] is QuestionKind.words else None,
        )
        for code, value in checked.items()
    ]
    Answer.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def erase_answer(*, case_id: UUID, seq: int, question: str, at: datetime) -> bool:
    """Take an answer in words away for good and say when; False when there is none."""
    found = Answer.objects.filter(case_id=case_id, seq=seq, question=question, erased_at=None)
    return bool(found.exclude(text=None).update(text=None, erased_at=at))
