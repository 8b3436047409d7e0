"""Plays histories: what is over by replay, what is under way step by step, as the desk would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from uuid import UUID

from django.db import transaction

from bihuan.cases.models import Case, ClientId
from bihuan.flow import actions as flow
from bihuan.flow.rules import History, Refusal
from bihuan.packs import queries as packs
from bihuan.people.models import Actor
from bihuan.scenarios.actions.build import build_world
from bihuan.scenarios.actions.calls import beside
from bihuan.scenarios.actions.outages import live_outages, play_outages
from bihuan.scenarios.models import Play
from bihuan.scenarios.queries import drawer, scenario
from bihuan.scenarios.rules import Story
from bihuan.scenarios.rules.draw import LONGEST
from bihuan.supply.models import Account, Customer, Premises

DESK_HOURS = timedelta(hours=24)
"""Whatever still had a step in the last hours is played step by step."""

AT_ONCE = 400
"""So many steps the living town catches up with in one go, after it was not served for a while."""

Progress = Callable[[int, int], None]
"""Told now and then: how many cases, how many entries."""


@transaction.atomic
def found(
    *,
    code: str,
    first: date,
    last: date,
    until: datetime,
    recorded_at: datetime,
    current: bool,
    within_year: bool,
    tell: Progress,
) -> tuple[int, int]:
    """Build the world and play it, or leave the database as it was. Everybody was there a month before it starts.
    Gives cases and entries.
    """
    starts_at = datetime.combine(first, time(), packs.calendar().zone)
    build_world(scenario=scenario(code), starts_at=starts_at - timedelta(days=30), recorded_at=recorded_at)
    done = play(code=code, first=first, last=last, until=until, within_year=within_year, tell=tell)
    play_outages(code=code, first=first, last=last, until=until)
    Play.objects.create(scenario=code, started_at=starts_at, until=until, current=current, living=current)
    return done


def play(
    *, code: str, first: date, last: date, until: datetime, within_year: bool, tell: Progress
) -> tuple[int, int]:
    """Play the days from `first` to `last` as they stand at `until`. Gives cases and entries."""
    stories = drawer(code).stories(first=first, last=last, within_year=within_year)
    waiting: list[Story] = []
    told, kept_open = set[str](), set[str]()
    counted = [0, 0]

    def over() -> Iterator[History]:
        for drawn in stories:
            story = drawn.knowing(told)
            number = story.history.number
            if number:
                told.add(number)
            late = story.history.steps[-1].recorded_at > until - DESK_HOURS
            if late or not kept_open.isdisjoint(story.named):
                waiting.append(story)
                kept_open.update({number} if number else ())
                continue
            counted[0] += 1
            counted[1] += len(story.history.steps)
            if counted[0] % 2_000 == 0:
                tell(*counted)
            yield story.history

    flow.replay(histories=over())
    done = _take_all(_due(waiting, since=None, until=until))
    begun = sum(story.history.steps[0].recorded_at <= until for story in waiting)
    tell(counted[0] + begun, counted[1] + done)
    flow.judge(at=until)
    left = beside(until=until)
    flow.seal(at=until)
    return counted[0] + begun, counted[1] + done + left


def live(*, code: str, until: datetime) -> int:
    """Let the town go on until now. Safe to run twice; a case on which somebody else works is left to him.
    Gives how many steps were taken.
    """
    with transaction.atomic():
        played = Play.objects.select_for_update().filter(scenario=code, living=True).first()
        if played is None or played.until >= until:
            return 0
        since = played.until
        zone = drawer(code).calendar.zone
        drawn = list(
            drawer(code).stories(
                first=(since - LONGEST).astimezone(zone).date(), last=until.astimezone(zone).date()
            )
        )
        known = _numbers(drawn).keys() | _begun_since(played.started_at, drawn)
        steps = _due((story.knowing(known) for story in drawn), since=since, until=until)
        if len(steps) > AT_ONCE:
            steps = steps[:AT_ONCE]
            until = steps[-1][0]
        taken = _take_all(steps) + live_outages(code=code, since=since, until=until)
        Play.objects.filter(pk=played.pk).update(until=until)
    return taken


def set_living(*, code: str, living: bool) -> None:
    """Whether the town goes on while it is served. Only a play of the present does."""
    Play.objects.filter(scenario=code, current=True).update(living=living)


_Due = tuple[datetime, int, Story]


def _due(stories: Iterable[Story], *, since: datetime | None, until: datetime) -> list[_Due]:
    """The steps recorded after `since` and not after `until`, in the order of their recording."""
    found = [
        (past.recorded_at, number, story)
        for story in stories
        for number, past in enumerate(story.history.steps)
        if past.recorded_at <= until and (since is None or past.recorded_at > since)
    ]
    found.sort(key=itemgetter(0, 1))
    return found


def _take_all(steps: list[_Due]) -> int:
    keys = _cases([story for _, _, story in steps])
    actors = Actor.objects.in_bulk({story.history.steps[number].actor_id for _, number, story in steps})
    begun = [story.history for _, number, story in steps if number == 0]
    customers = Customer.objects.in_bulk({history.customer_id for history in begun})
    accounts = Account.objects.in_bulk({history.account_id for history in begun})
    premises = Premises.objects.select_related("unit").in_bulk({history.premises_id for history in begun})
    numbers = _numbers(story for _, _, story in steps)
    taken = 0
    for _, number, story in steps:
        past = story.history.steps[number]
        by = actors[past.actor_id]
        if number == 0:
            history = story.history
            case = flow.begin(
                loop=history.loop,
                by=by,
                at=past.at,
                recorded_at=past.recorded_at,
                facts=past.facts,
                notes=past.notes,
                premises=premises.get(history.premises_id),
                customer=customers.get(history.customer_id),
                account=accounts.get(history.account_id),
                client_id=_client_id(story.key, 0),
                number=history.number,
            )
            keys[story.key] = case.pk
            if history.number:
                numbers[history.number] = case.pk
        elif story.key not in keys:
            continue
        else:
            try:
                _take(keys[story.key], story, number, by, numbers)
            except Refusal:
                continue  # somebody at the desk has gone another way with this case
        taken += 1
    return taken


def _take(case_id: UUID, story: Story, number: int, by: Actor, numbers: Mapping[str, UUID]) -> None:
    past = story.history.steps[number]
    flow.take(
        case_id=case_id,
        step=past.step,
        by=by,
        at=past.at,
        recorded_at=past.recorded_at,
        facts=past.facts,
        notes=past.notes,
        client_id=_client_of(case_id, story, number, numbers),
    )


def _client_of(case_id: UUID, story: Story, number: int, numbers: Mapping[str, UUID]) -> str:
    """What the house takes by itself, by its jobs, isn't taken a second time: the ids are those of `flow.follow` and `watch`."""
    past = story.history.steps[number]
    if via := past.facts.get("via"):
        main, _, seq = str(via).rpartition("#")
        return f"via {numbers[main]} {seq} {case_id}"
    if (
        past.step == "supervise"
        and past.facts["reason"] in ("severity", "repeated", "dissatisfied", "overdue")
        and "remark" not in past.notes
    ):
        return f"watch {case_id} {past.facts['reason']}"
    return _client_id(story.key, number)


def _numbers(stories: Iterable[Story]) -> dict[str, UUID]:
    """The cases that these stories name, as far as they are there."""
    named = {number for story in stories for number in story.named}
    return dict(Case.objects.filter(number__in=named).values_list("number", "pk"))


def _begun_since(start: datetime, stories: Iterable[Story]) -> set[str]:
    """The numbers of stories that this play has begun, or is about to."""
    histories = [story.history for story in stories if story.history.steps[0].at >= start]
    return {history.number for history in histories if history.number}


def _cases(stories: Iterable[Story]) -> dict[str, UUID]:
    """The cases that were begun step by step, by the key of their story."""
    begun = {_client_id(story.key, 0): story for story in stories}
    rows = ClientId.objects.filter(
        actor_id__in={story.history.steps[0].actor_id for story in begun.values()}, client_id__in=begun
    ).values_list("client_id", "case")
    return {begun[client_id].key: case for client_id, case in rows}


def _client_id(key: str, number: int) -> str:
    return f"town/{key}/{number}"
