"""Writes to packs: publish a text, copy a pack, put packs in order, ask for a trial and keep what came out."""

from bihuan.packs.actions.publish import (
    BeginsTooEarly,
    CodeTaken,
    NothingChanged,
    PackMovedOn,
    ReasonMissing,
    UnfitOrder,
    adopt,
    copy_version,
    publish,
)
from bihuan.packs.actions.targets import MayNotSetTargets, NoSuchTarget, set_owner, set_target
from bihuan.packs.actions.trials import (
    PeriodTooLong,
    begin_trial,
    end_trial,
    fail_trial,
    keep_trial,
    tell_trial,
)

__all__ = [
    "BeginsTooEarly",
    "CodeTaken",
    "MayNotSetTargets",
    "NoSuchTarget",
    "NothingChanged",
    "PackMovedOn",
    "PeriodTooLong",
    "ReasonMissing",
    "UnfitOrder",
    "adopt",
    "begin_trial",
    "copy_version",
    "end_trial",
    "fail_trial",
    "keep_trial",
    "publish",
    "set_owner",
    "set_target",
    "tell_trial",
]
