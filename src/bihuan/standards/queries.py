"""Taxonomies, case book and rules of severity: as published by an administrator, else as they lie in `BIHUAN_PACKS_DIR`."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from bihuan.kernel.words import Words
from bihuan.standards.models import StandardVersion
from bihuan.standards.rules import (
    CaseBook,
    Grading,
    Index,
    Leaf,
    Near,
    SeverityRule,
    StandardFault,
    Taxonomy,
    TypicalCase,
    casebook_from,
    index_of,
    propose,
    severity_from,
    taxonomy_from,
)

FRESH = 60.0
"""Seconds for which a process needn't look for newly published texts: none takes effect on the day it is published."""

TYPICAL, SEVERITY = "typical", "severity"


def known() -> tuple[str, ...]:
    """The codes of all taxonomies."""
    return _known(_folder())


def load(code: str, on: date) -> Taxonomy:
    """The taxonomy of this code as it holds on this day, checked; raises `StandardFault`."""
    return _taxonomy(code, text_of("taxonomies", code, on))


def leaf(taxonomy: str, code: str, on: date) -> Leaf | None:
    """The leaf of this code on this day; None where the taxonomy, the leaf, or its validity isn't there."""
    return load(taxonomy, on).leaf(code, on) if taxonomy in known() else None


def grouped(taxonomy: str, on: date) -> list[tuple[Words, list[Leaf]]]:
    """The leaves of a taxonomy on this day below their classes; empty where there is none."""
    return load(taxonomy, on).grouped(on) if taxonomy in known() else []


def leaves_under(taxonomy: str, klass: str, on: date) -> list[Leaf]:
    """The leaves of one class on this day, in the order of the tree."""
    return [leaf for _, leaves in grouped(taxonomy, on) for leaf in leaves if leaf.klass == klass]


def path_of(taxonomy: str, code: str, on: date) -> tuple[Words, ...]:
    """Class, group and leaf from the top; empty where the leaf isn't there on this day."""
    found = leaf(taxonomy, code, on)
    return () if found is None else (found.klass_title, found.group, found.title)


def case_book(on: date) -> CaseBook:
    """The typical cases as they stand on this day."""
    return _casebook(text_of("casebook", TYPICAL, on))


def typical(code: str, on: date) -> TypicalCase | None:
    """One typical case of this day."""
    return case_book(on).case(code)


def nearest(text: str, on: date, limit: int = 3) -> list[tuple[TypicalCase, Near]]:
    """The typical cases nearest to what a caller says, best first; empty for a text without a known character."""
    book = case_book(on)
    found = _index(text_of("casebook", TYPICAL, on)).nearest(text, limit)
    return [(case, near) for near in found if (case := book.case(near.code)) is not None]


def severity_rules(on: date) -> tuple[SeverityRule, ...]:
    """From which facts which grade is proposed."""
    return _severity(text_of("casebook", SEVERITY, on))


def grading(facts: Mapping[str, object], on: date) -> Grading:
    """The grade that the facts of a complaint propose, and why."""
    return propose(severity_rules(on), facts)


def text_of(kind: str, code: str, on: date) -> str:
    """The TOML that holds on this day: the newest published, else the file's. Raises `StandardFault` where there is none."""
    for start, text in _published().get((kind, code), ()):
        if start <= on:
            return text
    return _file(kind, code)


def _file(kind: str, code: str) -> str:
    path = _folder() / kind / f"{code}.toml"
    try:
        return _read(path)
    except (OSError, UnicodeDecodeError) as fault:
        raise StandardFault(
            f"{kind}/{code}.toml",
            "",
            Words(
                zh=f"应为 UTF-8 编码的文件（{fault}）",
                en=f"a file in UTF-8 ({fault})",
            ),
        ) from fault


def checked(kind: str, code: str, text: str) -> None:
    """Read a text as it would be read in force; raises `StandardFault` with file, key and what was expected."""
    if kind == "taxonomies":
        _taxonomy(code, text)
    elif code == SEVERITY:
        _severity(text)
    else:
        _casebook(text)


