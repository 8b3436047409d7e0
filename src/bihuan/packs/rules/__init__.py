"""What packs and calendars may say (`reading`, `almanac`), checked key by key, and which edition wins (`choosing`)."""

from bihuan.packs.rules.almanac import calendar_from
from bihuan.packs.rules.choosing import Moments, Pack, choose, is_counted, promises_for
from bihuan.packs.rules.reading import pack_from
from bihuan.packs.rules.table import PackFault, Sheet

__all__ = [
    "Moments",
    "Pack",
    "PackFault",
    "Sheet",
    "calendar_from",
    "choose",
    "is_counted",
    "pack_from",
    "promises_for",
]
