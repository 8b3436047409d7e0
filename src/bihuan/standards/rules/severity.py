"""How grave a complaint is: proposed from the facts by rules that are data (domain.md 3.4), decided by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.kernel.words import Words
from bihuan.standards.rules.taxonomy import StandardFault, words_of

GRADES = ("special", "major", "important", "general")
"""From the gravest to the slightest."""


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """A grade that is proposed where the facts are so. Empty conditions don't count."""

    grade: str
    because: Words
    certainty: str
    origins: tuple[str, ...] = ()
    affected: int = 0
    injury: bool = False
    times: int = 0

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether one of its conditions is met."""
        affected, times = facts.get("affected"), facts.get("times")
        return (
            (bool(self.origins) and facts.get("origin") in self.origins)
            or (self.affected > 0 and isinstance(affected, int) and affected >= self.affected)
            or (self.injury and facts.get("injury") is True)
            or (self.times > 0 and isinstance(times, int) and times >= self.times)
        )


@dataclass(frozen=True, slots=True)
class Grading:
    """What is proposed, and why."""

    grade: str
    because: Words


EVERYTHING_ELSE = Grading(
    "general", Words(zh="不属于以上情形，为一般投诉。", en="None of the graver cases: general.")
)


def propose(rules: tuple[SeverityRule, ...], facts: Mapping[str, object]) -> Grading:
    """The gravest grade whose rule holds; general when none does."""
    for grade in GRADES:
        for rule in rules:
            if rule.grade == grade and rule.holds(facts):
                return Grading(grade, rule.because)
    return EVERYTHING_ELSE


def severity_from(file: str, content: Mapping[str, Any]) -> tuple[SeverityRule, ...]:
    """The rules that a file tells of; raises `StandardFault`."""
    return tuple(_rule(file, place, row) for place, row in enumerate(content.get("rule", []), 1))


def _rule(file: str, place: int, row: Any) -> SeverityRule:
    key = f"rule[{place}]"
    if not isinstance(row, dict) or row.get("grade") not in GRADES:
        raise StandardFault(
            file,
            f"{key}.grade",
            Words(
                zh=f"应为以下之一：{', '.join(GRADES)}",
                en=f"one of {', '.join(GRADES)}",
            ),
        )
    for name, kind in (("affected", int), ("times", int), ("injury", bool), ("origins", list)):
        if name in row and not isinstance(row[name], kind):
            raise StandardFault(
                file,
                f"{key}.{name}",
                Words(
                    zh="应为列表、整数或 true",
                    en="a list, a whole number, or true",
                ),
            )
    return SeverityRule(
        grade=row["grade"],
        because=words_of(file, f"{key}.because", row.get("because")),
        certainty=str(row.get("certainty", "memory")),
        origins=tuple(row.get("origins", ())),
        affected=row.get("affected", 0),
        injury=row.get("injury", False),
        times=row.get("times", 0),
    )
