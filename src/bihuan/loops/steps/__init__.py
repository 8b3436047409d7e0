"""Ready-made steps that a loop lists, not copies. Each is a function of the states where the loop allows it."""

from bihuan.loops.steps.asking import (
    ATTEMPTS_OWED,
    attempt,
    confirm,
    exempt_call,
    leave_out,
    send_back,
    unreached,
)
from bihuan.loops.steps.joining import BREACH_CAUSE, breaches, merge, split
from bihuan.loops.steps.watching import RESPONSIBILITY, appeal, correct, decide, supervise, terminate, upgrade
from bihuan.loops.steps.way import (
    PAUSES,
    URGES_AT_MOST,
    dispatch,
    give_back,
    receive,
    redirect,
    resume,
    suspend,
    urge,
    withdraw,
)

__all__ = [
    "ATTEMPTS_OWED",
    "BREACH_CAUSE",
    "PAUSES",
    "RESPONSIBILITY",
    "URGES_AT_MOST",
    "appeal",
    "attempt",
    "breaches",
    "confirm",
    "correct",
    "decide",
    "dispatch",
    "exempt_call",
    "give_back",
    "leave_out",
    "merge",
    "receive",
    "redirect",
    "resume",
    "send_back",
    "split",
    "supervise",
    "suspend",
    "terminate",
    "unreached",
    "upgrade",
    "urge",
    "withdraw",
]
