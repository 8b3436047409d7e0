"""What waits for somebody's posts: stages of cases that he moves on, and things that are no case's next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from bihuan.kernel.step import SAME, START
from bihuan.loops.catalogue import LOOPS
from bihuan.outages import queries as outages
from bihuan.promises import queries as promises
from bihuan.reports import queries as reports
from bihuan.surveys.queries import findings
from bihuan.web.ui.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do now: how much of it (or which), its words, and where it is done."""

    what: str
    words: str
    address: str
    pressing: bool = False


def stages(visitor: Visitor) -> list[tuple[str, str]]:
    """Where a case waits for a step that moves it on and that one of the posts takes: loop and state."""
    return [
        (loop.code, state)
        for loop in LOOPS
        for step in loop.steps
        if step.by in visitor.permissions and step.reaches != SAME and not (step.exempt or step.counts)
        for state in step.leaves
        if state != START and not step.corrects
    ]


def tasks(visitor: Visitor) -> list[Task]:
    """What somebody's posts have to do now beside the cases that wait for them; nothing that is done."""
    return [*_findings(visitor), *_breaches(visitor), *_report(visitor), *_outages(visitor)]


def _counted(count: int, words: str, address: str, *, pressing: bool = False) -> Iterator[Task]:
    if count:
        yield Task(f"{count:,}", words, address, pressing)


def _findings(visitor: Visitor) -> Iterator[Task]:
    address = reverse("findings")
    if visitor.may("finding.rule"):
        waiting = findings.counted(visitor.scope("finding.rule")).get("explained", 0)
        yield from _counted(waiting, gettext("findings to rule on"), f"{address}?state=explained")
    elif visitor.may("finding.explain"):
        waiting = findings.counted(visitor.scope("finding.explain"))["open"]
        yield from _counted(waiting, gettext("findings to explain"), f"{address}?state=open")


def _breaches(visitor: Visitor) -> Iterator[Task]:
    if not visitor.may("figures.read"):
        return
    address = reverse("breaches")
    for permission, which, words in (
        ("case.explain", "unexplained", gettext("broken promises to explain")),
        ("breach.exempt", "asked", gettext("exemptions to decide")),
        ("breach.pay", "unpaid", gettext("compensations to pay")),
    ):
        if visitor.may(permission):
            wanted = promises.Wrong(which=which)
            count = promises.breaches(visitor.scope("figures.read"), wanted).count()
            yield from _counted(count, words, f"{address}?which={which}", pressing=True)


def _report(visitor: Visitor) -> Iterator[Task]:
    """The last week's report, as long as it isn't frozen, and then as long as nobody has approved it."""
    if not visitor.may("report.freeze", "report.approve"):
        return
    year, week, _ = (timezone.localtime(visitor.now).date() - timedelta(days=7)).isocalendar()
    name = f"{year}-W{week:02d}"
    kept = reports.latest(kind="weekly", name=name, unit=None)
    if kept is None and visitor.may("report.freeze"):
        yield Task(name, gettext("weekly report to check and freeze"), reverse("report"), pressing=True)
    elif kept is not None and visitor.may("report.approve") and not hasattr(kept, "approval"):
        yield Task(name, gettext("weekly report to approve"), reverse("report"), pressing=True)


def _outages(visitor: Visitor) -> Iterator[Task]:
    if visitor.may("outage.manage"):
        wanted = outages.Wanted(which="now")
        seen = outages.outages(visitor.scope("outage.manage"), wanted, visitor.now)
        late = seen.filter(planned_end_at__lt=visitor.now).count()
        words = gettext("outages past their planned end")
        yield from _counted(late, words, f"{reverse('outages')}?which=now", pressing=True)
