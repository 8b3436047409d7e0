"""The one door: every step of every case is taken here, in one transaction."""

from bihuan.flow.actions.replay import Replayed, replay
from bihuan.flow.actions.seal import erase, judge, seal
from bihuan.flow.actions.step import ClientIdReused, StalePage, UnknownUnit, begin, take

__all__ = [
    "ClientIdReused",
    "Replayed",
    "StalePage",
    "UnknownUnit",
    "begin",
    "erase",
    "judge",
    "replay",
    "seal",
    "take",
]
