"""What is done to reports: freezing, writing and commenting, approving, sending."""

from bihuan.reports.actions.alerting import raise_alerts
from bihuan.reports.actions.freeze import MayNotFreeze, WeekNotOver, freeze_monday, freeze_weekly
from bihuan.reports.actions.sending import add_recipient, opened, remove_recipient, send_due
from bihuan.reports.actions.writing import NotIndependentReader, approve, comment, write_words

__all__ = [
    "MayNotFreeze",
    "NotIndependentReader",
    "WeekNotOver",
    "add_recipient",
    "approve",
    "comment",
    "freeze_monday",
    "freeze_weekly",
    "opened",
    "raise_alerts",
    "remove_recipient",
    "send_due",
    "write_words",
]
