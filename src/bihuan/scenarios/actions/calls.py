"""What stands beside the played histories: findings and what is said of them, samples left out, calls heard by a second listener."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.flow import actions as flow
from bihuan.packs import queries as packs
from bihuan.people.actions import house_machine
from bihuan.people.models import Actor, Membership
from bihuan.people.rules import Scope
from bihuan.surveys import actions as surveys
from bihuan.surveys.models import Finding, Score
from bihuan.surveys.queries import hearing
from bihuan.surveys.queries.findings import findings
from bihuan.surveys.rules.sampling import lot

COMPANY = Scope(company=True, paths=())
WEEKS_HEARD = 4
SETTLED = timedelta(days=2)
"""So long after it was found that a finding has been looked at."""


def beside(*, until: datetime) -> int:
    """Write what callbacks leave beside the timeline as it stands at `until`; gives how many steps the house took.

    Safe to run twice.
    """
    house = house_machine(at=until)
    left = flow.leave_out(by=house, at=until) if house is not None else 0
    surveys.find_mismatches(at=until)
    inspectors = _people("inspector")
    if inspectors:
        _rule(inspectors, until)
        _listen(inspectors, until)
    return left


def _rule(inspectors: Sequence[Actor], until: datetime) -> None:
    """Half of what is older than two days has been explained, and half of that decided."""
    leaders = {
        held.unit.bureau_id: held.actor
        for held in Membership.objects.filter(post_id="leader", end=None).select_related("unit", "actor")
    }
    old = [one for one in findings(COMPANY, state="open") if _said_at(one) < until - SETTLED]
    for place, finding in enumerate(sorted(old, key=lambda one: (one.case.number, one.kind))):
        bureau = finding.unit.bureau_id if finding.unit else None
        leader = leaders.get(bureau)
        if leader is None or place % 2:
            continue
        at = min(until, _said_at(finding) + timedelta(days=1))
        _say(
            finding, "explained", ("recorded_late", "customer_mistaken", "entry_wrong")[place % 3], leader, at
        )
        if place % 4 == 0:
            decided = ("upheld", "untrue_record") if place % 8 else ("cleared", "explanation_holds")
            _say(finding, *decided, inspectors[place % len(inspectors)], at + timedelta(hours=3))


def _listen(inspectors: Sequence[Actor], until: datetime) -> None:
    """Seven in ten of the calls drawn of the last weeks have been heard; few of them were bad."""
    zone = packs.calendar().zone
    today = until.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    known = set(Score.objects.values_list("case_id", "seq"))
    for back in range(1, WEEKS_HEARD + 1):
        first = monday - timedelta(weeks=back)
        card = hearing.card_on(first.date())
        if card is None:
            continue
        for agent in hearing.week(COMPANY, first=first, end=first + timedelta(weeks=1)):
            for one in agent.drawn:
                chance = lot(b"town", one.entry.case.number, one.entry.seq) % 100
                if chance >= 70 or (one.entry.case_id, one.entry.seq) in known:
                    continue
                weak = card.weighted[chance % len(card.weighted)].code if chance % 3 == 0 else ""
                surveys.score_call(
                    call=one.entry,
                    card=card,
                    marks={item.code: 50 if item.code == weak else 100 for item in card.weighted},
                    fatal=["invented"] if chance == 7 else [],
                    remark="",
                    listener=inspectors[chance % len(inspectors)],
                    at=min(until, first + timedelta(weeks=1, hours=10)),
                )


def _said_at(finding: Finding) -> datetime:
    return finding.other_said_at or finding.unit_said_at or finding.found_at


def _say(finding: Finding, state: str, reason: str, by: Actor, at: datetime) -> None:
    surveys.rule_on(finding_id=finding.pk, state=state, reason=reason, text="", by=by, at=at)


def _people(post: str) -> list[Actor]:
    held = Membership.objects.filter(post_id=post, end=None, actor__kind="staff").select_related("actor")
    found: dict[UUID, Actor] = {one.actor_id: one.actor for one in held.order_by("actor__staff__number")}
    return list(found.values())
