"""Callbacks drawn for a second listener, week by week and agent by agent, with what was given for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean
from uuid import UUID

from django.db.models import Max, Q

from bihuan.cases.models import Cycle, Entry
from bihuan.cases.queries import visible
from bihuan.packs import queries as packs
from bihuan.people.rules import Scope
from bihuan.surveys.models import Score
from bihuan.surveys.queries.book import book, sample_key
from bihuan.surveys.queries.line import TALKED, TALKS
from bihuan.surveys.rules.sampling import week_sample
from bihuan.surveys.rules.scores import Scorecard


@dataclass(frozen=True, slots=True)
class Heard:
    """A call drawn: its entry, and the scores that it was given."""

    entry: Entry
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent's week: how many talks, the calls drawn, and the mean of the scores given (None before the first)."""

    actor_id: UUID
    talks: int
    drawn: tuple[Heard, ...]

    @property
    def given(self) -> list[int]:
        """Every score that counts."""
        return [score.total for one in self.drawn for score in one.scores]

    @property
    def heard(self) -> int:
        """How many of the calls drawn have been heard."""
        return sum(bool(one.scores) for one in self.drawn)

    @property
    def average(self) -> int | None:
        """The mean score, rounded."""
        return round(mean(self.given)) if self.given else None

    @property
    def fatal(self) -> int:
        """Scores in which something fatal was heard."""
        return sum(bool(score.fatal) for one in self.drawn for score in one.scores)


def card_on(day: date) -> Scorecard | None:
    """The scorecard for calls of this day; the first there is for days before all."""
    cards = book().scorecards
    return next((card for card in cards if card.valid_on(day)), cards[0] if cards else None)


def newest_talk() -> datetime | None:
    """When a customer was last heard."""
    found: datetime | None = Cycle.objects.filter(verified_at__isnull=False).aggregate(at=Max("verified_at"))[
        "at"
    ]
    return found


def week(seen: Scope, *, first: datetime, end: datetime, only: UUID | None = None) -> list[Agent]:
    """Every agent who talked with customers from `first` up to `end`, exclusive, with the calls drawn of his week.

    The draw is over everybody's talks, whatever the reader's scope, so that it is the same for every reader.
    """
    rounds = Cycle.objects.filter(
        verified_at__gte=first, verified_at__lt=end, imported=False, loop__in=TALKED
    )
    talks = (
        Entry.objects.filter(
            case_id__in=rounds.values("case_id"),
            step__in=TALKS,
            at__gte=first,
            at__lt=end,
            actor__kind="staff",
        )
        .select_related("case", "actor")
        .order_by("actor_id", "at", "case_id")
    )
    if only is not None:
        talks = talks.filter(actor_id=only)
    by_agent: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in talks:
        by_agent[entry.actor_id].append(entry)
    card = card_on(first.astimezone(packs.calendar().zone).date())
    drawn = {actor: _drawn(entries, card) for actor, entries in by_agent.items()}
    shown = _shown(seen, [entry for entries in drawn.values() for entry in entries])
    scores = _scores(list(shown.values()))
    return [
        Agent(
            actor,
            len(by_agent[actor]),
            tuple(
                Heard(entry, tuple(scores.get((entry.case_id, entry.seq), ())))
                for entry in entries
                if (entry.case_id, entry.seq) in shown
            ),
        )
        for actor, entries in drawn.items()
    ]


def call(seen: Scope, number: str, seq: int) -> Entry | None:
    """The entry of one talk with a customer, if the scope shows its case."""
    found = Entry.objects.filter(
        case__in=visible(seen), case__number=number, case__loop__in=TALKED, seq=seq, step__in=TALKS
    )
    return found.select_related("case__unit", "actor").first()


def scores_of(case_id: UUID, seq: int) -> list[Score]:
    """What a call was given, in the order of writing."""
    return list(Score.objects.filter(case_id=case_id, seq=seq).order_by("recorded_at", "id"))


def _drawn(entries: list[Entry], card: Scorecard | None) -> list[Entry]:
    if card is None:
        return []
    calls = {(entry.case.number, entry.seq): entry for entry in entries}
    chosen = week_sample(sample_key(), calls, share=card.share, least=card.least)
    return [entry for key, entry in calls.items() if key in chosen]


def _shown(seen: Scope, entries: Iterable[Entry]) -> dict[tuple[UUID, int], Entry]:
    found = list(entries)
    visible_ids = set(
        visible(seen).filter(pk__in=[entry.case_id for entry in found]).values_list("pk", flat=True)
    )
    return {(entry.case_id, entry.seq): entry for entry in found if entry.case_id in visible_ids}


def _scores(entries: list[Entry]) -> dict[tuple[UUID, int], list[Score]]:
    found: dict[tuple[UUID, int], list[Score]] = defaultdict(list)
    rows = Score.objects.filter(Q(case_id__in=[entry.case_id for entry in entries]))
    for score in rows.order_by("recorded_at", "id"):
        found[score.case_id, score.seq].append(score)
    return found
