"""Words in the reader's language, masked people, icons, and the badge of a clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from bihuan.cases.models import Case
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.steps import BREACH_CAUSE
from bihuan.people.models import Unit
from bihuan.promises.models import Breach, Clock
from bihuan.standards import queries as standards
from bihuan.web.ui import polls
from bihuan.web.ui.clocks import Badge, breach_title, span
from bihuan.web.ui.clocks import badge as badge_of

register = template.Library()

_SHAPES = {
    "check": '<path d="M5 12l5 5l10 -10"/>',
    "x": '<path d="M18 6l-12 12"/><path d="M6 6l12 12"/>',
    "ban": '<circle cx="12" cy="12" r="9"/><path d="M5.7 5.7l12.6 12.6"/>',
    "alert": '<path d="M12 9v4"/><path d="M12 16.5v.01"/><path d="M12 3.5l9.5 16.5h-19z"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M12 16.5v.01"/><path d="M12 13.5a2 2 0 0 0 1 -1.8a2.4 2.4 0 1 0 -3.4 -2.2"/>',
    "pause": '<path d="M9 5v14"/><path d="M15 5v14"/>',
    "moon": '<path d="M12 3a9 9 0 1 0 9 9a7 7 0 0 1 -9 -9"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M3 12h1m8 -9v1m8 8h1m-9 8v1m-6.4 -15.4l.7 .7m12.1 -.7l-.7 .7m0 11.4l.7 .7"/>',
    "menu": '<path d="M4 6h16"/><path d="M4 12h16"/><path d="M4 18h16"/>',
}


@register.filter
def words(value: Words | None) -> str:
    """A text of pure code in the reader's language."""
    return value.in_language(_language()) if value is not None else ""


@register.filter
def unit_name(unit: Unit | None) -> str:
    """A unit's name in the reader's language."""
    return unit.name(_language()) if unit is not None else ""


@register.filter
def short(at: datetime | None) -> str:
    """Month, day, hour and minute in the utility's zone; the year when it isn't this one."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    this_year = local.year == timezone.localtime(timezone.now()).year
    return f"{local:%m-%d %H:%M}" if this_year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def exact(at: datetime | None) -> str:
    """To the second."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


@register.filter
def after(recorded: datetime, at: datetime) -> str:
    """A record time beside the time that it is of: the hour alone on the same day."""
    local = timezone.localtime(recorded)
    return f"{local:%H:%M:%S}" if local.date() == timezone.localtime(at).date() else exact(recorded)


@register.filter
def masked_name(name: str) -> str:
    """The family name and stars."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


@register.filter
def masked_phone(phone: str) -> str:
    """Enough to recognise, too little to ring."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "*" * len(phone)


@register.filter
def loop_title(case: Case) -> str:
    """The name of the case's business kind."""
    return next((words(loop.title) for loop in LOOPS if loop.code == case.loop), case.loop)


@register.filter
def on_agenda(case: Case) -> bool:
    """Whether a meeting agreed it, so that there is no customer."""
    return any(loop.agenda for loop in LOOPS if loop.code == case.loop)


@register.filter
def state_title(case: Case) -> str:
    """The name of the state in which a case is."""
    for loop in LOOPS:
        if loop.code == case.loop:
            state = loop.state(case.state)
            return words(state.title) if state else case.state
    return case.state


@register.filter
def kind_title(case: Case) -> str:
    """How the case's classification reads."""
    return coded(case, "kind", case.kind)


@register.filter
def area_title(case: Case) -> str:
    """How the area class reads."""
    return coded(case, "area", case.area)


@register.filter
def class_title(case: Case) -> str:
    """How the customer class reads."""
    return coded(case, "customer_class", case.customer_class)


@register.filter
def area_word(code: str) -> str:
    """An area class by itself."""
    return words(AREAS.get(code))


@register.filter
def class_word(code: str) -> str:
    """A customer class by itself."""
    return words(CUSTOMER_CLASSES.get(code))


@register.filter
def severity_title(case: Case) -> str:
    """How a complaint's severity reads."""
    return coded(case, "severity", case.severity)


@register.filter
def leaf_title(case: Case) -> str:
    """How the class in detail reads, in the taxonomy of the day on which the case was accepted."""
    for loop in LOOPS:
        if loop.code == case.loop and (fact := loop.opening.fact("leaf")):
            found = standards.leaf(fact.listing, case.leaf, timezone.localtime(case.opened_at).date())
            return words(found.title) if found else case.leaf
    return case.leaf


@register.filter
def promise_of(breach: Breach) -> str:
    """The promise that was broken, by its name in the text that applied."""
    return breach_title(breach)


@register.filter
def late_by(breach: Breach, at: datetime) -> str:
    """How much later than promised it came, or how late it is by now."""
    if breach.lifted:
        return ""
    return span(timedelta(seconds=breach.late_seconds) if breach.decided_by else at - breach.due_at)


@register.filter
def lasted(spent: timedelta) -> str:
    """A span of time as people say it."""
    return span(spent)


@register.filter
def cause_title(breach: Breach) -> str:
    """How the cause of a breach reads."""
    return words(BREACH_CAUSE.title_of(breach.cause)) if breach.cause else ""


@register.filter
def exemption_title(breach: Breach) -> str:
    """Whether the breach was exempted."""
    return {
        "asked": gettext("asked for"),
        "granted": gettext("granted"),
        "refused": gettext("refused"),
    }.get(breach.exemption, "")


@register.filter
def money(amount: int, currency: str = "CNY") -> str:
    """Hundredths of a currency as people write them."""
    return f"{amount // 100:,}.{amount % 100:02d} {currency}".strip()


def coded(case: Case, fact_code: str, value: str) -> str:
    """How a value of the opening step's fact reads."""
    if not value:
        return ""
    for loop in LOOPS:
        if loop.code == case.loop and (fact := loop.opening.fact(fact_code)):
            return words(fact.title_of(value))
    return value


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing that only accompanies a word."""
    shape = mark_safe(_SHAPES[name])  # noqa: S308  our own drawings
    return format_html(
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        shape,
    )


@register.inclusion_tag("ui/clock.html")
def clock(of: Clock, at: datetime, *, closed: bool = False) -> dict[str, object]:
    """The badge of a clock; `closed` leaves the explanation to the case's own page."""
    shown: Badge = badge_of(of, at, explained=not closed)
    return {"badge": shown, "closed": closed}


@register.simple_tag(takes_context=True)
def here(context: template.Context, name: str) -> str:
    """Marks the page that is open in the navigation."""
    request = context.get("request")
    address = reverse(name)
    open_now = request is not None and (
        request.path == address if address == "/" else request.path.startswith(address)
    )
    return mark_safe('aria-current="page"') if open_now else ""


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """The address of this page with some parameters changed; empty ones are left out, and what a poll has seen."""
    query = QueryDict(context["request"].GET.urlencode(), mutable=True)
    query.pop(polls.NAME, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _language() -> str:
    return get_language() or "zh-hans"
