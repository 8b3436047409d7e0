"""Writes one case's history step by step: who, when it happened, when it was recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from bihuan.flow.rules import Past
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.fact import FactValue, moment_text
from bihuan.loops.catalogue import loop as loop_of
from bihuan.scenarios.rules.deck import Fate
from bihuan.scenarios.rules.ties import NONE, Ties
from bihuan.scenarios.rules.town import Place, Scenario, Town

Leaves: TypeAlias = Callable[[str, str, date], Sequence[str]]
"""The leaves of a taxonomy under a class on a day; none where the taxonomy doesn't know the class."""

Grade: TypeAlias = Callable[[Mapping[str, object], date], str]
"""The severity that the rules propose from the facts of a complaint on a day; empty where there are no rules."""

FIRST_CALL, LUNCH, AFTER_LUNCH, LAST_CALL = 8, 12, 14, 21
"""Nobody is called back before 8, at noon, and after 21 (domain.md 3.9)."""

OPENS, CLOSES = 8, 17
BACK = {"sent_back": 1, "sent_twice": 2}
"""How often a customer sends the case back, by the ending on its card."""
SPARED = ("declined", "anonymous")
"""Endings on a card that are known at acceptance: nobody is to be called."""


class Event(NamedTuple):
    """Something that happens on the way, beside the steps that move the case."""

    step: str
    actor: UUID
    facts: Mapping[str, FactValue] = {}
    notes: Mapping[str, str] = {}


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
        ties: Ties = NONE,
        leaves: Leaves = lambda taxonomy, kind, day: (),
        grade: Grade = lambda facts, day: "",
    ) -> None:
        self.grade = grade
        self.declared = loop_of(loop)
        self.ties, self.leaves, self.unit = ties, leaves, place.bureau
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
        return {} if self.chance.randrange(3) else self.text(step)

    def text(self, step: str) -> dict[str, str]:
        """A remark on this step; the kind's own words where there are some."""
        words = self.scenario.words["remark"]
        return {"remark": self.chance.choice(words.get(f"{self.loop}_{step}") or words[step])}

    def spread(self, start: datetime, end: datetime, events: Sequence[Event]) -> None:
        """Put events down evenly between two moments, in their order; over days they fall into working hours."""
        before = start
        for number, event in enumerate(events, 1):
            at = start + (end - start) * number / (len(events) + 1)
            if end - start > timedelta(hours=14):
                at = self._by_day(at)
            if not before < at < end:
                at = before + (end - before) / (len(events) - number + 2)
            before = self.add(event.step, at.replace(microsecond=0), event.actor, event.facts, event.notes)

    def _by_day(self, at: datetime) -> datetime:
        at = self.local(at)
        if at.hour < OPENS:
            at -= timedelta(days=1)
        return self._on(at, CLOSES - 1) if not OPENS <= at.hour < CLOSES else at

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
        kind = str(more.get("kind") or self.ties.kind or self.weighted(self.sheet["kinds"]))
        facts: dict[str, FactValue] = {
            "kind": kind,
            "area": self.place.area,
            "customer_class": self.place.customer_class,
            "source": self.weighted(self.sheet["sources"]),
            **self._classed(kind, at),
            **more,
        }
        if self.fate["ending"] in SPARED:
            facts["callback"] = self.fate["ending"]
        if "confidential" in self.fate:
            facts["confidential"] = True
        said = self.said(kind)
        if self.ties.again:
            facts["repeat_of"] = self.ties.again
            said = self.chance.choice(self.scenario.words["again"]["said"]) + said
        self.add("accept", at, agent, facts, {"description": said})
        return agent

    def _classed(self, kind: str, at: datetime) -> dict[str, FactValue]:
        """The class in detail, and what was proposed: mostly the same."""
        fact = self.declared.opening.fact("leaf")
        if fact is None:
            return {}
        among = self.scenario.volumes["leaves_of"].get(kind)
        among = among or self.leaves(fact.listing, kind, self.local(at).date())
        if not among:
            return {}
        facts: dict[str, FactValue] = {"leaf": self.chance.choice(among)}
        if self.declared.opening.fact("proposed_leaf"):
            other = self.chance.randrange(5) == 0
            facts["proposed_leaf"] = self.chance.choice(among) if other else facts["leaf"]
        return facts

    @property
    def kind(self) -> str:
        """How the case was classified."""
        return str(self.steps[0].facts["kind"])

    def correct(self, at: datetime, step: str, reason: str, **facts: FactValue) -> None:
        """The next morning an inspector puts a step right."""
        told = {"seq": self.seq_of(step), "reason": reason, **facts}
        self.add("correct", self.day_after(at, 1), self.one_of("inspector"), told)

    def called_back(self, asked: Mapping[str, FactValue]) -> datetime:
        """The callback of the cycle, from the first attempt to the end. Gives when it ended."""
        fate, ending = self.fate, self.fate["ending"]
        caller = self.one_of("callback")
        if ending == "left_out":
            at = self.recorded_at + timedelta(seconds=self.chance.randrange(20, 300))
            return self.add("leave_out", at, self.one_of("house"), {"reason": "not_sampled"})
        late = fate.get("callback") == "late" and not self.again
        at = self.call_time(self.recorded_at + self.minutes("callback_late" if late else "callback"))
        if ending in SPARED:
            return self.add("exempt_call", at, caller, {"reason": ending})
        tries = 3 if ending == "unreached" else 0 if self.again else int(fate.get("tries", 0))
        for number in range(tries):
            at = self._tried(at, caller, last=ending == "unreached" and number == 2)
        if ending == "unreached":
            reason = self.weighted({"no_answer": 8, "wrong_number": 1, "refused": 1})
            return self.add("unreached", at + timedelta(seconds=40), caller, {"reason": reason})
        if self.again < BACK.get(ending, 0):
            return self._send_back(at, caller)
        rating = fate.get("rating", "satisfied")
        return self.add("confirm", at, caller, {"solved": True, "satisfaction": rating, **asked})

    def _tried(self, at: datetime, caller: UUID, *, last: bool) -> datetime:
        """A call that doesn't reach the customer; gives when the next one is due, at his own time if he named one."""
        reasons = {"no_answer": 7, "busy": 2, "switched_off": 2, "later": 1}
        facts: dict[str, FactValue] = {"reason": self.weighted(reasons)}
        again = self.call_time(at + timedelta(minutes=self.chance.randrange(122, 260)))
        if facts["reason"] == "later":
            again = again.replace(minute=again.minute // 5 * 5, second=0)
            if again - at < timedelta(minutes=122):
                again += timedelta(minutes=10)
            facts["ring_at"] = moment_text(again)
        self.add("attempt", at, caller, facts)
        return at if last else again

    def _send_back(self, at: datetime, caller: UUID) -> datetime:
        reasons = {"not_solved": 6, "recurred": 3, "dissatisfied": 1}
        reason = "dissatisfied" if self.again else self.fate.get("back") or self.weighted(reasons)
        facts: dict[str, FactValue] = {"reason": reason, "solved": False}
        if rating := self.fate.get("back_rating"):
            facts["satisfaction"] = rating
        return self.add("send_back", at, caller, facts)

    @property
    def again(self) -> int:
        """How often the customer has sent the case back so far."""
        return sum(past.step == "send_back" for past in self.steps)

    @property
    def unsolved(self) -> bool:
        """Whether the case has just come back."""
        return self.steps[-1].step == "send_back"
