"""What came out of a trial: promise by promise, now and with the draft, and the cases that would change."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from bihuan.cases import queries as cases
from bihuan.packs.models import Trial
from bihuan.packs.queries import PackUnknown, versions
from bihuan.packs.rules import lines_changed
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("promise.manage", "promise.try")
def trial(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    """How far it is, then its result; only cases that the reader may see are named."""
    found = versions.trial(key)
    if found is None:
        raise Http404
    context: dict[str, object] = {
        "trial": found,
        "pack": found.code,
        "percent": found.counted * 100 // found.total if found.total else 0,
        "lines": _changed(found),
        "manages": visitor.may("promise.manage"),
    }
    if found.result is not None:
        context["rows"] = [
            (row, _decided(row["now"]), _decided(row["draft"]))
            for row in sorted(found.result["rows"], key=lambda row: -(row["better"] + row["worse"]))
        ]
        context["shown"] = _shown(found, visitor)
    return show(request, visitor, "desk/promises/trial.html", context)


def _decided(side: dict[str, int]) -> int:
    return side["kept"] + side["broken"]


def _shown(found: Trial, visitor: Visitor) -> list[dict[str, object]]:
    if not visitor.may("case.read"):
        return []
    listed = found.result["shown"] if found.result else []
    seen = cases.visible(visitor.scope("case.read")).filter(pk__in=[one["case"] for one in listed])
    keys = {str(key) for key in seen.order_by().values_list("pk", flat=True)}
    titles = {(row["loop"], row["promise"]): row for row in (found.result or {}).get("rows", ())}
    return [
        one
        | {name: parse_datetime(one[name]) for name in ("started", "ended", "was_due", "would_due")}
        | {"title": titles[one["loop"], one["promise"]]}
        for one in listed
        if one["case"] in keys
    ]


def _changed(found: Trial) -> object:
    code, _, number = found.based_on.partition("/")
    try:
        before = versions.version(code, int(number)).text
    except PackUnknown:
        return ()
    return lines_changed(before.strip(), found.text.strip())
