"""Draws whole histories, day by day. A case is the same whenever it is drawn: by year, kind and card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bihuan.flow.rules import History
from bihuan.kernel.calendar import Calendar
from bihuan.scenarios.rules.deck import Deck
from bihuan.scenarios.rules.diary import Diary
from bihuan.scenarios.rules.matter import matter
from bihuan.scenarios.rules.pace import Pace
from bihuan.scenarios.rules.repair import repair
from bihuan.scenarios.rules.town import Scenario, Town

LONGEST = timedelta(days=30)
"""No history lasts longer than this."""

WAYS: dict[str, Callable[[Diary, datetime], None]] = {
    "repair": repair,
    "complaint": matter,
    "situation": matter,
}


@dataclass(frozen=True, slots=True)
class Story:
    """A history under a key that it keeps."""

    key: str
    history: History


class Drawer:
    """The town's histories. Decks and paces of a year are made when the year is first asked for."""

    def __init__(self, *, scenario: Scenario, town: Town, calendar: Calendar) -> None:
        self.scenario, self.town, self.calendar = scenario, town, calendar
        self._years: dict[tuple[str, int], tuple[Pace, Deck]] = {}

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

    def _year(self, loop: str, year: int) -> tuple[Pace, Deck]:
        found = self._years.get((loop, year))
        if found is None:
            sheet = self.scenario.volumes["loops"][loop]
            seed = f"{self.scenario.seed}/{loop}/{year}"
            found = self._years[loop, year] = (
                Pace(sheet=sheet, year=year, zone=self.calendar.zone),
                Deck(seed=seed, count=sheet["year"], quotas=self.scenario.quotas[loop]),
            )
        return found

    def _story(self, loop: str, day: date, card: int, within_year: bool) -> Story:
        key = f"{loop}/{day.year}/{card}"
        history = self._history(loop, day, day.year, card, key)
        end = datetime(day.year + 1, 1, 1, tzinfo=self.calendar.zone)
        while within_year and history.steps[-1].recorded_at >= end:
            day -= timedelta(days=7)
            history = self._history(loop, day, end.year - 1, card, key)
        return Story(key, history)

    def _history(self, loop: str, day: date, year: int, card: int, key: str) -> History:
        pace, deck = self._year(loop, year)
        chance = Random(f"{self.scenario.seed}/{key}")  # noqa: S311  a play, no secret
        place = chance.choice(self.town.places)
        diary = Diary(
            loop=loop,
            scenario=self.scenario,
            town=self.town,
            place=place,
            fate=deck.cards[card],
            calendar=self.calendar,
            chance=chance,
        )
        WAYS[loop](diary, pace.moment(day, chance))
        return History(
            loop,
            tuple(diary.steps),
            premises_id=place.premises_id,
            customer_id=place.customer_id,
            account_id=place.account_id,
            unit=place.bureau,
        )
