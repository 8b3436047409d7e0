"""docs/howto/import-your-data.md shows maps that are good, and names every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.bridges.eventlog.drafts import OWN_WORDS
from bihuan.bridges.eventlog.map import KEYS, read_map

ROOT = Path(__file__).resolve().parents[2]
HOWTO = (ROOT / "docs/howto/import-your-data.md").read_text("utf-8")
MAPS = re.findall(r"```toml\n(.*?)```", HOWTO, flags=re.DOTALL)


@pytest.mark.parametrize(("number", "shape"), [(0, "case"), (1, "step")])
def test_the_maps_can_be_read(tmp_path: Path, number: int, shape: str) -> None:
    (tmp_path / "map.toml").write_text(MAPS[number], encoding="utf-8")

    assert read_map(tmp_path / "map.toml", zone="Asia/Shanghai").shape == shape


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_named(key: str) -> None:
    assert f"\n| `{key}` |" in HOWTO


def test_classifications_that_keep_their_own_words_are_named() -> None:
    assert "`kind`, `source`, `cause` and `reason`" in HOWTO
    assert OWN_WORDS == ("kind", "source", "cause", "reason")
