"""Figures: periods, rounding, and how a figure is told. What chance can do stands in the files beside this one."""

from bihuan.indicators.rules.figures import (
    LINE,
    Figure,
    Period,
    PeriodRefused,
    counted_of,
    rows_of,
    value,
    week,
    week_name,
)

__all__ = ["LINE", "Figure", "Period", "PeriodRefused", "counted_of", "rows_of", "value", "week", "week_name"]
