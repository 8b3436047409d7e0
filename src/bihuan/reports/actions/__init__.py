"""What is done to reports: freezing, writing and commenting, approving, sending."""

from bihuan.reports.actions.alerting import raise_alerts
from bihuan.reports.actions.freeze import MayNotFreeze, PeriodNotOver, freeze, freeze_by_itself
from bihuan.reports.actions.sending import add_recipient, opened, remove_recipient, send_due
from bihuan.reports.actions.writing import NotIndependentReader, approve, comment, write_words

__all__ = [
    "MayNotFreeze",
    "NotIndependentReader",
    "PeriodNotOver",
    "add_recipient",
    "approve",
    "comment",
    "freeze",
    "freeze_by_itself",
    "opened",
    "raise_alerts",
    "remove_recipient",
    "send_due",
    "write_words",
]
