"""Changes to a pack's text that leave comments, order and everything else as they are. No Django."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

_HEADER = re.compile(r"^[ \t]*(\[\[?)[ \t]*([^\]#]+?)[ \t]*\]\]?[ \t]*(#.*)?$", re.MULTILINE)
_KEY = r"^[ \t]*{key}[ \t]*=[ \t]*"


class CantRewrite(BihuanError):
    """The text is written in a way that a form can't change without touching something else."""

    def __init__(self, key: str) -> None:
        super().__init__(
            Words(
                zh=f"原文中“{key}”的写法无法由表单改写而不动及其他内容；请直接编辑文本。",
                en=f"'{key}' is written so that a form can't change it alone; edit the text itself.",
            ),
            field=key,
        )


def with_limits(text: str, *, place: int, limits: Sequence[tuple[int, str]]) -> str:
    """The text with other limits for its promise number `place` (from 0, in the order of the text), all else untouched.

    `limits` are amount and unit for each row of the promise, in their order; whatever else a row says stays. Raises
    `CantRewrite` unless the new text says exactly the same but for these.
    """
    blocks = [block for name, double, block in _blocks(text) if name == "promise" and double]
    expected = tomllib.loads(text)
    if not 0 <= place < len(blocks):
        raise CantRewrite("promise")
    rows = expected["promise"][place].get("limits", [])
    if len(rows) != len(limits):
        raise CantRewrite("limits")
    for row, (amount, unit) in zip(rows, limits, strict=True):
        row |= {"amount": amount, "unit": unit}
    first, last = _value(text, blocks[place], "limits")
    return _checked(text[:first] + _written(rows) + text[last:], expected, "limits")


def renamed(text: str, *, code: str, title: Words) -> str:
    """The text as another pack's: its own code and title, all else untouched. Raises `CantRewrite` as above."""
    expected = tomllib.loads(text)
    expected["pack"] |= {"code": code, "title": {"zh": title.zh, "en": title.en}}
    told: dict[str, object] = {"code": code, "title": {"zh": title.zh, "en": title.en}}
    for key, value in told.items():
        head = next((block for name, double, block in _blocks(text) if name == "pack" and not double), None)
        if head is None:
            raise CantRewrite("pack")
        first, last = _value(text, head, key)
        text = text[:first] + _told(value) + text[last:]
    return _checked(text, expected, "pack")


def _blocks(text: str) -> Iterator[tuple[str, bool, tuple[int, int]]]:
    """Every table's name, whether it is one of a list, and where its lines stand."""
    heads = list(_HEADER.finditer(text))
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        yield head[2], head[1] == "[[", (head.end(), end)


def _value(text: str, block: tuple[int, int], key: str) -> tuple[int, int]:
    """Where the value of a key of this block stands."""
    found = re.compile(_KEY.format(key=re.escape(key)), re.MULTILINE).search(text, *block)
    if found is None:
        raise CantRewrite(key)
    depth, at = 0, found.end()
    while at < block[1]:
        sign = text[at]
        if sign in "\"'":
            at = _after_string(text, at, key)
            continue
        if sign == "#" or (sign == "\n" and not depth):
            if not depth:
                break
            at = text.find("\n", at) if sign == "#" else at
        depth += (sign in "[{") - (sign in "]}")
        at += 1
        if not depth and sign in "]}":
            break
    return found.end(), found.end() + len(text[found.end() : at].rstrip())


def _after_string(text: str, at: int, key: str) -> int:
    quote = text[at]
    if text.startswith(quote * 3, at):
        raise CantRewrite(key)
    at += 1
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" and quote == '"' else 1
    return at + 1


def _written(rows: Sequence[object]) -> str:
    if len(rows) == 1:
        return f"[{_told(rows[0])}]"
    return "[\n" + "".join(f"  {_told(row)},\n" for row in rows) + "]"


def _told(value: object) -> str:
    """A value as TOML on one line."""
    match value:
        case bool():
            return str(value).lower()
        case int() | date() | time():
            return str(value)
        case str():
            return _quoted(value)
        case list():
            return f"[{', '.join(map(_told, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_told(item)}' for key, item in value.items())} }}"
    raise CantRewrite("limits")


def _quoted(text: str) -> str:
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in body) + '"'


def _checked(text: str, expected: dict[str, Any], key: str) -> str:
    try:
        same = tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise CantRewrite(key)
    return text


def line_of(text: str, key: str) -> int | None:
    """The line on which a fault's key stands, counted from 1; that of its table when the key isn't written there."""
    parts = [re.fullmatch(r"(.+?)(?:\[(\d+)\])?", part) for part in key.split(".")]
    names = [(part[1], int(part[2] or 1)) for part in parts if part]
    if not names:
        return None
    blocks = list(_blocks(text))
    first, number = names[0]
    own = [block for name, _, block in blocks if name == first]
    if number > len(own) or first not in ("pack", "promise", "calendar"):
        found = re.compile(_KEY.format(key=re.escape(first)), re.MULTILINE).search(text)
        heads = [block for name, _, block in blocks if name == first]
        at = found.end() if found else heads[0][0] if heads else None
        return None if at is None else text.count("\n", 0, at) + 1
    start, end = own[number - 1]
    at = start
    for name, place in names[1:]:
        found = re.compile(rf"(?<![\w-]){re.escape(name)}[ \t]*=").search(text, at, end)
        if found is None:
            break
        at = found.end()
        for _ in range(place - 1):
            at = max(at, text.find("},", at, end) + 2)
        if place > 1 or name == "limits":
            at += len(text[at:end]) - len(text[at:end].lstrip(" \t\r\n[,"))
    return text.count("\n", 0, at) + 1
