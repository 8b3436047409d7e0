"""The one door: every step of every case is taken here, in one transaction."""

from bihuan.flow.actions.calls import end_call, leave_out
from bihuan.flow.actions.follow import follow, warn, watch
from bihuan.flow.actions.replay import Replayed, replay
from bihuan.flow.actions.seal import erase, judge, look, seal
from bihuan.flow.actions.step import begin, take
from bihuan.flow.actions.units import CasesLeft, close_unit, move_unit

__all__ = [
    "CasesLeft",
    "Replayed",
    "begin",
    "close_unit",
    "end_call",
    "erase",
    "follow",
    "judge",
    "leave_out",
    "look",
    "move_unit",
    "replay",
    "seal",
    "take",
    "warn",
    "watch",
]
