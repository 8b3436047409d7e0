"""Recomputing what callbacks leave beside the timeline, and saying what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from bihuan.cases.models import Cycle, Entry
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.surveys.models import Answer, Finding, Score
from bihuan.surveys.queries.book import book, duty_for, sample_key
from bihuan.surveys.queries.findings import statements
from bihuan.surveys.queries.line import TALKS
from bihuan.surveys.rules.sampling import sampled
from bihuan.surveys.rules.scores import MarkMissing, Scorecard, total
from bihuan.surveys.rules.statements import mismatches

CHUNK = 500
LEAVING_OUT = tuple(
    sorted({step.code for loop in LOOPS for step in loop.steps if step.by == "callback.sample"})
)


def differences() -> Iterator[tuple[str, Words]]:
    """Every row beside the timeline that isn't as the timeline says: where, and what.

    1. A finding stands exactly where two sides differ by more than is tolerated (one not yet looked for is no
    difference). 2. Whoever was left out of a sample was not drawn. 3. An answer belongs to a talk.
    4. A score is of somebody else's talk and adds up.
    """
    yield from _findings()
    yield from _samples()
    yield from _answers()
    yield from _scores()


def _findings() -> Iterator[tuple[str, Words]]:
    keys = list(Finding.objects.order_by("id").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        rows = list(Finding.objects.filter(pk__in=keys[start : start + CHUNK]).select_related("case"))
        found_in = Cycle.objects.filter(case_id__in={row.case_id for row in rows})
        rounds = {(one.case_id, one.cycle): one for one in found_in}
        said = statements(rounds.values())
        for row in rows:
            one = rounds.get((row.case_id, row.cycle))
            where = f"{row.case.number} ({row.cycle}) {row.kind}"
            if one is None:
                yield (
                    where,
                    Words(zh="不一致所指的轮次不存在", en="the finding speaks of a round that isn't there"),
                )
                continue
            found = {each.kind: each for each in mismatches(said[one.pk], book().comparisons)}.get(row.kind)
            if (found is None) != (row.lifted_at is not None):
                yield where, Words(zh="不一致与时间线不符", en="the finding isn't what the timeline says")
            elif found is not None and found[1:] != (row.minutes, row.unit_said_at, row.other_said_at):
                yield where, Words(zh="不一致的数值被改动", en="the finding's values were altered")


def _samples() -> Iterator[tuple[str, Words]]:
    key = sample_key()
    left = Entry.objects.filter(step__in=LEAVING_OUT).select_related("case").order_by("case_id", "seq")
    for chunk in _chunks(left):
        done = {
            (one.case_id, one.cycle): one.done_at
            for one in Cycle.objects.filter(case_id__in=[entry.case_id for entry in chunk])
        }
        for entry in chunk:
            done_at = done.get((entry.case_id, entry.cycle))
            share = duty_for(entry.case.loop, done_at or entry.at).share
            if sampled(key, entry.case.number, entry.cycle, share):
                yield (
                    f"{entry.case.number} {entry.seq}",
                    Words(zh="已抽中却按未抽中归档", en="was drawn for a callback and left out all the same"),
                )


def _answers() -> Iterator[tuple[str, Words]]:
    pairs = list(Answer.objects.order_by("id").values_list("case_id", "seq", "question", "case__number"))
    talks = _talks([case_id for case_id, *_ in pairs])
    for case_id, seq, question, number in pairs:
        if (case_id, seq) not in talks:
            yield (
                f"{number} {seq} {question}",
                Words(zh="回答没有对应的通话", en="the answer belongs to no talk"),
            )


def _scores() -> Iterator[tuple[str, Words]]:
    cards = {card.code: card for card in book().scorecards}
    rows = list(Score.objects.select_related("case").order_by("id"))
    talks = _talks([row.case_id for row in rows])
    for row in rows:
        where = f"{row.case.number} {row.seq}"
        if talks.get((row.case_id, row.seq)) != row.agent_id:
            yield where, Words(zh="评分没有对应的通话", en="the score is of no talk of this agent")
        card = cards.get(row.card)
        if card is not None and _sum(card, row) not in (None, row.total):
            yield where, Words(zh="评分合计不符", en="the score doesn't add up")


def _sum(card: Scorecard, row: Score) -> int | None:
    """What the marks come to; None where the card has changed since."""
    if set(row.marks) != {item.code for item in card.weighted}:
        return None
    try:
        return total(card, marks=row.marks, fatal=row.fatal)
    except (KeyError, MarkMissing):
        return None


def _talks(case_ids: Sequence[UUID]) -> dict[tuple[UUID, int], UUID]:
    """Who talked in which entries of these cases."""
    found: dict[tuple[UUID, int], UUID] = {}
    keys = sorted(set(case_ids))
    for start in range(0, len(keys), CHUNK):
        rows = Entry.objects.filter(case_id__in=keys[start : start + CHUNK], step__in=TALKS)
        for case_id, seq, actor_id in rows.values_list("case_id", "seq", "actor_id"):
            found[case_id, seq] = actor_id
    return found


def _chunks(rows: QuerySet[Entry]) -> Iterator[list[Entry]]:
    found = list(rows)
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]
