"""Finding a customer and a place."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from bihuan.people.models import Unit
from bihuan.people.rules import Scope
from bihuan.supply.models import Account, Customer, Phone, Premises

LONGEST, MOST_WORDS = 120, 8
"""Of what is typed so much is looked for; each word is two conditions more for the database."""
MOST_BY_NUMBER = 1_000
"""The first digits alone fit half the city: so many accounts are looked at, the lowest numbers first."""

# Each branch uses an index of its own; one condition over three joined tables could use none.
_FOUND = """
    (SELECT id FROM supply_account WHERE number LIKE %s ORDER BY number LIMIT {most})
    UNION
    SELECT id FROM supply_account WHERE meter = %s
    UNION
    SELECT account.id FROM supply_account AS account JOIN supply_customer AS customer ON customer.id = account.customer_id
    WHERE customer.phone = %s OR customer.number = %s OR ({name})
    UNION
    SELECT account.id FROM supply_account AS account JOIN supply_premises AS place ON place.id = account.premises_id
    WHERE place.code = %s OR ({address})
"""
_BOTH = """
    UNION
    SELECT account.id FROM supply_account AS account
    JOIN supply_customer AS customer ON customer.id = account.customer_id
    JOIN supply_premises AS place ON place.id = account.premises_id
    WHERE ({any_name}) AND ({both})
"""


def find(term: str, limit: int = 12, *, seen: Scope | None = None) -> QuerySet[Account]:
    """Accounts by number, telephone, meter, or every word somewhere in the name and the address; exact hits first.

    With customer, place, unit and bureau in one query. `seen` narrows it to the places of some units.
    """
    words = term.replace("\x00", "")[:LONGEST].split()[:MOST_WORDS]
    found = Account.objects.select_related("customer", "premises__unit__bureau")
    if not words:
        return found.none()
    exact = " ".join(words)
    found = found.filter(pk__in=_keys(exact, words))
    if seen is not None and not seen.company:
        found = found.filter(_below(seen.paths))
    ranked = found.annotate(
        rank=Case(
            When(number=exact, then=Value(0)),
            When(customer__phone=exact, then=Value(1)),
            When(customer__name=exact, then=Value(2)),
            default=Value(3),
        )
    )
    return ranked.order_by("rank", "number", "id")[:limit]


_JOINED = {"account": Account, "customer": Customer, "premises": Premises, "unit": Unit, "bureau": Unit}
_FIELDS = {name: [field.attname for field in model._meta.concrete_fields] for name, model in _JOINED.items()}
# By hand: a machine's call begins with it, and the ORM takes longer to write it than PostgreSQL to answer.
_ACCOUNT = f"""
SELECT {", ".join(f"{name}.{field}" for name, fields in _FIELDS.items() for field in fields)}
FROM supply_account AS account
JOIN supply_customer AS customer ON customer.id = account.customer_id
JOIN supply_premises AS premises ON premises.id = account.premises_id
JOIN people_unit AS unit ON unit.id = premises.unit_id
LEFT JOIN people_unit AS bureau ON bureau.id = unit.bureau_id
WHERE account.number = %s
"""


def account(number: str) -> Account | None:
    """The account of this number with customer, place, unit and bureau, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNT, [number])
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter(row)
    told: dict[str, Any] = {
        name: model.from_db(connection.alias, _FIELDS[name], list(islice(values, len(_FIELDS[name]))))
        for name, model in _JOINED.items()
    }
    found: Account = told["account"]
    found.customer, found.premises = told["customer"], told["premises"]
    found.premises.unit = told["unit"]
    found.premises.unit.bureau = told["bureau"] if told["bureau"].pk else None
    return found


def numbers_of(customer: Customer | None) -> list[tuple[str, str]]:
    """A customer's numbers in the order in which they are tried, each with its kind; the first one's kind is empty."""
    if customer is None:
        return []
    further = Phone.objects.filter(customer=customer).order_by("position")
    first = [(customer.phone, "")] if customer.phone else []
    return first + [(phone.number, phone.kind) for phone in further]


def _keys(exact: str, words: list[str]) -> RawSQL:
    parts = [f"%{_escaped(word)}%" for word in words]
    every = " AND ".join
    sql = _FOUND.format(
        most=MOST_BY_NUMBER,
        name=every("customer.name ILIKE %s" for _ in parts),
        address=every("place.address ILIKE %s" for _ in parts),
    )
    params = [f"{_escaped(exact)}%", exact, exact, exact, *parts, exact, *parts]
    if len(words) > 1:
        sql += _BOTH.format(
            any_name=" OR ".join("customer.name ILIKE %s" for _ in parts),
            both=every("(customer.name ILIKE %s OR place.address ILIKE %s)" for _ in parts),
        )
        params += parts + [part for part in parts for _ in range(2)]
    return RawSQL(sql, params)  # noqa: S611  our own text; what was typed is in the parameters


def _escaped(word: str) -> str:
    """What somebody types is no pattern."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _below(paths: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(premises__unit__path__startswith=path)
    return found


def served_by(unit: Unit) -> int:
    """How many places a unit serves."""
    return Premises.objects.filter(unit=unit).count()
