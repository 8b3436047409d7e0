"""How much and which cases: figures of any period, as of any moment, as known at any record time."""

from bihuan.indicators.queries.archive_check import ArchiveChecked, check_archive
from bihuan.indicators.queries.archived import Archived, Engine, NotInArchive, archived_figures
from bihuan.indicators.queries.figures import (
    Behind,
    IndicatorUnknown,
    added_up,
    document,
    figures,
    last_seal,
    rows_behind,
)
from bihuan.indicators.queries.places import UnitHasNoFigures

__all__ = [
    "ArchiveChecked",
    "Archived",
    "Behind",
    "Engine",
    "IndicatorUnknown",
    "NotInArchive",
    "UnitHasNoFigures",
    "added_up",
    "archived_figures",
    "check_archive",
    "document",
    "figures",
    "last_seal",
    "rows_behind",
]
