"""Writes of the callbacks: claims, editions of questionnaires, answers, findings and rulings, scores."""

from bihuan.surveys.actions.claims import LEASE, claim, release, renew
from bihuan.surveys.actions.findings import find_mismatches, rule_on
from bihuan.surveys.actions.questionnaires import erase_answer, keep_answers, publish
from bihuan.surveys.actions.scores import score_call

__all__ = [
    "LEASE",
    "claim",
    "erase_answer",
    "find_mismatches",
    "keep_answers",
    "publish",
    "release",
    "renew",
    "rule_on",
    "score_call",
]
