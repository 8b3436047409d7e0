"""Damaged appliances: the customer is paid first, the third party pays back later, nothing is paid twice."""

from __future__ import annotations

import pytest

from bihuan.cases.models import Case, Cycle
from bihuan.cases.queries import money, money_sums, told_money
from bihuan.flow.rules.refusals import NotHere, TooMuch
from bihuan.people.rules import Scope
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db


def assessed(cast: Cast, liable: str = "third_party", due: int = 126_000) -> Case:
    """A stolen neutral burnt a refrigerator: 1,260 yuan."""
    case = cast.opens("damage", facts={"kind": "theft"})
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=10), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.handler, at=cast.later(minutes=20))
    cast.takes(case, "inspect", cast.handler, at=cast.later(hours=5))
    facts = {"responsibility": liable, "due": due}
    return cast.takes(case, "assess", cast.handler, at=cast.later(days=1), facts=facts)


def test_the_customer_is_paid_first_and_the_third_party_later() -> None:
    cast = gather()
    case = assessed(cast)

    cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 126_000})
    cast.confirms(case)
    cast.takes(case, "recover", cast.handler, at=cast.later(days=40), facts={"recovered": 80_000})
    cast.takes(case, "recover", cast.handler, at=cast.later(days=40), facts={"recovered": 46_000})

    money = Cycle.objects.get()
    assert (money.amount_due, money.amount_paid, money.amount_recovered) == (126_000, 126_000, 126_000)
    assert Case.objects.get().state == "closed"


def test_nothing_is_paid_twice() -> None:
    cast = gather()
    case = assessed(cast)
    cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 100_000})

    with pytest.raises(TooMuch, match=r"260\.00 yuan"):
        cast.takes(case, "pay_part", cast.handler, at=cast.later(days=1), facts={"paid": 26_001})
    cast.takes(case, "pay_part", cast.handler, at=cast.later(days=1), facts={"paid": 26_000})
    with pytest.raises(TooMuch, match=r" 0\.00 yuan"):
        cast.takes(case, "pay_part", cast.handler, at=cast.later(days=1), facts={"paid": 1})


def test_the_same_payment_sent_twice_is_paid_once() -> None:
    cast = gather()
    case = assessed(cast)
    cast.later(days=1)
    for _ in range(2):
        cast.takes(case, "pay", cast.handler, facts={"paid": 60_000}, client_id="pay-1")

    assert Cycle.objects.get().amount_paid == 60_000


def test_a_send_back_does_not_open_the_till_again() -> None:
    cast = gather()
    case = assessed(cast)
    cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 126_000})
    cast.takes(case, "send_back", cast.caller, at=cast.later(days=1), facts={"reason": "not_solved"})
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=10), facts={"unit": "YJP"})
    cast.takes(case, "inspect", cast.handler, at=cast.later(hours=1))
    facts = {"responsibility": "third_party", "due": 5_000}
    cast.takes(case, "assess", cast.handler, at=cast.later(hours=1), facts=facts)

    with pytest.raises(TooMuch, match=r" 50\.00 yuan"):
        cast.takes(case, "pay", cast.handler, at=cast.later(hours=1), facts={"paid": 126_000})


def test_no_more_is_recovered_than_was_paid() -> None:
    cast = gather()
    case = assessed(cast)
    cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 126_000})

    with pytest.raises(TooMuch):
        cast.takes(case, "recover", cast.handler, at=cast.later(days=1), facts={"recovered": 126_001})


def test_the_customers_own_damage_is_not_paid() -> None:
    cast = gather()
    case = assessed(cast, liable="customer")

    with pytest.raises(NotHere):
        cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 1})
    told = cast.takes(case, "decline", cast.handler, at=cast.later(days=1), facts={"reason": "customer"})
    assert told.state == "answered"


def test_nothing_is_recovered_where_the_utility_was_responsible() -> None:
    cast = gather()
    case = assessed(cast, liable="utility")
    cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 126_000})

    with pytest.raises(NotHere):
        cast.takes(case, "recover", cast.handler, at=cast.later(days=1), facts={"recovered": 1})


def test_the_page_shows_what_is_still_to_be_recovered_and_how_old_it_is() -> None:
    cast = gather()
    case = assessed(cast)
    cast.takes(case, "pay", cast.handler, at=cast.later(days=1), facts={"paid": 126_000})
    cast.takes(case, "recover", cast.handler, at=cast.later(days=1), facts={"recovered": 26_000})
    seen = Scope(company=True, paths=())

    (row,) = told_money(money(seen, which="unrecovered"))

    assert (row.due, row.paid, row.recovered, row.balance) == (126_000, 126_000, 26_000, 100_000)
    assert money_sums(seen).balance == 100_000
    cast.confirms(case)
    cast.takes(case, "write_off", cast.inspector, at=cast.later(days=200), facts={"reason": "unknown"})
    assert list(money(seen, which="unrecovered")) == []
