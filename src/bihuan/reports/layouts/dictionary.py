"""The dictionary of all that others may read: views with their columns, indicators with their rules; as Markdown, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from bihuan.reports.rules.dictionary import Declaration, declarations
from bihuan.reports.rules.reading import VIEWS, Column, View

COLUMNS = ("table", "column", "type", "unit", "refers", "meaning_zh", "meaning_en")
TYPES = {
    "bool": "boolean",
    "int": "integer",
    "day": "date",
    "moment": "timestamp with time zone",
    "number": "numeric",
    "text": "text",
}


def draw_csv() -> str:
    """A row for each column; the indicators are the rows of `indicators.csv` in a package, or of `reading.indicators`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for view in VIEWS:
        writer.writerows(_row(view, column).values() for column in view.columns)
    return out.getvalue()


def draw_json(*, zone: str) -> str:
    """Everything in one document. Days are those of `zone`."""
    told = {
        "zone": zone,
        "tables": [
            {
                "name": view.name,
                "meaning_zh": view.title.zh,
                "meaning_en": view.title.en,
                "columns": [
                    {name: value for name, value in _row(view, column).items() if name != "table"}
                    for column in view.columns
                ],
            }
            for view in VIEWS
        ],
        "indicators": [asdict(one) for one in declarations()],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def draw_markdown(*, zone: str) -> str:
    """For people: a chapter for each view, then one for each indicator."""
    told = [
        "# 数据字典 · Data dictionary",
        "",
        f"日期（…_on）按 {zone} 计；时间带时区。 Days (…_on) are those of {zone}; moments carry their zone.",
    ]
    for view in VIEWS:
        told += [
            "",
            f"## `reading.{view.name}` {view.comment}",
            "",
            "| column | type | unit | is |",
            "|---|---|---|---|",
        ]
        told += [_line(column) for column in view.columns]
    told += ["", "## 指标 · Indicators"]
    for one in declarations():
        told += ["", *_indicator(one)]
    return "\n".join(told) + "\n"


def _row(view: View, column: Column) -> dict[str, str]:
    values = (
        view.name,
        column.name,
        TYPES[column.type],
        column.unit,
        column.refers,
        column.title.zh,
        column.title.en,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _line(column: Column) -> str:
    refers = f" → `{column.refers}`" if column.refers else ""
    return f"| `{column.name}` | {TYPES[column.type]} | {column.unit} | {column.title.zh} · {column.title.en}{refers} |"


def _indicator(one: Declaration) -> list[str]:
    counted = f"`reading.{one.counts}` by `{one.counted_on}`" if one.counts else "other figures"
    told = [
        f"### `{one.code}` {one.title_zh} · {one.title_en}",
        "",
        f"{one.rule_zh} {one.rule_en}",
        "",
        f"- {one.source_zh} · {one.source_en}",
        f"- {one.measure}, unit {one.unit}, {one.decimals} decimals, better: {one.direction}, edition {one.edition}; counts {counted}",
        f"- numerator: `{one.numerator}`",
    ]
    return told + ([f"- denominator: `{one.denominator}`"] if one.denominator else [])
