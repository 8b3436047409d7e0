"""Published figures for everybody who asks: approved reports as data packages, and the dictionary that tells every column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.people.models import Staff
from bihuan.reports.layouts import dictionary, package
from bihuan.reports.queries.publishing import approved, of_snapshot
from bihuan.reports.rules import KINDS
from bihuan.reports.rules.dictionary import declarations
from bihuan.reports.rules.publishing import Published
from bihuan.reports.rules.reading import VIEWS
from bihuan.web.ui.visitor import Visitor, allowed, show

P = ParamSpec("P")
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json", "md": "text/markdown; charset=utf-8"}


def _open(
    page: Callable[Concatenate[HttpRequest, Visitor | None, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For everybody where the house says so (BIHUAN_OPEN_DATA); else for who reads reports."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if settings.BIHUAN_OPEN_DATA and not isinstance(request.user, Staff):
            return page(request, None, *args, **kwargs)
        return allowed("report.read")(page)(request, *args, **kwargs)

    update_wrapper(guarded, page)
    return guarded


@require_GET
@_open
def open_data(request: HttpRequest, visitor: Visitor | None) -> HttpResponse:
    """What is published, the newest period first."""
    context: dict[str, object] = {
        "reports": [(one, KINDS[one.kind].title) for one in approved()],
        "public": settings.BIHUAN_OPEN_DATA,
        "licence": settings.BIHUAN_OPEN_LICENCE,
    }
    return _show(request, visitor, "desk/open_data.html", context)


@require_GET
@_open
def open_dictionary(request: HttpRequest, visitor: Visitor | None) -> HttpResponse:
    """Every column and every indicator."""
    context: dict[str, object] = {
        "views": VIEWS,
        "types": dictionary.TYPES,
        "indicators": declarations(),
        "zone": settings.TIME_ZONE,
    }
    return _show(request, visitor, "desk/open_dictionary.html", context)


@require_GET
@_open
def open_dictionary_file(request: HttpRequest, visitor: Visitor | None, ending: str) -> HttpResponse:
    """The dictionary for programs."""
    zone = settings.TIME_ZONE
    drawn = {
        "csv": dictionary.draw_csv(),
        "json": dictionary.draw_json(zone=zone),
        "md": dictionary.draw_markdown(zone=zone),
    }
    return HttpResponse(drawn[ending], content_type=MEDIA[ending])


@require_GET
@_open
def open_file(request: HttpRequest, visitor: Visitor | None, kind: str, name: str, file: str) -> HttpResponse:
    """A file of a report's package, or all of them in one; beside `datapackage.json` lie the tables that it names."""
    kept = next((one for one in approved() if (one.kind, one.period) == (kind, name)), None)
    if kept is None:
        raise Http404
    told = of_snapshot(kept)
    files = package.draw(told, licence=settings.BIHUAN_OPEN_LICENCE)
    if file == "package.zip":
        answer = HttpResponse(_zipped(told, files), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{told.name}.zip"'
        return answer
    if file not in files:
        raise Http404
    answer = HttpResponse(files[file], content_type=MEDIA[file.rsplit(".", 1)[1]])
    answer["Content-Disposition"] = f'inline; filename="{file}"'
    return answer


def _zipped(told: Published, files: dict[str, str]) -> bytes:
    """The same bytes for the same version: the time in it is the report's."""
    moment = told.frozen_at
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(
                f"{told.name}/{name}", moment.timetuple()[:6] if moment else (1980, 1, 1, 0, 0, 0)
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return out.getvalue()


def _show(
    request: HttpRequest, visitor: Visitor | None, template: str, context: dict[str, object]
) -> HttpResponse:
    return show(request, visitor, template, context) if visitor else render(request, template, context)
