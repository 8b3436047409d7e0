"""Scenarios as they lie in the folder `BIHUAN_SCENARIOS_DIR`, and the town as it stands in the database."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from bihuan.cases.models import Case
from bihuan.packs import queries as packs
from bihuan.people.models import Membership, Post, Staff, Unit
from bihuan.people.queries import sign_in_posts
from bihuan.scenarios.models import Play
from bihuan.scenarios.rules import Drawer, Place, Scenario, Town
from bihuan.standards import queries as standards
from bihuan.supply.models import Account
from bihuan.surveys import queries as surveys
from bihuan.surveys.rules.sampling import sampled

WAY = (
    "agent",
    "dispatcher",
    "crew",
    "handler",
    "callback",
    "leader",
    "editor",
    "executive",
    "inspector",
    "department",
    "admin",
)
SHEETS = ("world", "volumes", "quotas", "words", "targets")


def scenario(code: str = "chongqing-2007") -> Scenario:
    """The scenario of this folder."""
    folder = Path(settings.BIHUAN_SCENARIOS_DIR) / code
    sheets: dict[str, Any] = {
        name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in SHEETS
    }
    top = sheets["world"]["scenario"]
    return Scenario(code=top["code"], seed=top["seed"], **sheets)


def play_of(code: str = "chongqing-2007") -> Play | None:
    """What was played of a scenario in this database."""
    return Play.objects.filter(scenario=code).first()


def is_empty() -> bool:
    """Whether nobody has put anything into this database yet."""
    return not (Unit.objects.exists() or Staff.objects.exists() or Case.objects.exists())


def town() -> Town:
    """Places and people of the database, in the order of their numbers."""
    people: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    everywhere: dict[str, list[UUID]] = defaultdict(list)
    held = Membership.objects.order_by("actor__label").values_list("post_id", "unit__code", "actor_id")
    for post, unit, actor in held:
        people[post, unit].append(actor)
        everywhere[post].append(actor)
    crews: dict[str, list[str]] = defaultdict(list)
    for code, bureau in Unit.objects.filter(kind="crew").order_by("code").values_list("code", "bureau__code"):
        crews[str(bureau)].append(code)
    columns = (
        "pk",
        "premises_id",
        "customer_id",
        "premises__unit__bureau__code",
        "premises__area",
        "customer__customer_class",
        "premises__address",
    )
    places = [Place(*row) for row in Account.objects.order_by("number").values_list(*columns)]
    return Town(
        places=places,
        people=dict(people),
        everywhere=dict(everywhere),
        crews=dict(crews),
        bureaus=sorted(crews),
    )


def drawer(code: str = "chongqing-2007") -> Drawer:
    """What draws the histories of the town in this database."""
    newest = Account.objects.order_by("-id").values_list("pk", flat=True).first()
    return drawer_of(code, newest)


@lru_cache(maxsize=1)
def drawer_of(code: str, newest: UUID | None) -> Drawer:
    """Decks are worth keeping: the living town asks every minute. `newest` tells one town's accounts from another's."""
    return Drawer(
        scenario=scenario(code),
        town=town(),
        calendar=packs.calendar(),
        cell=settings.BIHUAN_CELL,
        promises=packs.promises_on,
        leaves=leaves,
        drawn=partial(drawn, surveys.sample_key()),
        grade=lambda facts, day: standards.grading(facts, day).grade,
    )


def leaves(taxonomy: str, kind: str, day: date) -> Sequence[str]:
    """The leaves of a taxonomy under a class on a day; a class that is itself a leaf has just that one."""
    below = []
    for _, group in standards.grouped(taxonomy, day):
        below += [leaf.code for leaf in group if kind in (leaf.klass, leaf.code)]
    return below


def drawn(key: bytes, loop: str, number: str, cycle: int, at: datetime) -> bool | None:
    """Whether the draw falls on a round; None where everybody of the kind is called back."""
    duty = surveys.duty_for(loop, at)
    return sampled(key, number, cycle, duty.share) if duty.by_sample else None


def sign_ins(at: datetime) -> list[tuple[Post, Staff, Unit]]:
    """One person for each post, in the order in which a case meets them."""
    return sorted(
        sign_in_posts(at), key=lambda row: WAY.index(row[0].code) if row[0].code in WAY else len(WAY)
    )
