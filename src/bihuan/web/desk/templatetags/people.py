"""Units, posts and permissions in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language, gettext

from bihuan.people.models import Post

register = template.Library()


@register.filter
def times(count: int) -> range:
    """To repeat a mark so often."""
    return range(count)


@register.filter
def in_order(codes: Iterable[str]) -> list[str]:
    """Permissions by their codes."""
    return sorted(codes)


@register.filter
def unit_kind(code: str) -> str:
    """What kind of unit it is."""
    return {
        "company": gettext("company"),
        "department": gettext("department"),
        "service_centre": gettext("service centre"),
        "bureau": gettext("bureau"),
        "station": gettext("station"),
        "crew": gettext("crew"),
    }.get(code, code)


@register.filter
def wing_word(code: str) -> str:
    """Which side of the company it works on."""
    return {
        "execution": gettext("execution"),
        "support": gettext("support"),
        "supervision": gettext("supervision"),
    }.get(code, code)


@register.filter
def scope_word(code: str) -> str:
    """How far a post reaches."""
    return {
        "own": gettext("its own unit"),
        "subtree": gettext("its unit and all below"),
        "company": gettext("the whole company"),
    }.get(code, code)


@register.filter
def post_name(post: Post) -> str:
    """A post by name."""
    return post.name_en if (get_language() or "").startswith("en") else post.name_zh


@register.filter
def change_word(what: str) -> str:
    """What was done to a unit."""
    return {
        "renamed": gettext("renamed"),
        "moved": gettext("moved"),
        "closed": gettext("closed"),
        "reopened": gettext("opened again"),
    }.get(what, what)


@register.filter
def do_word(what: str) -> str:
    """What may be done to a unit."""
    return {
        "rename": gettext("Rename"),
        "move": gettext("Move"),
        "close": gettext("Close"),
        "reopen": gettext("Open again"),
    }.get(what, what)


@register.filter
def permission_word(code: str) -> str:
    """What a permission allows."""
    return {
        "action.agree": gettext("agree on actions"),
        "action.check": gettext("check agreed actions"),
        "action.do": gettext("carry out agreed actions"),
        "breach.exempt": gettext("decide on exemptions"),
        "breach.pay": gettext("pay compensation"),
        "callback.do": gettext("call customers back"),
        "callback.ledger": gettext("read the callback ledger"),
        "callback.review": gettext("listen as a second"),
        "callback.sample": gettext("draw samples of calls"),
        "case.appeal": gettext("appeal against a decision"),
        "case.correct": gettext("correct entries"),
        "case.dispatch": gettext("dispatch cases"),
        "case.explain": gettext("explain breaches"),
        "case.handle": gettext("handle cases"),
        "case.identity": gettext("look who brought a confidential case"),
        "case.merge": gettext("merge cases"),
        "case.open": gettext("open cases"),
        "case.panel": gettext("decide as a panel"),
        "case.read": gettext("read cases"),
        "case.review": gettext("review answers"),
        "case.supervise": gettext("supervise cases"),
        "case.terminate": gettext("terminate cases"),
        "case.upgrade": gettext("raise the severity"),
        "case.urge": gettext("urge"),
        "case.withdraw": gettext("withdraw cases"),
        "figures.read": gettext("read figures"),
        "finding.explain": gettext("explain findings"),
        "finding.rule": gettext("rule on findings"),
        "outage.manage": gettext("tell outages"),
        "outage.read": gettext("read outages"),
        "people.manage": gettext("manage units"),
        "promise.manage": gettext("publish promises"),
        "promise.read": gettext("read promises"),
        "promise.try": gettext("try drafts of promises"),
        "questionnaire.edit": gettext("edit questionnaires"),
        "report.approve": gettext("approve reports"),
        "report.freeze": gettext("write and freeze reports"),
        "report.read": gettext("read reports"),
        "standards.manage": gettext("edit standards"),
        "target.set": gettext("set targets"),
        "visit.do": gettext("go to the place"),
    }.get(code, code)
