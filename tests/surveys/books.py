"""The rules of the callbacks as they lie in the repository, and a way to break them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bihuan.loops.catalogue import LOOPS
from bihuan.surveys.rules.loading import Book, book_from
from bihuan.surveys.rules.sheet import Sheet

FOLDER = Path(__file__).resolve().parents[2] / "packs" / "callbacks"


def house_texts() -> dict[str, str]:
    """The files by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml"))}


def book_of(texts: dict[str, str]) -> Book:
    """The rules that these files make."""
    sheets = [Sheet(name, _read(text)) for name, text in sorted(texts.items())]
    return book_from(sheets, {loop.code: loop for loop in LOOPS})


def house_book() -> Book:
    """The rules of the repository."""
    return book_of(house_texts())


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text)