def versions(kind: str, code: str) -> QuerySet[StandardVersion]:
    """What was published of a text, the newest first."""
    return (
        StandardVersion.objects.filter(kind=kind, code=code)
        .select_related("by")
        .order_by("-effective_from", "-id")
    )


def tree_of(code: str, text: str) -> Taxonomy:
    """The taxonomy that a text tells of, in force or not; raises `StandardFault`."""
    return _taxonomy(code, text)


def book_of(text: str) -> CaseBook:
    """The case book that a text tells of, in force or not; raises `StandardFault`."""
    return _casebook(text)


class Newest(NamedTuple):
    """The text that the next edition stands on: which edition it is (0: the file), since when it holds, its words."""

    edition: int
    since: date | None
    text: str


def newest(kind: str, code: str) -> Newest:
    """The newest text, be it in force already or only from a later day on. Asks the database each time."""
    row = versions(kind, code).first()
    if row is None:
        return Newest(0, None, _file(kind, code))
    return Newest(row.pk, row.effective_from, row.text)


class Change(NamedTuple):
    """One edition as far as it touches a row: the row before and after, and the edition that did it."""

    edition: StandardVersion
    before: dict[str, Any]
    after: dict[str, Any]


def changes_of(kind: str, code: str, table: str, row: str) -> list[Change]:
    """What the editions did to one row of a text, the newest first; an edition that left it alone isn't among them."""
    found: list[Change] = []
    text = _file(kind, code)
    for edition in reversed(versions(kind, code)):
        before, after = _row(text, table, row), _row(edition.text, table, row)
        if before != after:
            found.insert(0, Change(edition, before, after))
        text = edition.text
    return found


def _row(text: str, table: str, code: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = tomllib.loads(text).get(table, [])
    return next((row for row in rows if row.get("code") == code), {})


def _published() -> dict[tuple[str, str], list[tuple[date, str]]]:
    now = time.monotonic()
    if _seen and now - _seen[-1][0] < FRESH:
        return _seen[-1][1]
    found: dict[tuple[str, str], list[tuple[date, str]]] = {}
    for row in StandardVersion.objects.order_by("-effective_from", "-id"):
        found.setdefault((row.kind, row.code), []).append((row.effective_from, row.text))
    _seen[:] = [(now, found)]
    return found


_seen: list[tuple[float, dict[tuple[str, str], list[tuple[date, str]]]]] = []


def forget() -> None:
    """Look again at what is published: this process has just published."""
    _seen.clear()


@lru_cache(maxsize=4)
def _known(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (folder / "taxonomies").glob("*.toml")))


@lru_cache(maxsize=64)
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def _taxonomy(code: str, text: str) -> Taxonomy:
    return taxonomy_from(f"taxonomies/{code}.toml", _toml(f"taxonomies/{code}.toml", text))


@lru_cache(maxsize=8)
def _casebook(text: str) -> CaseBook:
    return casebook_from("casebook/typical.toml", _toml("casebook/typical.toml", text))


@lru_cache(maxsize=8)
def _severity(text: str) -> tuple[SeverityRule, ...]:
    return severity_from("casebook/severity.toml", _toml("casebook/severity.toml", text))


@lru_cache(maxsize=4)
def _index(text: str) -> Index:
    told = [(case.code, case.told()) for case in _casebook(text).cases]
    return index_of([*told, *said("said.tsv")])


def said(name: str) -> list[tuple[str, str]]:
    """(case, sentence) of a file of sentences beside the case book."""
    lines = (_folder() / "casebook" / name).read_text(encoding="utf-8").splitlines()
    return [(code, sentence) for code, _, sentence in (line.partition("\t") for line in lines) if sentence]


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise StandardFault(
            name,
            "",
            Words(
                zh=f"应为 TOML（{fault}）",
                en=f"TOML ({fault})",
            ),
        ) from fault


def _folder() -> Path:
    return Path(settings.BIHUAN_PACKS_DIR)
