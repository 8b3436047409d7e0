"""The town played into a database, and living on."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db.models import Q

from bihuan.cases.models import Case, Entry, Seal
from bihuan.flow import actions as flow
from bihuan.outages.models import OutageEntry
from bihuan.people.models import Staff, Unit
from bihuan.promises.models import Clock
from bihuan.scenarios import actions, queries
from bihuan.scenarios.models import Play
from bihuan.supply.models import Premises
from tests.cast import moment

CODE = "chongqing-2007"
MORNING = moment("2007-06-05 10:00")


@pytest.fixture
def town(db: None) -> Play:
    """A Tuesday until ten in the morning."""
    actions.found(
        code=CODE,
        first=date(2007, 6, 5),
        last=date(2007, 6, 5),
        until=MORNING,
        recorded_at=MORNING,
        current=True,
        within_year=False,
        tell=lambda cases, entries: None,
    )
    return Play.objects.get()


@pytest.mark.slow
@pytest.mark.usefixtures("town")
def test_sixteen_bureaus_with_crews_and_a_person_for_every_post() -> None:
    posts = {post.code: staff for post, staff, _ in queries.sign_ins(MORNING)}

    assert Unit.objects.filter(kind="bureau").count() == 16
    assert Unit.objects.filter(kind="crew").count() == 32
    assert Premises.objects.filter(longitude__isnull=False).count() == 3_000
    assert len(posts) == 11
    assert all(staff.check_password("bihuan-demo") for staff in posts.values())


@pytest.mark.slow
@pytest.mark.usefixtures("town")
def test_nothing_lies_after_the_moment_up_to_which_it_was_played() -> None:
    assert not Entry.objects.filter(recorded_at__gt=MORNING).exists()
    assert Case.objects.open().count() > 20
    assert Clock.objects.filter(ended_at=None, void_at=None, due_at__gt=MORNING).count() > 20
    assert Seal.objects.count() == 1


@pytest.mark.slow
@pytest.mark.usefixtures("town")
def test_nobody_verifies_what_his_own_bureau_did() -> None:
    sides = defaultdict[str, set[tuple[UUID, UUID | None]]](set)
    for side, case, bureau in Entry.objects.values_list("side", "case_id", "unit__bureau_id"):
        sides[side].add((case, bureau))

    assert sides["verification"]
    assert not sides["verification"] & sides["execution"]


@pytest.mark.slow
def test_the_town_lives_on_and_an_hour_is_lived_once(town: Play) -> None:
    later = MORNING + timedelta(hours=1)
    before = Case.objects.count()

    taken = actions.live(code=CODE, until=later)

    lately = Q(recorded_at__gt=MORNING, recorded_at__lte=later)
    told = OutageEntry.objects.filter(lately).count()
    assert taken - told == Entry.objects.filter(lately).count() > 20
    assert Case.objects.count() > before
    assert actions.live(code=CODE, until=later) == 0
    Play.objects.update(until=town.until)
    entries = Entry.objects.count()
    actions.live(code=CODE, until=later)
    assert Entry.objects.count() == entries


@pytest.mark.slow
@pytest.mark.usefixtures("town")
def test_a_still_town_waits() -> None:
    actions.set_living(code=CODE, living=False)

    assert actions.live(code=CODE, until=MORNING + timedelta(hours=1)) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("town")
def test_a_case_that_somebody_took_elsewhere_is_left_to_him() -> None:
    agent = Staff.objects.get(number="A01").actor
    withdrawn = [case.pk for case in Case.objects.filter(state="received").order_by("pk")]
    for key in withdrawn:
        flow.take(
            case_id=key,
            step="withdraw",
            by=agent,
            at=MORNING,
            recorded_at=MORNING,
            facts={"reason": "customer_asked"},
        )

    actions.live(code=CODE, until=MORNING + timedelta(hours=3))

    assert set(Case.objects.filter(pk__in=withdrawn).values_list("state", flat=True)) == {"withdrawn"}


@pytest.mark.slow
@pytest.mark.usefixtures("town")
def test_the_demo_goes_only_into_an_empty_database() -> None:
    with pytest.raises(actions.NotEmpty):
        actions.build_world(scenario=queries.scenario(), starts_at=MORNING, recorded_at=MORNING)
