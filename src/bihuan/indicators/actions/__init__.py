"""Writes of the figures: trials of drafts, and the archive."""

from bihuan.indicators.actions.archive import Written, write_archive
from bihuan.indicators.actions.trial import JOB, ask_trial, run_trial

__all__ = ["JOB", "Written", "ask_trial", "run_trial", "write_archive"]
