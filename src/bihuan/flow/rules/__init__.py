"""What the door decides: whether a step may be taken. Values in, values out; shared by one step and by replay."""

from bihuan.flow.rules.admission import CLOCK_TOLERANCE, Held, Proposal, admit, may_act
from bihuan.flow.rules.history import History, Past
from bihuan.flow.rules.refusals import (
    FactMissing,
    NotIndependent,
    NotPermitted,
    OutOfOrder,
    Refusal,
    TimeRefused,
    TooFewAttempts,
    UnknownFact,
    UnknownStep,
)

__all__ = [
    "CLOCK_TOLERANCE",
    "FactMissing",
    "Held",
    "History",
    "NotIndependent",
    "NotPermitted",
    "OutOfOrder",
    "Past",
    "Proposal",
    "Refusal",
    "TimeRefused",
    "TooFewAttempts",
    "UnknownFact",
    "UnknownStep",
    "admit",
    "may_act",
]
