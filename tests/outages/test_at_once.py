"""Two people at the same day of supply: neither writes away what the other lost."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from bihuan.outages.models import Outage, SupplyDay
from bihuan.outages.queries.days import differing_days
from tests.cast import CHONGQING, Cast, gather
from tests.outages.told import fault, serves, tells

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


def test_two_outages_restored_at_once_are_both_counted() -> None:
    cast = gather()
    serves(cast, at="2007-06-12 00:10")
    first = fault(cast, "2007-06-11 08:00", users=3)
    second = fault(cast, "2007-06-11 09:00", users=5)
    written = threading.Event()

    def restores_and_takes_his_time() -> None:
        with transaction.atomic():
            _restored(cast, first)
            written.set()
            time.sleep(0.5)
        connection.close()

    slow = threading.Thread(target=restores_and_takes_his_time)
    slow.start()
    assert written.wait(10)
    _restored(cast, second)
    slow.join(20)

    assert differing_days(zone=CHONGQING) == []
    assert SupplyDay.objects.get(day="2007-06-11").lost == (3 + 5) * 3600


def _restored(cast: Cast, outage: Outage) -> None:
    began = outage.started_at
    assert began is not None
    hour = began.astimezone(CHONGQING).hour + 1
    tells(cast, outage, "restore", f"2007-06-11 {hour:02}:00")
