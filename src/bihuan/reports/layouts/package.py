"""Published figures as a data package: three CSV files and a `datapackage.json` (Frictionless Data Package, Table Schema)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from bihuan.reports.rules.publishing import DICTIONARY, Published
from bihuan.reports.rules.reading import Column, View

LICENCE = "notspecified"
"""The identifier of the Open Definition for data whose publisher hasn't said what others may do with it."""
_TYPES = {
    "bool": "boolean",
    "int": "integer",
    "day": "date",
    "moment": "datetime",
    "number": "number",
    "text": "string",
}
_KEYS = {
    "figures": ["kind", "period", "version", "code", "whole", "unit"],
    "indicators": ["code"],
    "units": ["code"],
}
_MAY_BE_EMPTY = {
    "figures": {"numerator", "denominator", "value", "target"},
    "indicators": {"counts", "counted_on", "numerator", "denominator"},
    "units": {"name_en", "parent", "bureau"},
}
_CONSTRAINTS: dict[tuple[str, str], dict[str, object]] = {
    ("figures", "kind"): {"enum": ["weekly", "monthly", "yearly"]},
    ("figures", "period"): {"pattern": r"\d{4}(-W\d{2}|-\d{2})?"},
    ("figures", "version"): {"minimum": 0},
    ("figures", "edition"): {"minimum": 1},
    ("figures", "denominator"): {"minimum": 0},
    ("figures", "decimals"): {"minimum": 0, "maximum": 6},
    ("figures", "measure"): {"enum": ["percent", "count", "minutes", "ratio", "sum", "index"]},
    ("indicators", "measure"): {"enum": ["percent", "count", "minutes", "ratio", "sum", "index"]},
    ("indicators", "direction"): {"enum": ["higher", "lower", "none"]},
    ("indicators", "unit"): {"enum": ["%", "1", "min", "h", "d"]},
    ("indicators", "edition"): {"minimum": 1},
}


def draw(told: Published, *, licence: str = LICENCE) -> dict[str, str]:
    """The files by name. `licence`: an SPDX or Open Definition identifier."""
    rows: dict[str, Iterable[Mapping[str, object]]] = {
        "figures": told.figures(),
        "indicators": map(asdict, told.indicators),
        "units": map(asdict, told.places),
    }
    files = {f"{view.name}.csv": _csv(view.columns, rows[view.name]) for view in DICTIONARY}
    files["datapackage.json"] = json.dumps(_descriptor(told, files, licence), ensure_ascii=False, indent=1)
    return files


def _csv(columns: tuple[Column, ...], rows: Iterable[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    for row in rows:
        writer.writerow(_said(row[column.name]) for column in columns)
    return out.getvalue()


def _said(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _descriptor(told: Published, files: Mapping[str, str], licence: str) -> dict[str, object]:
    content = told.content
    version = "draft" if told.draft else f"v{told.version}"
    return {
        "profile": "tabular-data-package",
        "name": f"bihuan-{told.name}",
        "title": f"{told.unit} {told.kind} {told.period} {version}",
        "description": (
            "服务质量数字，附指标口径与单位。率均附分子分母；值由二者四舍六入五成双。"
            " Service-quality figures with the declarations of their indicators and the units. A rate is always its two integers;"
            " `value` is rounded half-even from them."
        ),
        "version": f"{told.version}.0.0",
        **({} if told.frozen_at is None else {"created": _moment(told.frozen_at.isoformat())}),
        "licenses": [{"name": licence}],
        "sources": [{"title": f"Bihuan, {told.kind} report {told.period} {version}"}],
        "bihuan": {
            "kind": told.kind,
            "period": told.period,
            "unit": told.unit,
            "version": told.version,
            "draft": told.draft,
            "from": content["from"],
            "to": content["to"],
            "zone": content["zone"],
            "at": content["at"],
            "known": content["known"],
            "seal": content["seal"],
            "digest": told.digest,
            "approved": None if told.approved_at is None else _moment(told.approved_at.isoformat()),
            "left_out": list(told.gone),
            "declared_otherwise_now": list(told.changed),
        },
        "resources": [_resource(view, files[f"{view.name}.csv"]) for view in DICTIONARY],
    }


def _resource(view: View, text: str) -> dict[str, object]:
    data = text.encode()
    schema: dict[str, object] = {
        "fields": [_field(view, column) for column in view.columns],
        "missingValues": [""],
        "primaryKey": _KEYS[view.name],
    }
    keys = [_foreign(view, column) for column in view.columns if column.refers]
    return {
        "profile": "tabular-data-resource",
        "name": view.name,
        "path": f"{view.name}.csv",
        "title": view.comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {**schema, "foreignKeys": keys} if keys else schema,
    }


def _field(view: View, column: Column) -> dict[str, object]:
    constraints = dict(_CONSTRAINTS.get((view.name, column.name), {}))
    if column.name not in _MAY_BE_EMPTY[view.name]:
        constraints["required"] = True
    told: dict[str, object] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": column.title.zh,
        "description": column.title.en,
    }
    if column.unit:
        told["unit"] = column.unit
    if constraints:
        told["constraints"] = constraints
    return told


def _foreign(view: View, column: Column) -> dict[str, object]:
    table, field = column.refers.split(".")
    # The standard writes a table that refers to itself as an empty name.
    return {
        "fields": [column.name],
        "reference": {"resource": "" if table == view.name else table, "fields": [field]},
    }


def _moment(text: str) -> str:
    return text.replace("+00:00", "Z")
