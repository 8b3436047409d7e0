"""A small named cast, created through the doors: two bureaus, a service centre, and one person a post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people import actions as people
from bihuan.people.models import Actor, Membership, Staff, Unit
from bihuan.supply import actions as supply
from bihuan.supply.models import Account

CHONGQING = ZoneInfo("Asia/Shanghai")
FOUNDED = datetime(2007, 1, 1, tzinfo=CHONGQING)
PASSWORD = "tide-lamp-42"


def moment(text: str) -> datetime:
    """`2007-06-05 23:50` in Chongqing."""
    return datetime.fromisoformat(text).replace(tzinfo=CHONGQING).astimezone(UTC)


@dataclass
class Cast:
    """Yang is the bureau that works, Nan the neighbour; KF the service centre."""

    company: Unit
    centre: Unit
    yang: Unit
    nan: Unit
    yang_crew: Unit
    agent: Staff
    caller: Staff
    dispatcher: Staff
    crew: Staff
    handler: Staff
    neighbour: Staff
    inspector: Staff
    editor: Staff
    leader: Staff
    account: Account
    now: datetime = field(default_factory=lambda: moment("2007-06-05 09:00"))

    def later(self, **delta: float) -> datetime:
        """Let time go by."""
        self.now += timedelta(**delta)
        return self.now

    def opens(self, loop: str = "repair", *, at: datetime | None = None, **more: Any) -> Case:
        """The agent takes a call from the premises of Yang."""
        self.now = at or self.now
        facts = {"kind": KINDS.get(loop) or first_kind(loop)}
        if loop_of(loop).opening.fact("area"):
            facts["area"] = "urban"
        facts |= more.pop("facts", {})
        return flow.begin(
            loop=loop,
            by=more.pop("by", self.agent).actor,
            at=self.now,
            recorded_at=more.pop("recorded_at", self.now),
            facts=facts,
            premises=self.account.premises,
            customer=self.account.customer,
            account=self.account,
            **more,
        )

    def takes(self, case: Case, step: str, by: Staff, *, at: datetime | None = None, **more: Any) -> Case:
        """Somebody takes a step, now unless `at` says otherwise."""
        facts = more.pop("facts", {})
        happened = at or self.now
        return flow.take(
            case_id=case.pk,
            step=step,
            by=by.actor,
            at=happened,
            recorded_at=more.pop("recorded_at", max(happened, self.now)),
            facts=facts,
            **more,
        )

    def restores(self, case: Case) -> Case:
        """Yang takes the repair from dispatch to light again, in 40 minutes."""
        self.takes(case, "dispatch", self.agent, at=self.later(minutes=2), facts={"unit": self.yang.code})
        self.takes(
            case, "receive", self.dispatcher, at=self.later(minutes=3), facts={"crew": self.yang_crew.code}
        )
        self.takes(case, "arrive", self.crew, at=self.later(minutes=20))
        return self.takes(case, "restore", self.crew, at=self.later(minutes=15), facts={"cause": "fuse"})

    def answers(self, case: Case) -> Case:
        """Yang contacts the customer and answers, the same day; its leader looks at the answer where the loop asks for it."""
        self.takes(case, "dispatch", self.agent, at=self.later(minutes=10), facts={"unit": self.yang.code})
        self.takes(case, "receive", self.handler, at=self.later(minutes=20))
        self.takes(case, "contact", self.handler, at=self.later(minutes=30))
        answer = {"found": "true"} if case.loop == "tipoff" else {}
        told = self.takes(case, "answer", self.handler, at=self.later(hours=2), facts=answer)
        if loop_of(case.loop).step("review") is None:
            return told
        return self.takes(case, "review", self.leader, at=self.later(minutes=30))

    def confirms(self, case: Case, **more: Any) -> Case:
        """The service centre asks, and the customer is satisfied."""
        facts = {"solved": True, "satisfaction": "satisfied"} | more.pop("facts", {})
        return self.takes(case, "confirm", self.caller, at=self.later(hours=1), facts=facts, **more)


KINDS = {"repair": "lv", "complaint": "service", "situation": "bill"}


def first_kind(loop: str) -> str:
    """The first class that the loop's opening step knows."""
    fact = loop_of(loop).opening.fact("kind")
    assert fact is not None
    return fact.choices[0].code


def gather() -> Cast:
    """Everybody, in a database where the posts are loaded."""
    people.load_posts()
    company = people.create_unit(
        code="CQ", name_zh="重庆公司", name_en="Chongqing", kind="company", wing="support"
    )
    centre = people.create_unit(
        code="KF",
        name_zh="客户服务中心",
        name_en="Service centre",
        kind="service_centre",
        wing="supervision",
        parent=company,
    )
    yang = people.create_unit(
        code="YJP",
        name_zh="杨家坪供电局",
        name_en="Yangjiaping",
        kind="bureau",
        wing="execution",
        parent=company,
    )
    nan = people.create_unit(
        code="NA", name_zh="南岸供电局", name_en="Nan'an", kind="bureau", wing="execution", parent=company
    )
    yang_crew = people.create_unit(
        code="YJP-Q1", name_zh="抢修一班", name_en="Crew 1", kind="crew", wing="execution", parent=yang
    )
    customer = supply.add_customer(number="K1", name="周末", phone="13800000001")
    premises = supply.add_premises(code="P1", address="杨家坪石坪村7号", area="urban", unit=yang)
    return Cast(
        company=company,
        centre=centre,
        yang=yang,
        nan=nan,
        yang_crew=yang_crew,
        agent=somebody("A1", "安宁", "agent", centre),
        caller=somebody("H1", "何欢", "callback", centre),
        dispatcher=somebody("D1", "丁一", "dispatcher", yang),
        crew=somebody("Q1", "秦岭", "crew", yang_crew),
        handler=somebody("C1", "陈诚", "handler", yang),
        neighbour=somebody("N1", "倪好", "dispatcher", nan),
        inspector=somebody("J1", "纪明", "inspector", centre),
        editor=somebody("B1", "白文", "editor", centre),
        leader=somebody("L1", "李冰", "leader", yang),
        account=supply.add_account(number="500100001", customer=customer, premises=premises, meter="M1"),
    )


def somebody(number: str, name: str, post: str, unit: Unit, password: str | None = None) -> Staff:
    """Hire and appoint, from the founding of the company on."""
    person = people.hire(number=number, name=name, password=password)
    people.appoint(actor=person.actor, unit=unit, post=post, starts_at=FOUNDED, recorded_at=FOUNDED)
    return person


def appoint(actor: Actor, unit: Unit, post: str) -> Membership:
    """One more post for somebody."""
    return people.appoint(actor=actor, unit=unit, post=post, starts_at=FOUNDED, recorded_at=FOUNDED)
