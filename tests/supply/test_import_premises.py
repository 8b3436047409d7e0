"""Customers, places and accounts from a table, one row an account."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bihuan.kernel.table import ImportResult
from bihuan.supply.actions import import_premises
from bihuan.supply.models import Account, Customer, Phone, Premises
from bihuan.supply.queries import numbers_of
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db

ROW = {
    "account": "500300001",
    "code": "P9",
    "address": "杨家坪正街1号",
    "area": "urban",
    "unit": "YJP",
    "customer": "K9",
    "name": "吴限",
    "phone": "023-68000001",
    "class": "lv",
    "meter": "M9",
    "longitude": "106.51",
    "latitude": "29.505",
}


@pytest.fixture(autouse=True)
def cast() -> Cast:
    return gather()


def imported(*rows: dict[str, str], take_good: bool = False, dry_run: bool = False) -> ImportResult:
    return import_premises(rows=list(enumerate(rows, start=2)), take_good=take_good, dry_run=dry_run)


def told(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.field, fault.words.en) for fault in imported(*rows).faults]


def test_a_row_makes_a_customer_a_place_and_an_account() -> None:
    assert imported(ROW).written == 1

    account = Account.objects.get(number="500300001")
    place, customer = account.premises, account.customer
    assert (customer.number, customer.name, customer.phone, customer.customer_class) == (
        "K9",
        "吴限",
        "023-68000001",
        "lv",
    )
    assert (place.code, place.address, place.area, place.unit.code) == ("P9", "杨家坪正街1号", "urban", "YJP")
    assert (place.longitude, place.latitude, account.meter) == (Decimal("106.51"), Decimal("29.505"), "M9")


def test_rows_share_a_customer_and_a_place() -> None:
    assert imported(ROW, ROW | {"account": "500300002", "meter": "M10"}).written == 2

    assert Customer.objects.filter(number="K9").count() == 1
    assert Premises.objects.get(code="P9").accounts.count() == 2


def test_a_later_file_adds_an_account_to_what_is_there() -> None:
    imported(ROW)

    assert imported(ROW | {"account": "500300002"}).written == 1
    assert Premises.objects.get(code="P9").accounts.count() == 2


def test_chinese_words_are_understood() -> None:
    imported(ROW | {"area": "农村", "class": "高压双电源"})

    account = Account.objects.select_related("premises", "customer").get(number="500300001")
    assert (account.premises.area, account.customer.customer_class) == ("rural", "hv-dual")


def test_what_a_row_says_must_agree_with_what_is_known() -> None:
    elsewhere = "stands elsewhere (in the file or the database) with other particulars"
    imported(ROW)

    assert told(ROW | {"account": "1", "name": "吴线"}, ROW | {"account": "2", "address": "别处"}) == [
        (2, "customer", f"“K9” {elsewhere}"),
        (3, "code", f"“P9” {elsewhere}"),
    ]
    assert told(
        ROW | {"account": "1", "customer": "K8"}, ROW | {"account": "2", "customer": "K8", "phone": "10000"}
    ) == [(3, "customer", f"“K8” {elsewhere}")]
    assert Account.objects.filter(premises__code="P9").count() == 1


def test_nothing_is_written_unless_all_is_good_or_one_says_so() -> None:
    rows = (ROW, ROW | {"account": "500300002", "area": "moon"})

    assert imported(*rows).written == 0
    assert not Premises.objects.filter(code="P9").exists()
    assert imported(*rows, take_good=True).written == 1
    assert list(Account.objects.filter(premises__code="P9").values_list("number", flat=True)) == ["500300001"]


def test_a_dry_run_writes_nothing() -> None:
    assert imported(ROW, dry_run=True).good == 1
    assert not Premises.objects.filter(code="P9").exists()


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"account": "500100001"}, "account", "“500100001” is there already"),
        ({"area": "suburb"}, "area", "“suburb” isn't known; it may be urban, rural, remote, metro, hilly"),
        (
            {"class": "vip"},
            "class",
            "“vip” isn't known; it may be resident, non-resident, lv, hv-single, hv-dual",
        ),
        ({"unit": "XX"}, "unit", "“XX” isn't known"),
        ({"phone": "12"}, "phone", "“12”: this is no telephone number"),
        ({"longitude": "181"}, "longitude", "“181” is no number of degrees within ±180"),
        ({"latitude": "29°30′"}, "latitude", "“29°30′” is no number of degrees within ±90"),
        ({"latitude": "NaN"}, "latitude", "“NaN” is no number of degrees within ±90"),
        ({"longitude": "1e99999999"}, "longitude", "“1e99999999” is no number of degrees within ±180"),
        ({"latitude": ""}, "latitude", "longitude and latitude come together"),
        ({"address": ""}, "address", "“address” is empty"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(change: dict[str, str], column: str, sentence: str) -> None:
    assert told(ROW | change) == [(2, column, sentence)]


def test_further_numbers_come_in_the_order_in_which_they_are_tried() -> None:
    imported(ROW | {"other_phones": "13900000001; 023-68000001；13900000002"})
    imported(ROW | {"account": "500300002", "code": "P10", "other_phones": "13900000002;13900000003"})

    customer = Customer.objects.get(number="K9")
    assert [number for number, _ in numbers_of(customer)] == [
        *("023-68000001", "13900000001", "13900000002", "13900000003"),
    ]


def test_further_numbers_that_are_none_are_refused() -> None:
    told = imported(ROW | {"other_phones": "13900000001; call me"})

    assert [fault.field for fault in told.faults] == ["other_phones"]
    assert not Phone.objects.exists()
