"""Scores of a second listener."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.cases.models import Entry
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.models import Actor
from bihuan.surveys.models import Score
from bihuan.surveys.rules.scores import Scorecard, total


class OwnCall(BihuanError):
    """Nobody scores his own call."""

    def __init__(self) -> None:
        super().__init__(Words(zh="不能为自己的回访评分。", en="Nobody scores his own call."))


class ScoredAlready(BihuanError):
    """This listener has scored the call; a score stays as it was given."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="您已为该回访评过分，评分不能更改。",
                en="You have scored this call; a score stays as it was given.",
            )
        )


def score_call(
    *,
    call: Entry,
    card: Scorecard,
    marks: Mapping[str, int],
    fatal: Iterable[str],
    remark: str,
    listener: Actor,
    at: datetime,
) -> Score:
    """Write down what a second listener gives for a call. Raises `OwnCall`, `ScoredAlready`, `MarkMissing`."""
    if call.actor_id == listener.pk:
        raise OwnCall
    broken = sorted(set(fatal))
    points = total(card, marks=marks, fatal=broken)
    try:
        with transaction.atomic():
            return Score.objects.create(
                case_id=call.case_id,
                seq=call.seq,
                agent_id=call.actor_id,
                listener=listener,
                called_at=call.at,
                card=card.code,
                marks={item.code: marks[item.code] for item in card.weighted},
                fatal=broken,
                total=points,
                remark=remark.strip()[:500],
                recorded_at=at,
            )
    except IntegrityError as clash:
        raise ScoredAlready from clash
