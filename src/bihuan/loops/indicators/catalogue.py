"""Every chapter, indicator, index, breakdown and roll there is, in the order of the weekly report."""

from __future__ import annotations

from bihuan.kernel.indicator import Breakdown, Chapter, Declared, Index, Indicator, Roll
from bihuan.loops.indicators import (
    callbacks,
    complaint,
    indices,
    outage,
    promises,
    repair,
    situation,
    supply,
)

_FILES = (repair, complaint, situation, outage, promises, callbacks, supply, indices)

CHAPTERS: tuple[Chapter, ...] = tuple(file.CHAPTER for file in _FILES)
DECLARED: tuple[Declared, ...] = tuple(one for file in _FILES for one in file.INDICATORS)
INDICATORS: tuple[Indicator, ...] = tuple(one for one in DECLARED if isinstance(one, Indicator))
"""Those that count rows."""
INDICES: tuple[Index, ...] = tuple(one for one in DECLARED if isinstance(one, Index))
BREAKDOWNS: tuple[Breakdown, ...] = (
    *repair.BREAKDOWNS,
    *complaint.BREAKDOWNS,
    *situation.BREAKDOWNS,
    *outage.BREAKDOWNS,
    *promises.BREAKDOWNS,
    *callbacks.BREAKDOWNS,
)
ROLLS: tuple[Roll, ...] = (*complaint.ROLLS, *outage.ROLLS, *callbacks.ROLLS, *indices.ROLLS)


def declared(code: str) -> Declared:
    """The indicator or index of this code; raises KeyError."""
    return _BY_CODE[code]


def indicator(code: str) -> Indicator:
    """The indicator of this code that counts rows; raises KeyError, for an index too."""
    one = _BY_CODE[code]
    if isinstance(one, Indicator):
        return one
    raise KeyError(code)


_BY_CODE = {one.code: one for one in DECLARED}
