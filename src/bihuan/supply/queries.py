"""Finding a customer and a place."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from bihuan.supply.models import Account


def find(term: str, limit: int = 12) -> QuerySet[Account]:
    """Accounts by number, telephone, meter, name or any part of the address, with customer, place and unit in one query."""
    term = term.strip()
    found = Account.objects.select_related("customer", "premises__unit__bureau").order_by("number")
    if not term:
        return found.none()
    exact = Q(number=term) | Q(customer__phone=term) | Q(meter=term) | Q(customer__number=term)
    like = Q(number__startswith=term) | Q(customer__name__contains=term)
    for part in term.split():
        like |= Q(premises__address__contains=part)
    words = term.split()
    if len(words) > 1:
        every = Q()
        for part in words:
            every &= Q(premises__address__contains=part) | Q(customer__name__contains=part)
        like = every
    return found.filter(exact | like)[:limit]


def account(number: str) -> Account | None:
    """The account of this number with customer, place and unit."""
    return Account.objects.select_related("customer", "premises__unit__bureau").filter(number=number).first()
