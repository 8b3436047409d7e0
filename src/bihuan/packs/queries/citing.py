"""How a source reads in another language: packs keep their sources as their authors wrote them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from django.conf import settings


def cited(source: str, language: str) -> str:
    """The source for a reader of this language; as it was written where nobody has translated it."""
    if language.startswith("en"):
        return source
    return _told(Path(settings.BIHUAN_PACKS_DIR) / "sources.toml").get(source, source)


@lru_cache(maxsize=4)
def _told(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    found: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["sources"]
    return found
