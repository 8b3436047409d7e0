"""Findings, derived from what each side said; and what units and supervision say of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bihuan.cases.models import Cycle
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.models import Actor
from bihuan.surveys.models import Finding, Ruling
from bihuan.surveys.queries.book import book
from bihuan.surveys.queries.findings import statements
from bihuan.surveys.rules.statements import REASONS, Mismatch, mismatches

CHUNK = 1_000
_VALUES = ("unit_id", "minutes", "unit_said_at", "other_said_at")


class NotOpen(BihuanError):
    """The finding has been decided or lifted since."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="该不一致已有结论或已消除，请刷新后再看。",
                en="This finding has been decided or lifted since; look again.",
            ),
            field="state",
        )


class UnknownReason(BihuanError):
    """The reason isn't one of those for this ruling."""

    def __init__(self) -> None:
        super().__init__(Words(zh="请选择理由。", en="Choose a reason."), field="reason")


def find_mismatches(*, at: datetime, since: datetime | None = None, case_id: UUID | None = None) -> int:
    """Compare what was said in the rounds recorded since then (or all, or one case's); gives how many findings are new.

    What agrees since a correction is lifted, and stands again if it differs again. Safe to run twice, or two at once.
    """
    rounds = Cycle.objects.filter(Q(arrived_at__isnull=False) | Q(verified_at__isnull=False), imported=False)
    if case_id is not None:
        rounds = rounds.filter(case_id=case_id)
    if since is not None:
        rounds = rounds.filter(recorded_at__gte=since)
    new, last = 0, None
    while True:
        chunk = list((rounds.filter(pk__gt=last) if last else rounds).order_by("pk")[:CHUNK])
        if not chunk:
            return new
        new += _compare(chunk, at)
        last = chunk[-1].pk


@transaction.atomic
def _compare(rounds: Sequence[Cycle], at: datetime) -> int:
    said = statements(rounds)
    rules = book().comparisons
    known = {
        (row.case_id, row.cycle, row.kind): row
        for row in Finding.objects.filter(case_id__in={one.case_id for one in rounds})
    }
    fresh: list[Finding] = []
    for one in rounds:
        differs = {found.kind: found for found in mismatches(said[one.pk], rules)}
        for kind, found in differs.items():
            row = known.get((one.case_id, one.cycle, kind))
            if row is None:
                fresh.append(_finding(one, found, at))
            else:
                _keep(row, _finding(one, found, at))
        for (case_id, cycle, kind), row in known.items():
            gone = (case_id, cycle) == (one.case_id, one.cycle) and kind not in differs
            if gone and row.lifted_at is None:
                Finding.objects.filter(pk=row.pk, lifted_at=None).update(lifted_at=at)
    Finding.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _finding(one: Cycle, found: Mismatch, at: datetime) -> Finding:
    return Finding(
        case_id=one.case_id,
        cycle=one.cycle,
        kind=found.kind,
        unit_id=one.unit_id,
        minutes=found.minutes,
        unit_said_at=found.unit_said_at,
        other_said_at=found.other_said_at,
        found_at=at,
    )


def _keep(row: Finding, now: Finding) -> None:
    """Update a finding whose sides were corrected, or that differs again."""
    if row.lifted_at is None and all(getattr(row, name) == getattr(now, name) for name in _VALUES):
        return
    values = {name: getattr(now, name) for name in _VALUES}
    Finding.objects.filter(pk=row.pk).update(lifted_at=None, **values)


@transaction.atomic
def rule_on(*, finding_id: UUID, state: str, reason: str, text: str, by: Actor, at: datetime) -> Ruling:
    """Explain a finding (a unit), uphold or clear it (supervision). Raises `NotOpen` or `UnknownReason`.

    A unit explains what hasn't been decided; supervision may decide again, and both decisions stay.
    """
    finding = Finding.objects.select_for_update(no_key=True).get(pk=finding_id)
    newest = Ruling.objects.filter(finding=finding).order_by("-recorded_at", "-id").first()
    decided = newest is not None and newest.state != "explained"
    if finding.lifted_at is not None or (state == "explained" and decided):
        raise NotOpen
    if reason not in {choice.code for choice in REASONS[state]}:
        raise UnknownReason
    return Ruling.objects.create(
        finding=finding, state=state, reason=reason, text=text.strip()[:500], by=by, recorded_at=at
    )
