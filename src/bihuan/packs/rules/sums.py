"""What breaking a promise costs, in whole hundredths of the currency."""

from __future__ import annotations

import re
from typing import get_args

from bihuan.kernel.promise import CUSTOMER_CLASSES, Certainty, Compensation
from bihuan.kernel.words import Words
from bihuan.packs.rules.table import Table
from bihuan.packs.rules.timing import period

_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST = 10_000_000_000


def compensation(table: Table, certainty: Certainty) -> tuple[Compensation, ...]:
    """The rows of `compensation`; each is as certain as its promise, unless it says otherwise."""
    rows: list[Compensation] = []
    for item in table.tables("compensation"):
        row = _row(item, certainty)
        if any(row.customer_class == other.customer_class for other in rows):
            raise item.fault(
                "class",
                Words(
                    zh="每个客户类别只能出现一次",
                    en="each class once",
                ),
            )
        rows.append(row)
    return tuple(rows)


def _row(item: Table, certainty: Certainty) -> Compensation:
    item.only("class", "currency", "amount", "further", "every", "cap", "automatic", "certainty")
    if not _CURRENCY.fullmatch(item.text("currency")):
        raise item.fault(
            "currency",
            Words(
                zh="应为三个大写字母，如 CNY",
                en="three capital letters, like CNY",
            ),
        )
    amount = item.number("amount", least=0, most=_MOST)
    if ("further" in item.content) is not ("every" in item.content):
        raise item.fault(
            "every" if "further" in item.content else "further",
            Words(
                zh="further 与 every 应同时给出",
                en="further and every together",
            ),
        )
    every = period(item.table("every")) if "every" in item.content else None
    own: Certainty = (
        item.one_of("certainty", get_args(Certainty))  # type: ignore[assignment]
        if "certainty" in item.content
        else certainty
    )
    return Compensation(
        customer_class=item.one_of("class", CUSTOMER_CLASSES) if "class" in item.content else None,
        currency=item.text("currency"),
        amount=amount,
        further=item.number("further", least=1, most=_MOST) if every else 0,
        every=every,
        cap=item.number("cap", least=max(amount, 1), most=_MOST) if "cap" in item.content else None,
        automatic=item.flag("automatic"),
        certainty=own,
    )
