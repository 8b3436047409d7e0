"""What the pages of figures need: a title by its code, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def under(titles: Mapping[str, str], code: str) -> str:
    """The title under a code, or the code itself."""
    return titles.get(code, code)


@register.filter
def thousands(number: int) -> str:
    """With commas between thousands."""
    return f"{number:,}"


@register.filter
def plain(number: Decimal) -> str:
    """Without noughts at the end, with commas between thousands."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
