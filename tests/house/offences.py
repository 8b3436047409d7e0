"""What the house forbids and import contracts can't see: found in a file's syntax tree, given as line numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

CLOCK_CALLS = {"now", "utcnow", "today", "localdate", "localtime"}
ALWAYS_WRITES = {
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "execute",
    "executemany",
    "copy",
}
WRITES_ON_QUERIES = {"create", "update", "delete"}
QUERIES = {"objects", "filter", "exclude", "all", "select_for_update", "order_by"}


def clock_readings(source: str) -> list[int]:
    """Lines that ask what time it is."""
    return [call.lineno for call in _calls(source) if _name(call) in CLOCK_CALLS and _has_no_value(call)]


def database_writes(source: str) -> list[int]:
    """Lines that write to the database: by a model's method, a query, or plain SQL."""
    return [call.lineno for call in _calls(source) if _is_write(call)]


def signal_imports(source: str) -> list[int]:
    """Lines that import Django's signals."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("dispatch", "signals"))
    ]


def lacks_opening_sentence(source: str) -> bool:
    """An empty file needs none; every other says what lives in it."""
    tree = ast.parse(source)
    return bool(tree.body) and not (ast.get_docstring(tree) or "").strip()


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _has_no_value(call: ast.Call) -> bool:
    """`localtime(at)` turns a given moment into a zone; `now(tz)` reads the clock all the same."""
    return _name(call) in {"now", "today", "utcnow"} or not call.args


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    return name in ALWAYS_WRITES or (
        name in WRITES_ON_QUERIES and bool(QUERIES & set(_chain(call.func.value)))
    )


def _chain(node: ast.expr) -> Iterator[str]:
    """The names of `Case.objects.filter(…)`, from right to left."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        else:
            return
