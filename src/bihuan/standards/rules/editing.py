"""One row of a text changed, added, or retired: the rest of the text, comments too, stays letter for letter. No Django.

A comment between the keys of the row that is changed goes; one between two rows stays.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from bihuan.kernel.words import Words
from bihuan.standards.rules.taxonomy import StandardFault

_TAIL = re.compile(r"(?:\n[ \t]*(?:#[^\n]*)?)*\n?\Z")
_HEAD = re.compile(r"(?m)^(?=\[\[?[a-z_]+\]\]?[ \t]*$)")


def put(file: str, text: str, table: str, row: Mapping[str, object]) -> str:
    """The text with this row in place of the one of the same `code`, or after the last of its table when there is none.

    Keys of the old row that `row` doesn't name stay; a key given as None goes. Raises `StandardFault` where the text is laid out
    so that a row can't be told from the rest (a line like `[[leaf]]` within a text): then it is edited as a whole.
    """
    parts = _HEAD.split(text)
    own = [place for place, part in enumerate(parts) if part.startswith(f"[[{table}]]")]
    place = next((one for one in own if _row(parts[one], table).get("code") == row["code"]), None)
    if place is None:
        after = _neighbour(parts, own, table, row)
        parts[after] = parts[after].rstrip("\n") + "\n\n"
        parts.insert(after + 1, _written(table, row))
    else:
        tail = _TAIL.search(parts[place])
        rest = tail.group() if tail else "\n"
        parts[place] = _written(table, _row(parts[place], table) | dict(row)).rstrip("\n") + (rest or "\n")
    made = "".join(parts)
    if _others(made, table, row) != _others(text, table, row) or _times(made, table, row) != 1:
        raise StandardFault(
            file,
            str(row["code"]),
            Words(
                zh="应为独立的一行；请直接编辑全文",
                en="a row that stands alone; edit the text as a whole",
            ),
        )
    return made


def _neighbour(parts: list[str], own: list[int], table: str, row: Mapping[str, object]) -> int:
    """After which part a new row goes: the last of its class and group, else the last of its table, else the end."""
    if not own:
        return len(parts) - 1
    rows = [(place, _row(parts[place], table)) for place in own]
    for keys in (("class", "group"), ("class",)):
        alike = [place for place, old in rows if all(key in row and old.get(key) == row[key] for key in keys)]
        if alike:
            return alike[-1]
    return own[-1]


def _row(part: str, table: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = tomllib.loads(part)[table][0]
    except tomllib.TOMLDecodeError:
        return {}  # a line within a text that looks like a head; `put` finds out when it compares
    return found


def _others(text: str, table: str, row: Mapping[str, object]) -> object:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        return f"{fault}"
    rows = [one for one in content.get(table, []) if one.get("code") != row["code"]]
    return {**content, table: rows}


def _times(text: str, table: str, row: Mapping[str, object]) -> int:
    return sum(one.get("code") == row["code"] for one in tomllib.loads(text).get(table, []))


def _written(table: str, row: Mapping[str, object]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in row.items() if value is not None]
    return "\n".join((f"[[{table}]]", *lines, ""))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    # A JSON string is a TOML one but for the delete sign, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
