"""A faulty pack stops the start with a sentence."""

from __future__ import annotations

from pathlib import Path

from django.test import override_settings

from bihuan.packs.apps import packs_are_sound


def test_the_packs_of_the_house_are_sound() -> None:
    assert packs_are_sound() == []


def test_a_pack_that_is_not_there_is_told() -> None:
    with override_settings(BIHUAN_PACKS=["gondor"]):
        (message,) = packs_are_sound()

    assert message.id == "packs.E001"
    assert "'gondor'" in message.msg


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "pack.toml").write_text("[pack\n", encoding="utf-8")

    with override_settings(BIHUAN_PACKS_DIR=tmp_path, BIHUAN_PACKS=["town"]):
        (message,) = packs_are_sound()

    assert message.msg.startswith("town/pack.toml: expected TOML in UTF-8 (")
