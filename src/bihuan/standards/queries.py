"""Taxonomies as they lie in `taxonomies/` of the folder `BIHUAN_PACKS_DIR`, read once."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bihuan.kernel.words import Words
from bihuan.standards.rules import Leaf, Taxonomy, TaxonomyFault, taxonomy_from


def known() -> tuple[str, ...]:
    """The codes of all taxonomies."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def load(code: str) -> Taxonomy:
    """The taxonomy of this code, checked; raises `TaxonomyFault`."""
    return _load(_folder(), code)


def leaf(taxonomy: str, code: str, on: date) -> Leaf | None:
    """The leaf of this code on this day; None where the taxonomy, the leaf, or its validity isn't there."""
    return load(taxonomy).leaf(code, on) if taxonomy in known() else None


def grouped(taxonomy: str, on: date) -> list[tuple[Words, list[Leaf]]]:
    """The leaves of a taxonomy on this day below their classes; empty where there is none."""
    return load(taxonomy).grouped(on) if taxonomy in known() else []


@lru_cache(maxsize=32)
def _load(folder: Path, code: str) -> Taxonomy:
    path = folder / f"{code}.toml"
    name = f"taxonomies/{path.name}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise TaxonomyFault(name, "", f"TOML in UTF-8 ({fault})") from fault
    return taxonomy_from(name, content)


def _folder() -> Path:
    return Path(settings.BIHUAN_PACKS_DIR) / "taxonomies"
