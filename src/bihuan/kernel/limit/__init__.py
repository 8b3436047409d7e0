"""Limits: what they say (`value`), when they end (`counting`), and why (`explaining`)."""

from bihuan.kernel.limit.counting import due, latest
from bihuan.kernel.limit.explaining import explain, explain_latest
from bihuan.kernel.limit.value import SUSPENSIONS, Due, Limit, LimitUnit, Pause

__all__ = [
    "SUSPENSIONS",
    "Due",
    "Limit",
    "LimitUnit",
    "Pause",
    "due",
    "explain",
    "explain_latest",
    "latest",
]
