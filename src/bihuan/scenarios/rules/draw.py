"""Draws whole histories, day by day. A case is the same whenever it is drawn: by year, kind and card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import TypeAlias

from bihuan.flow.rules import History, Past
from bihuan.kernel.calendar import Calendar
from bihuan.loops.catalogue import loop as loop_of
from bihuan.scenarios.rules.agreed import agreed
from bihuan.scenarios.rules.breach import Promises, explained
from bihuan.scenarios.rules.damage import damage
from bihuan.scenarios.rules.deck import CONFIRMED, Deck, Fate
from bihuan.scenarios.rules.diary import Diary, Grade, Leaves
from bihuan.scenarios.rules.matter import consult, matter, tipoff
from bihuan.scenarios.rules.pace import Pace
from bihuan.scenarios.rules.praise import praise
from bihuan.scenarios.rules.repair import repair
from bihuan.scenarios.rules.ties import NONE, Main, Ties, alone, first_time
from bihuan.scenarios.rules.town import Place, Scenario, Town

CALLED = ("confirmed", "unreached", "sent_back", "left_out")
"""Endings for which it matters on whom the draw of a sampled kind falls."""
LONGEST = timedelta(days=30)
"""No history lasts longer than this."""

WAYS: dict[str, Callable[[Diary, datetime], None]] = {
    "repair": repair,
    "complaint": matter,
    "situation": matter,
    "opinion": matter,
    "tipoff": tipoff,
    "suggestion": matter,
    "praise": praise,
    "consult": consult,
    "service": matter,
    "damage": damage,
    "action": agreed,
}
TIED_UNTIL = (12, 10)
"""Month and day after which no case hangs together with another: what would end after the year is drawn a week earlier."""
NUMBERS, STEP, TRIES = 900_000, 2_000, 50
"""Running numbers from here on are for cases that need one of their own; the next try for the same card is so much higher."""
Drawn: TypeAlias = Callable[[str, str, int, datetime], bool | None]
"""Whether the draw falls on a round: of (kind, number, cycle, time); None where everybody of the kind is called."""
DONE = ("restore", "answer", "pay", "decline", "withdraw")


@dataclass(frozen=True, slots=True)
class Story:
    """A history under a key that it keeps. `earlier` is the number of the case that it brings again, `main` that of the
    one into which it is merged, where there are such."""

    key: str
    history: History
    earlier: str = ""
    main: str = ""

    @property
    def named(self) -> frozenset[str]:
        """The numbers of the cases that it names."""
        return frozenset({self.earlier, self.main} - {""})

    def knowing(self, numbers: Container[str]) -> Story:
        """The story where only the cases of these numbers exist: what it names besides was before the play began."""
        steps = self.history.steps
        if self.earlier and self.earlier not in numbers:
            steps = (first_time(steps[0]), *steps[1:])
        if self.main and self.main not in numbers:
            steps = tuple(alone(past) for past in steps if past.step not in ("merge", "split"))
        return (
            self if steps is self.history.steps else replace(self, history=replace(self.history, steps=steps))
        )


class Drawer:
    """The town's histories. Decks and paces of a year are made when the year is first asked for.

    `cell` begins the numbers of cases that need one of their own; `promises` and `leaves` say what holds on a day, `drawn`
    on which rounds the draw of a sampled kind falls.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        town: Town,
        calendar: Calendar,
        cell: str = "CQ",
        promises: Promises = lambda loop, day: (),
        leaves: Leaves = lambda taxonomy, kind, day: (),
        drawn: Drawn = lambda loop, number, cycle, at: None,
        grade: Grade = lambda facts, day: "",
    ) -> None:
        self.drawn, self.grade = drawn, grade
        self.scenario, self.town, self.calendar = scenario, town, calendar
        self.cell, self.promises, self.leaves = cell, promises, lru_cache(maxsize=4096)(leaves)
        self._years: dict[tuple[str, int], tuple[Pace, Deck]] = {}
        self._streets: Mapping[tuple[str, str], Sequence[Place]] = _streets(town)
        self._mains = lru_cache(maxsize=64)(self._plain)

    def stories(self, *, first: date, last: date, within_year: bool = False) -> Iterator[Story]:
        """Every history accepted from `first` to `last`, by acceptance. `within_year`: what would end after the year
        was accepted a week earlier, so that the year's counts are whole.
        """
        day = first
        while day <= last:
            found = [
                self._story(loop, day, card, within_year)
                for loop in WAYS
                for card in self._year(loop, day.year)[0].cards_of(day)
            ]
            found.sort(key=lambda story: story.history.steps[0].at)
            yield from found
            day += timedelta(days=1)

    def fate_of(self, key: str) -> Fate:
        """What befalls the story of this key."""
        loop, year, card = key.split("/")
        return self._own(loop, int(year), int(card))[1]

    def _year(self, loop: str, year: int) -> tuple[Pace, Deck]:
        found = self._years.get((loop, year))
        if found is None:
            sheet = self.scenario.volumes["loops"][loop]
            seed = f"{self.scenario.seed}/{loop}/{year}"
            pace = Pace(sheet=sheet, year=year, zone=self.calendar.zone)
            month, day = self.scenario.volumes["shown"]["from"]
            shown = date(year, month, day)
            until = shown + timedelta(weeks=self.scenario.volumes["shown"]["weeks"])
            soon = shown + timedelta(days=self.scenario.volumes["shown"]["early"])
            found = self._years[loop, year] = (
                pace,
                Deck(
                    seed=seed,
                    count=sheet["year"],
                    quotas=self.scenario.quotas[loop],
                    shown=range(pace.cards_of(shown).start, pace.cards_of(until).start),
                    early=range(pace.cards_of(shown).start, pace.cards_of(soon).start),
                    day_of=pace.day_of,
                ),
            )
        return found

    def _story(self, loop: str, day: date, card: int, within_year: bool) -> Story:
        history, ties = self._history(loop, day, day.year, card)
        end = datetime(day.year + 1, 1, 1, tzinfo=self.calendar.zone)
        while within_year and history.steps[-1].recorded_at >= end:
            day -= timedelta(days=7)
            history, ties = self._history(loop, day, end.year - 1, card)
        main = ties.main.number if ties.main else ""
        return Story(f"{loop}/{end.year - 1}/{card}", history, earlier=ties.again, main=main)

    def _history(self, loop: str, day: date, year: int, card: int) -> tuple[History, Ties]:
        number, fate = self._own(loop, year, card)
        chance = self._chance(loop, year, card)
        place = chance.choice(self.town.places)
        at = self._year(loop, year)[0].moment(day, chance)
        ties, place, at = self._tied(loop, year, card, place, at)
        diary = self._diary(loop, fate, place, chance, ties)
        WAYS[loop](diary, at)
        explained(diary, diary.steps[-1].at, self.promises)
        nowhere = loop_of(loop).opening.fact("area") is None
        nobody = nowhere or fate["ending"] == "anonymous"
        return History(
            loop,
            tuple(diary.steps),
            number=number or None,
            premises_id=None if nowhere else place.premises_id,
            customer_id=None if nobody else place.customer_id,
            account_id=None if nobody else place.account_id,
            unit="" if nowhere else place.bureau,
        ), ties

    def _diary(self, loop: str, fate: Fate, place: Place, chance: Random, ties: Ties) -> Diary:
        return Diary(
            loop=loop,
            scenario=self.scenario,
            town=self.town,
            place=place,
            fate=fate,
            calendar=self.calendar,
            chance=chance,
            ties=ties,
            leaves=self.leaves,
            grade=self.grade,
        )

    def _fate(self, loop: str, year: int, card: int) -> Fate:
        return self._year(loop, year)[1].cards[card]

    def _chance(self, loop: str, year: int, card: int) -> Random:
        return Random(f"{self.scenario.seed}/{loop}/{year}/{card}")  # noqa: S311  a play, no secret

    def _number(self, loop: str, year: int, card: int, attempt: int = 0) -> str:
        """A number that a case has of its own: above those that run by themselves."""
        day = self._year(loop, year)[0].day_of(card)
        return f"{self.cell}-{loop_of(loop).prefix}{day:%y%m%d}-{NUMBERS + card + attempt * STEP}"

    def _own(self, loop: str, year: int, card: int) -> tuple[str, Fate]:
        """The number that a case has of its own, if any, and what befalls it.

        Of a kind that is called by sample each case takes the first of its numbers on which the draw falls as the card
        says, so that the year's counts are the same whatever the key of the draw. Where everybody is called, nobody is
        left out.
        """
        fate = self._fate(loop, year, card)
        number = self._number(loop, year, card) if _is_named(fate) else ""
        if fate["ending"] not in CALLED or "left_out" not in self.scenario.quotas[loop]["endings"]:
            return number, fate
        out = fate["ending"] == "left_out"
        noon = datetime.combine(self._year(loop, year)[0].day_of(card), time(12), self.calendar.zone)
        for attempt in range(TRIES):
            tried = self._number(loop, year, card, attempt)
            falls = self.drawn(loop, tried, 1, noon)
            if falls is None:
                return number, {**fate, "ending": CONFIRMED} if out else fate
            if falls is not out:
                return tried, fate
        raise ValueError(f"the draw falls the same way on every number of {loop}/{year}/{card}")

    def _tied(
        self, loop: str, year: int, card: int, place: Place, at: datetime
    ) -> tuple[Ties, Place, datetime]:
        fate = self._fate(loop, year, card)
        if (at.month, at.day) > TIED_UNTIL:
            return NONE, place, at
        if "repeats" in fate:
            earlier = int(fate["repeats"])
            steps, where = self._mains(loop, year, earlier)
            if steps[0].at < at - timedelta(hours=12):
                again, kind = self._own(loop, year, earlier)[0], str(steps[0].facts["kind"])
                return Ties(again=again, times=int(fate["times"]), kind=kind), where, at
        if "merged" in fate:
            return self._merged(loop, year, card, place, at)
        return NONE, place, at

    def _merged(
        self, loop: str, year: int, card: int, place: Place, at: datetime
    ) -> tuple[Ties, Place, datetime]:
        """The main case is the nearest one before, if it isn't done yet. A caller of the same fault rings minutes later."""
        number = card
        while "main" not in self._fate(loop, year, number):
            number -= 1
        steps, where = self._mains(loop, year, number)
        opened, done = steps[0].at, next(past.at for past in steps if past.step in DONE)
        when = at
        if loop == "repair" or at <= opened:
            least, most = self.scenario.volumes["rings_after"]["repair" if loop == "repair" else "matter"]
            lag = self._chance(loop, year, card).randint(least, most)
            when = opened + timedelta(seconds=lag)
        if when.date() != at.date() or not opened < when < done - timedelta(minutes=20):
            return NONE, place, at
        main = Main(self._own(loop, year, number)[0], steps)
        near = self._streets[where.bureau, where.street]
        return Ties(kind=str(steps[0].facts["kind"]), main=main), near[(card + 1) % len(near)], when

    def _plain(self, loop: str, year: int, card: int) -> tuple[tuple[Past, ...], Place]:
        """What happens to a case that others name, and where."""
        chance = self._chance(loop, year, card)
        place = chance.choice(self.town.places)
        day = self._year(loop, year)[0].day_of(card)
        at = self._year(loop, year)[0].moment(day, chance)
        ties, place, at = self._tied(loop, year, card, place, at)
        diary = self._diary(loop, self._fate(loop, year, card), place, chance, ties)
        WAYS[loop](diary, at)
        return tuple(diary.steps), place


def _is_named(fate: Fate) -> bool:
    """Whether another case brings it again, or is merged into it."""
    return not {"repeated", "main"}.isdisjoint(fate)


def _streets(town: Town) -> dict[tuple[str, str], list[Place]]:
    found: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in town.places:
        found[place.bureau, place.street].append(place)
    return found
