"""Writes one case's history step by step: who, when it happened, when it was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bihuan.flow.rules import Past
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.fact import FactValue
from bihuan.scenarios.rules.deck import Fate
from bihuan.scenarios.rules.town import Place, Scenario, Town

FIRST_CALL, LUNCH, AFTER_LUNCH, LAST_CALL = 8, 12, 14, 21
"""Nobody is called back before 8, at noon, and after 21 (domain.md 3.9)."""

OPENS, CLOSES = 8, 17


class Diary:
    """A history being drawn. `chance` is this case's own, so that it is the same whenever it is drawn."""

    def __init__(
        self,
        *,
        loop: str,
        scenario: Scenario,
        town: Town,
        place: Place,
        fate: Fate,
        calendar: Calendar,
        chance: Random,
    ) -> None:
        self.loop, self.scenario, self.town, self.place = loop, scenario, town, place
        self.fate, self.calendar, self.chance = fate, calendar, chance
        self.steps: list[Past] = []
        self.minutes_of: Mapping[str, Any] = scenario.volumes["minutes"]
        self.sheet: Mapping[str, Any] = scenario.volumes["loops"][loop]

    def add(
        self,
        step: str,
        at: datetime,
        actor: UUID,
        facts: Mapping[str, FactValue] | None = None,
        notes: Mapping[str, str] | None = None,
        delay: timedelta = timedelta(0),
    ) -> datetime:
        """Put a step down; it is recorded some seconds later, after `delay`, and never before the step before it."""
        recorded = at + delay + timedelta(seconds=self.chance.randrange(3, 50))
        if self.steps:
            recorded = max(recorded, self.steps[-1].recorded_at + timedelta(seconds=1))
        self.steps.append(Past(step, at, recorded, actor, facts or {}, notes or {}))
        return at

    @property
    def recorded_at(self) -> datetime:
        """When the newest step was recorded."""
        return self.steps[-1].recorded_at

    def seq_of(self, step: str) -> int:
        """The number of the last entry of this step."""
        return max(number for number, past in enumerate(self.steps, 1) if past.step == step)

    def minutes(self, name: str, *more: str) -> timedelta:
        """A span by least, most often and most."""
        found: Any = self.minutes_of[name]
        for key in more:
            found = found[key]
        least, often, most = found
        return timedelta(seconds=round(self.chance.triangular(least, most, often) * 60))

    def one_of(self, post: str, unit: str = "") -> UUID:
        """Somebody with this post, in this unit when one is named."""
        found: Sequence[UUID] = self.town.people[post, unit] if unit else self.town.everywhere[post]
        return self.chance.choice(found)

    def weighted(self, weights: Mapping[str, int]) -> str:
        """One of the keys, by weight."""
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def said(self, kind: str) -> str:
        """What the customer says."""
        words = self.scenario.words
        text: str = self.chance.choice(words[self.loop][kind])
        return text.format(place=self.place.address, when=self.chance.choice(words["when"][self.loop]))

    def remark(self, step: str) -> dict[str, str]:
        """A remark on one step in three."""
        if self.chance.randrange(3):
            return {}
        return {"remark": self.chance.choice(self.scenario.words["remark"][step])}

    def local(self, at: datetime) -> datetime:
        """In the utility's time."""
        return at.astimezone(self.calendar.zone)

    def call_time(self, at: datetime) -> datetime:
        """`at`, or when calling is allowed again."""
        at = self.local(at)
        if at.hour < FIRST_CALL:
            return self._on(at, FIRST_CALL)
        if LUNCH <= at.hour < AFTER_LUNCH:
            return self._on(at, AFTER_LUNCH)
        return self._on(at + timedelta(days=1), FIRST_CALL) if at.hour >= LAST_CALL else at

    def work_time(self, at: datetime) -> datetime:
        """`at`, or when the bureau's desk is open again; there is a desk every day."""
        at = self.local(at)
        if at.hour < OPENS:
            return self._on(at, OPENS)
        return self._on(at + timedelta(days=1), OPENS) if at.hour >= CLOSES else at

    def day_after(self, at: datetime, days: int) -> datetime:
        """In the morning of a later day."""
        return self._on(self.local(at) + timedelta(days=days), 9)

    def _on(self, day: datetime, hour: int) -> datetime:
        return day.replace(
            hour=hour, minute=self.chance.randrange(2, 50), second=self.chance.randrange(60), microsecond=0
        )

    def accept(self, at: datetime, **more: FactValue) -> UUID:
        """The agent takes the case in; gives the agent."""
        agent = self.one_of("agent")
        kind = self.weighted(self.sheet["kinds"])
        facts: dict[str, FactValue] = {
            "kind": kind,
            "area": self.place.area,
            "customer_class": self.place.customer_class,
            "source": self.weighted(self.sheet["sources"]),
            **more,
        }
        self.add("accept", at, agent, facts, {"description": self.said(kind)})
        return agent

    @property
    def kind(self) -> str:
        """How the case was classified."""
        return str(self.steps[0].facts["kind"])

    def stray(self, at: datetime, agent: UUID, span: str) -> datetime:
        """Dispatch to a bureau whose area it isn't, which gives it back."""
        others = [code for code in self.town.bureaus if code != self.place.bureau]
        wrong = self.chance.choice(others)
        at = self.add("dispatch", at + self.minutes(span), agent, {"unit": wrong})
        by = self.one_of("dispatcher", wrong)
        return self.add("return", at + self.minutes("returned"), by, {"reason": "wrong_unit"})

    def correct(self, at: datetime, step: str, reason: str, **facts: FactValue) -> None:
        """The next morning an inspector puts a step right."""
        told = {"seq": self.seq_of(step), "reason": reason, **facts}
        self.add("correct", self.day_after(at, 1), self.one_of("inspector"), told)

    def called_back(self, asked: Mapping[str, FactValue]) -> datetime:
        """The callback of the cycle, from the first attempt to the end. Gives when it ended."""
        fate = self.fate
        late = fate.get("callback") == "late" and not self._again
        at = self.call_time(self.recorded_at + self.minutes("callback_late" if late else "callback"))
        caller = self.one_of("callback")
        tries = 3 if fate["ending"] == "unreached" else 0 if self._again else int(fate.get("tries", 0))
        reasons = {"no_answer": 7, "busy": 2, "switched_off": 2, "later": 1}
        for number in range(tries):
            self.add("attempt", at, caller, {"reason": self.weighted(reasons)})
            if number < 2 or fate["ending"] != "unreached":
                at = self.call_time(at + timedelta(minutes=self.chance.randrange(122, 260)))
        if fate["ending"] == "unreached":
            reason = self.weighted({"no_answer": 8, "wrong_number": 1, "refused": 1})
            return self.add("unreached", at + timedelta(seconds=40), caller, {"reason": reason})
        if fate["ending"] == "sent_back" and not self._again:
            return self._send_back(at, caller)
        rating = fate.get("rating", "satisfied")
        return self.add("confirm", at, caller, {"solved": True, "satisfaction": rating, **asked})

    def _send_back(self, at: datetime, caller: UUID) -> datetime:
        reasons = {"not_solved": 6, "untrue": 1, "recurred": 3}
        facts: dict[str, FactValue] = {"reason": self.weighted(reasons), "solved": False}
        if rating := self.fate.get("back_rating"):
            facts["satisfaction"] = rating
        return self.add("send_back", at, caller, facts)

    @property
    def _again(self) -> bool:
        return any(past.step == "send_back" for past in self.steps)
