"""The picture of a process: the declared way from left to right, what came back beneath it, what ended early above. Geometry only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bihuan.indicators.queries.process import Process
from bihuan.indicators.rules.process import goes_back, straight_way
from bihuan.kernel.loop import Loop
from bihuan.web.ui.clocks import span

BOX, GAP, HIGH = 124, 84, 50
TOP = 34
"""Where the boxes begin: above them stand the early endings."""
DEEP = 26
"""How much lower each way back lies than the one before."""
THICK = 9
"""The line that every case goes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A step of the declared way. `ends`: what ended the case after it instead, with how many."""

    x: int
    title: str
    taken: int
    ends: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """From one box to the next: its thickness, how many moves, and the median time in words."""

    x: int
    width: str
    times: int
    median: str


@dataclass(frozen=True, slots=True)
class Arc:
    """Back from one box to another, by this step: the line's points, and where its words stand."""

    path: str
    x: int
    y: int
    title: str
    times: int


@dataclass(frozen=True, slots=True)
class Map:
    """All of it, with the size of the picture."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    arcs: tuple[Arc, ...]


def drawn(told: Process, loop: Loop, title: Callable[[str], str]) -> Map:
    """Counts are those of `told.moves`: contacts, urgings and attempts to call are passed over."""
    way = straight_way(loop)
    place = {step: number for number, step in enumerate(way)}
    arcs = _arcs(told, loop, title, place)
    boxes = tuple(
        Box(_left(number), title(step), told.taken.get(step, 0), _ends(told, loop, title, step, place))
        for number, step in enumerate(way)
    )
    lines = []
    for number, (step, after) in enumerate(pairwise(way)):
        move = told.move(step, after)
        if move:
            width = f"{max(1.0, THICK * move.times / told.cases):.1f}"
            lines.append(Line(_left(number) + BOX, width, move.times, span(timedelta(seconds=move.median))))
    height = TOP + HIGH + (14 + DEEP * len(arcs) if arcs else 8)
    return Map(_left(len(way) - 1) + BOX, height, boxes, tuple(lines), arcs)


def _left(number: int) -> int:
    return number * (BOX + GAP)


def _ends(
    told: Process, loop: Loop, title: Callable[[str], str], step: str, place: dict[str, int]
) -> tuple[tuple[str, int], ...]:
    ended = {one.code for one in loop.steps if one.ends and one.code not in place}
    found = [one for one in told.moves if one.step == step and one.after in ended]
    return tuple((title(one.after), one.times) for one in sorted(found, key=lambda one: -one.times)[:1])


def _arcs(told: Process, loop: Loop, title: Callable[[str], str], place: dict[str, int]) -> tuple[Arc, ...]:
    """One for each step that goes back and each box it left, to where its cases went on most."""
    back = goes_back(loop)
    arcs: list[Arc] = []
    for move in told.moves:
        if move.after not in back or move.step not in place:
            continue
        onwards = [one for one in told.moves if one.step == move.after and one.after in place]
        if not onwards:
            continue
        start, end = place[move.step], place[max(onwards, key=lambda one: one.times).after]
        low = TOP + HIGH + 14 + DEEP * len(arcs)
        right, left = _left(start) + BOX * 3 // 4, _left(end) + BOX // 4
        path = f"M{right} {TOP + HIGH} V{low} H{left} V{TOP + HIGH + 3}"
        arcs.append(Arc(path, (right + left) // 2, low + 14, title(move.after), move.times))
    return tuple(arcs)
