"""How one case hangs together with another: the same matter brought again, and several callers of one fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.flow.rules import Past


@dataclass(frozen=True, slots=True)
class Main:
    """The case into which another is merged: its number and everything that happened to it."""

    number: str
    steps: tuple[Past, ...]


@dataclass(frozen=True, slots=True)
class Ties:
    """What a history knows of others. `again` is the number of the case that it brings again, for the `times`-th time;
    `kind` is how that one, or the main one, was classified."""

    again: str = ""
    times: int = 1
    kind: str = ""
    main: Main | None = None


NONE = Ties()


def alone(past: Past) -> Past:
    """The step as it would be if there were no main case."""
    return _without(past, "via")


def first_time(past: Past) -> Past:
    """The acceptance as it would be if the matter had never been brought before."""
    return _without(past, "repeat_of")


def _without(past: Past, name: str) -> Past:
    facts: Mapping[str, str | bool | int] = {
        code: value for code, value in past.facts.items() if code != name
    }
    return Past(past.step, past.at, past.recorded_at, past.actor_id, facts, past.notes)
