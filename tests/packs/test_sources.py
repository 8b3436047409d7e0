"""Every source that a delivered pack or taxonomy cites in English can be read in Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from bihuan.packs.queries.citing import cited

PACKS = Path(settings.BIHUAN_PACKS_DIR)


def _sources(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "source" and isinstance(value, str):
                yield value
            else:
                yield from _sources(value)
    elif isinstance(content, list):
        for value in content:
            yield from _sources(value)


def test_every_source_has_its_chinese() -> None:
    found = {
        source
        for path in PACKS.rglob("*.toml")
        if path.parent.name != "calendars"
        for source in _sources(tomllib.loads(path.read_text("utf-8")))
    }

    assert len(found) > 40
    assert sorted(source for source in found if cited(source, "zh-hans") == source) == []


def test_a_source_nobody_translated_is_shown_as_it_was_written() -> None:
    assert cited("Board decision 7", "zh-hans") == "Board decision 7"
    assert cited("Rules of the 95598 service, 2014", "en") == "Rules of the 95598 service, 2014"
