"""What packs and calendars may say (`reading`, `almanac`), checked key by key, and which edition wins (`choosing`).

What differs between two (`comparing`), what is published when (`publishing`), and how a text is changed unspoilt (`wording`).
"""

from bihuan.packs.rules.almanac import calendar_from
from bihuan.packs.rules.choosing import Moments, Pack, choose, is_counted, promises_for
from bihuan.packs.rules.comparing import Article, Cell, Change, Line, compare, count, lines_changed
from bihuan.packs.rules.publishing import LONGEST_AHEAD, Order, Text, in_force, may_begin, with_draft
from bihuan.packs.rules.reading import pack_from
from bihuan.packs.rules.table import PackFault, Sheet
from bihuan.packs.rules.targets import SPANS, Aim, Targets, gathered, number, targets_from
from bihuan.packs.rules.wording import CantRewrite, line_of, renamed, with_limits

__all__ = [
    "LONGEST_AHEAD",
    "SPANS",
    "Aim",
    "Article",
    "CantRewrite",
    "Cell",
    "Change",
    "Line",
    "Moments",
    "Order",
    "Pack",
    "PackFault",
    "Sheet",
    "Targets",
    "Text",
    "calendar_from",
    "choose",
    "compare",
    "count",
    "gathered",
    "in_force",
    "is_counted",
    "line_of",
    "lines_changed",
    "may_begin",
    "number",
    "pack_from",
    "promises_for",
    "renamed",
    "targets_from",
    "with_draft",
    "with_limits",
]
