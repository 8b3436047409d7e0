"""How much and which cases: figures of any period, as of any moment, as known at any record time."""

from bihuan.indicators.queries.figures import (
    Behind,
    IndicatorUnknown,
    UnitHasNoFigures,
    cases_behind,
    document,
    figures,
    last_seal,
)

__all__ = [
    "Behind",
    "IndicatorUnknown",
    "UnitHasNoFigures",
    "cases_behind",
    "document",
    "figures",
    "last_seal",
]
